"""Which of the four languages a text is written in (py3langid, restricted to what the reader could be handed)."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from extract.document import LANGUAGES

# Neighbours that short texts in our languages are mistaken for, or that are published beside them: told apart, then refused.
OTHERS = ("de", "it", "ca", "gl", "nl", "ro", "ru", "uk", "ar", "zh", "ja", "tr", "fa", "he", "hi", "id", "sw", "pl", "el", "sv")
ENOUGH = 4000     # characters that decide


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([*LANGUAGES, *OTHERS])
    return identifier


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language of `text` (of any language that is told apart), or None for no text."""
    sample = text[:ENOUGH].encode("utf-8", "replace").decode("utf-8")
    if not any(c.isalpha() for c in sample):
        return None
    language: str = _identifier().classify(sample)[0]
    return language
