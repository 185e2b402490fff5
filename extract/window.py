"""What the encoder sees of a document: its text in windows of tokens, with the sentences and the mentions marked by token spans.

A mention is whatever may stand for somebody who speaks: a side of the gazetteer, a proper name, a role or an institution,
the publisher. Mentions that stand for the same are one candidate.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from tokenizers import Tokenizer

from extract.actors import ActorType, Cast, find_actors
from extract.document import Document, Kind
from extract.lexicon import Lexicon
from extract.names import find_names, folded
from extract.segment import Sentence
from extract.sides import find_sides

LONGEST = 480          # tokens of one window
HEADER = 90            # tokens of publisher and title at the head of each window
NEAREST = 9            # sentences; a mention farther away than this is far
OVERLAP = 160          # tokens that a window repeats of the one before, for context
MENTION_TYPES = ("name", "demonym", "capital", "seat", "institution", "proper", "role", "office", "publisher")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may speak: a side (`side` is its code), a proper name or a phrase (`side` is None)."""

    key: str
    side: str | None
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A candidate named at characters [start, end) of a part of the document."""

    part: str                 # header, title or text
    start: int
    end: int
    candidate: int
    type: str


@dataclass(slots=True)
class Window:
    """One run of the encoder: token ids, and token spans [start, end) of its sentences and mentions.

    `sentences` pairs the number of a sentence (-1: the title) with its span; `fresh` are the numbers that are decided here.
    """

    ids: list[int]
    sentences: list[tuple[int, int, int]] = field(default_factory=list)
    mentions: list[tuple[int, int, int, int]] = field(default_factory=list)      # candidate, type, start, end
    fresh: set[int] = field(default_factory=set)


def header_of(document: Document) -> str:
    """The words for who publishes: they stand before the title."""
    publisher = document.publisher
    return f"{publisher.name} ({'press office' if publisher.kind is Kind.press_office or publisher.side else 'news'})"


def find_mentions(document: Document, cut: Sequence[Sentence], lexicon: Lexicon) -> tuple[list[Mention], list[Candidate]]:
    """All mentions of a document in its header, title and text, and the candidates they stand for."""
    keys: dict[str, int] = {}
    sides: list[str | None] = []
    forms: list[list[str]] = []

    def candidate(key: str, side: str | None, form: str) -> int:
        """The number of a candidate, which is new or gets one form more."""
        number = keys.setdefault(key, len(keys))
        if number == len(sides):
            sides.append(side)
            forms.append([])
        if form and form not in forms[number]:
            forms[number].append(form)
        return number

    found: list[Mention] = []
    header, publisher = header_of(document), document.publisher
    if publisher.side is not None:
        found.append(Mention("header", 0, len(header), candidate(publisher.side, publisher.side, publisher.name), "publisher"))
    joined = document.title + "\n\n" + document.text          # one text, so that a name in the title and in the text is one name
    shift = len(document.title) + 2
    own = frozenset(folded(publisher.side).split()) if publisher.side and publisher.side.islower() else None

    def place(start: int, end: int, number: int, kind: str) -> None:
        if end <= len(document.title):
            found.append(Mention("title", start, end, number, kind))
        elif start >= shift:
            found.append(Mention("text", start - shift, end - shift, number, kind))

    covered: set[tuple[int, int]] = set()
    for mention in find_sides(joined, lexicon.language):
        covered.add((mention.start, mention.end))
        place(mention.start, mention.end, candidate(mention.side, mention.side, joined[mention.start:mention.end]), mention.how.value)
    for name in find_names(joined, lexicon.language):
        if (name.start, name.end) in covered:
            continue
        words = frozenset(folded(name.text).split())
        if own is not None and (own <= words or words <= own) and publisher.side is not None:
            place(name.start, name.end, candidate(publisher.side, publisher.side, name.text), "proper")
        else:
            place(name.start, name.end, candidate(f"name {name.cluster}", None, name.text), "proper")
        covered.add((name.start, name.end))
    for sentence in cut:
        for actor in find_actors(sentence.text, lexicon, [], Cast(document.published)):
            if actor.type not in {ActorType.role, ActorType.institution} or actor.critic:
                continue
            start = shift + sentence.start + actor.start
            end = start + len(actor.text)
            if (start, end) not in covered:
                place(start, end, candidate(f"phrase {folded(actor.text)}", None, actor.text),
                      "role" if actor.type is ActorType.role else "office")
    return found, [Candidate(key, sides[n], tuple(forms[n])) for key, n in keys.items()]


def windows(document: Document, cut: Sequence[Sentence], mentions: Sequence[Mention], tokens: Tokenizer, ends: tuple[int, int]) -> list[Window]:
    """Cut a document into windows; `ends` are the ids that open and close a text. Every sentence is fresh in exactly one."""
    opening, closing = ends
    head = tokens.encode(header_of(document), add_special_tokens=False)
    title = tokens.encode(document.title, add_special_tokens=False)
    body = tokens.encode(document.text, add_special_tokens=False)
    head_ids, title_ids = head.ids[:HEADER // 3], title.ids[:HEADER - HEADER // 3]
    room = LONGEST - len(head_ids) - len(title_ids) - 4
    spans = _token_spans(body.offsets, [(s.start, s.end) for s in cut])
    spans = [(a, min(b, a + room)) for a, b in spans]
    made: list[Window] = []
    first = 0
    while first < len(cut) or not made:
        back = first
        while back > 0 and spans[first][0] - spans[back - 1][0] <= OVERLAP and spans[first][1] - spans[back - 1][0] <= room:
            back -= 1
        last = first
        while last < len(cut) and spans[last][1] - spans[back][0] <= room:
            last += 1
        window = Window([opening, *head_ids, closing, *title_ids, closing])
        start_head, start_title, start_body = 1, 2 + len(head_ids), len(window.ids)
        low, high = (spans[back][0], spans[last - 1][1]) if last > back else (0, min(room, len(body.ids)))
        window.ids += [*body.ids[low:high], closing]
        if title_ids:
            window.sentences.append((-1, start_title, start_title + len(title_ids)))
        window.sentences += [(n, spans[n][0] - low + start_body, spans[n][1] - low + start_body) for n in range(back, last)
                             if spans[n][1] > spans[n][0]]
        window.fresh = {*range(first, last), *([-1] if not made else [])}
        for part, encoding, start, lo, hi in (("header", head, start_head, 0, len(head_ids)), ("title", title, start_title, 0, len(title_ids)),
                                              ("text", body, start_body, low, high)):
            those = [m for m in mentions if m.part == part]
            for mention, (a, b) in zip(those, _token_spans(encoding.offsets, [(m.start, m.end) for m in those]), strict=True):
                if lo <= a < b <= hi:
                    window.mentions.append((mention.candidate, MENTION_TYPES.index(mention.type), a - lo + start, b - lo + start))
        made.append(window)
        if last <= first:
            break
        first = last
    return made


def _token_spans(offsets: Sequence[tuple[int, int]], wanted: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each character span the tokens [a, b) that cover it: the first that ends after its start up to the last that starts before its end."""
    ends = [b for _, b in offsets]
    starts = [a for a, _ in offsets]
    return [(bisect_right(ends, start), bisect_left(starts, end)) for start, end in wanted]
