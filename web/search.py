"""Search by words: whether an agreement is what somebody typed, whatever the accents, the case and the language of a name."""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from babel import Locale

from web.wording import side_name

LANGUAGES = ("en", "es", "fr", "pt")
"""The languages whose names of countries a search understands; the ones that articles are read in."""


def fold(text: str) -> str:
    """`text` without case and accents, so that "migracion" finds "Migración"."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def matcher(words: str) -> Callable[[str, Sequence[str], Sequence[str]], bool]:
    """A test for agreements: every one of `words` stands somewhere in the label, a name, or a party's name or code."""
    wanted = fold(words).split()

    def matches(label: str, names: Sequence[str], parties: Sequence[str]) -> bool:
        text = "\n".join((fold(label), *map(fold, names), *map(_party, parties)))
        return all(word in text for word in wanted)

    return matches


@lru_cache(maxsize=4096)
def _party(side: str) -> str:
    named = (Locale(language).territories.get(side, "") for language in LANGUAGES)
    return fold("\n".join((side, side_name(side), *named)))
