"""The reader, in its fixed order: language → candidate paragraphs → actors → attributions → claims → statements.

Most articles end at the candidates: no agreement, no denial, nothing to read. `read` is the one interface; other readers
can stand in for it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extract.document import LANGUAGES, Document
from extract.encoder import MOST, Scores, score
from extract.hints import Trace
from extract.judging import Judged
from extract.language import detect
from extract.lexicon import Lexicon, lexicon
from extract.naming import agreement_names, named_in_title
from extract.reading import Reading
from extract.segment import Sentence, sentences
from extract.sides import find_sides
from extract.speakers import with_persons
from extract.statement import Outcome, Statement, Statements
from extract.story import TOPICS, UNKNOWN_KIND, Story

READER = "model-4"           # stored with each statement; change it when the reader's answers change
SURE = 0.7                   # a statement as sure as this places its speaker for later articles
TOPIC_REACH = 50             # characters around an agreement in which its topic is looked for
MAX_CHARACTERS = 200_000     # an article is never longer; what stands behind is not read


def read(document: Document, *, model: bool = True) -> Statements:
    """The statements of a document, with their reasons. Never raises on any text.

    `model=False` reads by rules alone, for comparison.
    """
    text = document.text[:MAX_CHARACTERS]
    if not text.strip():
        return Statements(Outcome.no_text, document.language)
    language = document.language if document.language in LANGUAGES else detect(text)
    words = lexicon(language) if language else None
    if language is None or words is None:
        return Statements(Outcome.unsupported_language, language)
    if not is_candidate(document.title + "\n" + text, words):
        return Statements(Outcome.no_statements, language)
    reading = _reading(document, text, words, model=model)
    people = reading.people()
    found = tuple(with_persons(_distinct(reading.statements), people, document.publisher.name, words, reading.settled))
    surely = {(s.speaker, s.side) for s in found if s.confidence >= SURE and s.side.isupper()}
    heard = tuple(sorted({(p.name, p.side) for p in people if " " in p.name} & surely))
    return Statements(Outcome.statements if found else Outcome.no_statements, language, found, heard)


def is_candidate(text: str, words: Lexicon) -> bool:
    """Whether a text can hold a statement at all: a word for an agreement or for making one, and a cue or an official voice."""
    return bool(words["agreement"].search(text) or words["sign"].search(text) or words["anaphora"].search(text))


def consider(document: Document) -> Reading | None:
    """The reading of a document with all that was considered, for calibration; None where there is nothing to read."""
    words = lexicon(document.language) if document.language else None
    return _reading(document, document.text[:MAX_CHARACTERS], words, model=True) if words else None


def traces(document: Document, cut: Sequence[Sentence], words: Lexicon) -> dict[int, Trace]:
    """What the rules hear in each sentence of a document that the model may be shown, by number."""
    return _through(document, [s for s in cut if s.end <= MOST], words, None, None, UNKNOWN_KIND).traces


def _reading(document: Document, text: str, words: Lexicon, *, model: bool) -> Reading:
    cut = sentences(text)
    document = replace(document, text=text)
    if not model:
        return _through(document, cut, words, None, None)
    scores = score(document, cut, words, traces(document, cut, words))
    return _through(document, cut, words, scores, Judged(scores, document))


def _through(document: Document, cut: Sequence[Sentence], words: Lexicon, scores: Scores | None, judged: Judged | None,
             topic: str | None = None) -> Reading:
    """Read sentence by sentence, with what the model says where there is something; `topic` where it is not to be looked for."""
    counts: Counter[str] = Counter()
    sure: set[str] = {document.publisher.side} if document.publisher.side else set()
    for part in (document.title, document.text):
        for mention in find_sides(part, words.language):
            if not mention.weak:
                counts[mention.side] += 2 if part is document.title else 1
                sure.add(mention.side)
    if document.publisher.side:
        counts[document.publisher.side] += 1
    for number, side in (judged.own_sides() if judged else {}).items():
        counts[side] += sum(m.candidate == number for m in scores.mentions) if scores else 0
        sure.add(side)
    for number, candidate in enumerate(scores.candidates if scores else ()):       # sides that a person's name alone brings in
        if candidate.side is not None and scores and all(m.type == "proper" for m in scores.mentions if m.candidate == number):
            sure.add(candidate.side)
    story = Story(words, UNKNOWN_KIND, {side: count for side, count in counts.items() if side in sure})
    story.topics = _topics(story, document.title + "\n" + document.text, words)
    story.names = tuple(sorted(agreement_names(named_in_title(document.title) + document.text, words)))
    story.topic = topic or next(iter(story.topics), UNKNOWN_KIND)
    reading = Reading(document, words, story, frozenset(sure), judged, scores.mentions if scores else ())
    for number, sentence in enumerate(cut):
        reading.read(sentence, number)
    reading.read_title()
    return reading


def _topics(story: Story, text: str, words: Lexicon) -> tuple[str, ...]:
    """The kinds of agreement that an article is about: its topic words, those beside its agreements counted three times."""
    beside: list[str] = []
    end = 0
    for match in words["agreement"].finditer(text):      # windows that overlap are one, or a word would count for each
        start = max(end, match.start() - TOPIC_REACH)
        end = max(end, match.end() + TOPIC_REACH)
        beside.append(text[start:end])
    return story.kinds_near(" ".join([*beside, *beside, text]))[:TOPICS]


def _distinct(statements: list[Statement]) -> list[Statement]:
    """One statement for each sentence in which a side makes a claim on an agreement, the surest, in the order of the text.

    A claim that is made again stays: whether it is of the same agreement, or of one of its terms, is not for certain. That a side does
    not comment, or talks, is said once.
    """
    best: dict[tuple[str, int | str, str, int], Statement] = {}
    for statement in statements:
        polar = statement.stance.polarity
        key = (statement.side, polar or statement.stance, statement.agreement.key, statement.evidence.start if polar else 0)
        if key not in best or statement.confidence > best[key].confidence:
            best[key] = statement
    return sorted(best.values(), key=lambda s: (s.evidence.in_title, s.evidence.start, s.agreement.key))
