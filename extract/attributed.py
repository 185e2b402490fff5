"""Every attribution of a text, about agreements or not, with its speaker resolved: what `sayso attributions` prints."""

from collections.abc import Iterator
from dataclasses import dataclass

from extract.actors import find_actors
from extract.attribution import find_attributions
from extract.document import LANGUAGES, Document
from extract.language import detect
from extract.lexicon import lexicon
from extract.segment import sentences
from extract.sides import find_sides
from extract.statement import Span
from extract.story import Story
from extract.voices import Voices


@dataclass(frozen=True, slots=True)
class Attributed:
    """One attribution; spans are code-point offsets into the document's text.

    `source` is None where the sentence names nobody; `speaker` and `side` are None where nobody could be made out.
    """

    group: str
    cue: Span
    source: Span | None
    content: tuple[Span, ...]
    negated: bool
    speaker: str | None
    side: str | None
    why: str | None


def attributions(document: Document) -> Iterator[Attributed]:
    """The attributions of a document in order. Raises ValueError where its language is none of the four."""
    language = document.language if document.language in LANGUAGES else detect(document.text)
    words = lexicon(language) if language else None
    if words is None:
        raise ValueError(f"the text is in {language or 'no language'}; Sayso reads {', '.join(LANGUAGES)}")
    counts: dict[str, int] = {}
    for mention in find_sides(document.text, words.language):
        counts[mention.side] = counts.get(mention.side, 0) + 1
    voices = Voices(document, words, Story(words, "", counts), None)
    for sentence in sentences(document.text):
        mentions = find_sides(sentence.text, words.language)
        actors = find_actors(sentence.text, words, mentions, voices.cast)

        def at(start: int, end: int, base: int = sentence.start) -> Span:
            return Span(base + start, base + end)

        for found in find_attributions(sentence, words, actors):
            who = voices.of(found.source, sentence, mentions)
            if len(who) == 1:
                voices.last, voices.last_paragraph = who[0], sentence.paragraph
            yield Attributed(
                found.group, at(*found.cue), at(found.source.start, found.source.end) if found.source else None,
                tuple(at(*part) for part in found.content), found.negated, who[0].speaker if who else None,
                " + ".join(v.side for v in who) or None, who[0].how if who else None)
