"""What the encoder sees of a document: its text in windows of tokens, with the sentences and the mentions marked by token spans.

A mention is whatever may stand for somebody who speaks: a side of the gazetteer, a proper name, a role or an institution,
the publisher. Mentions that stand for the same are one candidate.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from tokenizers import Tokenizer

from extract.actors import ActorType, Cast, find_actors
from extract.document import Document, Kind
from extract.lexicon import Lexicon
from extract.names import GENERIC, find_names, folded
from extract.people import side_of_person
from extract.segment import Sentence
from extract.sides import find_sides, side_name

LONGEST = 480          # tokens of one window
HEADER = 90            # tokens of publisher and title at the head of each window
NEAREST = 9            # sentences; a mention farther away than this is far
TITLE = -1             # the number of the title among the sentences
OVERLAP = 100          # tokens that a window repeats of the one before, for context
BRACKETED = 100        # how much oftener a short form in brackets counts as used
MENTION_TYPES = ("name", "demonym", "capital", "seat", "institution", "proper", "role", "office", "publisher")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may speak: a side (`side` is its code), a proper name or a phrase (`side` is None).

    `usual` is the form that other articles will use too: the short form given in brackets, else the most frequent.
    """

    key: str
    side: str | None
    forms: tuple[str, ...]
    usual: str = ""


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

    `sentences` pairs the number of a sentence (-1: the title) with its span; `fresh` are the numbers that are decided here;
    `spots` are the numbers of the mentions among the document's.
    """

    ids: list[int]
    sentences: list[tuple[int, int, int]] = field(default_factory=list)
    mentions: list[tuple[int, int, int, int]] = field(default_factory=list)      # candidate, type, start, end
    spots: list[int] = field(default_factory=list)
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
    counts: list[Counter[str]] = []

    def candidate(key: str, side: str | None, form: str) -> int:
        """The number of a candidate, which is new or gets one form more."""
        number = keys.setdefault(key, len(keys))
        if number == len(sides):
            sides.append(side)
            forms.append([])
            counts.append(Counter())
        if form and form not in forms[number]:
            forms[number].append(form)
        counts[number][form] += BRACKETED if form and f"({form})" in joined else 1
        return number

    found: list[Mention] = []
    header, publisher = header_of(document), document.publisher
    joined = document.title + "\n\n" + document.text          # one text, so that a name in the title and in the text is one name
    if publisher.side is not None:
        found.append(Mention("header", 0, len(header), candidate(publisher.side, publisher.side, publisher.name), "publisher"))
    shift = len(document.title) + 2
    own = [frozenset(folded(form).split()) for form in (publisher.side, publisher.name)] if publisher.side and publisher.side.islower() else []

    def place(start: int, end: int, number: int, kind: str) -> None:
        if end <= len(document.title):
            found.append(Mention("title", start, end, number, kind))
        elif start >= shift:
            found.append(Mention("text", start - shift, end - shift, number, kind))

    covered: set[tuple[int, int]] = set()
    through: set[str] = set()                                 # sides that only a person's name brings in
    for mention in find_sides(joined, lexicon.language):
        covered.add((mention.start, mention.end))
        place(mention.start, mention.end, candidate(mention.side, mention.side, joined[mention.start:mention.end]), mention.how.value)
    for name in find_names(joined, lexicon.language, sorted(covered)):
        if (name.start, name.end) in covered:
            continue
        words = frozenset(folded(name.text).split())
        if publisher.side is not None and any(each <= words or words <= each for each in own):
            place(name.start, name.end, candidate(publisher.side, publisher.side, name.text), "proper")
        else:
            place(name.start, name.end, candidate(f"name {name.cluster}", None, name.text), "proper")
            side = side_of_person(name.text, document) if " " in name.text else None
            if side is not None and (side not in keys or side in through):
                through.add(side)      # "President Gustavo Petro announced", in an article that never says of what country
                place(name.start, name.end, candidate(side, side, side_name(side, lexicon.language)), "proper")
        covered.add((name.start, name.end))
    for sentence in cut:
        for actor in find_actors(sentence.text, lexicon, [], Cast(document)):
            if actor.type not in {ActorType.role, ActorType.institution} or actor.critic:
                continue
            end = (start := shift + sentence.start + actor.start) + len(actor.text)
            if (start, end) not in covered:
                place(start, end, candidate(f"phrase {folded(actor.text)}", None, actor.text),
                      "role" if actor.type is ActorType.role else "office")
    usual = [max(those, key=lambda form: (folded(form) not in GENERIC, counts[n][form]), default="") for n, those in enumerate(forms)]
    return found, [Candidate(key, sides[n], tuple(forms[n]), usual[n]) for key, n in keys.items()]


def windows(document: Document, cut: Sequence[Sentence], mentions: Sequence[Mention], tokens: Tokenizer, ends: tuple[int, int],
            shown: Set[int] | None = None) -> list[Window]:
    """Cut a document into windows; `ends` are the ids that open and close a text, `shown` the sentences that are read (None: all).

    Every sentence that is shown is fresh in exactly one window, the title in the first; the sentences before it are its context.
    """
    head = tokens.encode(header_of(document), add_special_tokens=False)
    title = tokens.encode(document.title, add_special_tokens=False)
    body = tokens.encode(document.text, add_special_tokens=False)
    head_ids, title_ids = head.ids[:HEADER // 3], title.ids[:HEADER - HEADER // 3]
    room = LONGEST - len(head_ids) - len(title_ids) - 4
    every = _token_spans(body.offsets, [(s.start, s.end) for s in cut])
    # A sentence, and before it what parts it from the one before (the piece that stands for a new paragraph).
    spans = {n: (every[n - 1][1] if n else a, a, min(b, a + room - 1)) for n, (a, b) in enumerate(every) if (shown is None or n in shown) and b > a}
    mentioned = {part: _token_spans(encoding.offsets, [(m.start, m.end) for m in mentions if m.part == part])
                 for part, encoding in (("header", head), ("title", title), ("text", body))}
    made: list[Window] = []
    for fresh, context in _filled([(n, min(b - gap, room)) for n, (gap, _, b) in spans.items()], room) or [([], [])]:
        window = Window([ends[0], *head_ids, ends[1], *title_ids, ends[1]])
        starts = {"header": 1, "title": 2 + len(head_ids)}
        places = {"header": dict(enumerate(range(1, 1 + len(head_ids)))),
                  "title": dict(enumerate(range(starts["title"], starts["title"] + len(title_ids)))), "text": {}}
        if title_ids:
            window.sentences.append((TITLE, starts["title"], starts["title"] + len(title_ids)))
        for number in [*context, *fresh]:
            gap, low, high = spans[number]
            gap = low if not places["text"] else max(gap, high - room)
            start = len(window.ids) + low - gap
            window.sentences.append((number, start, start + high - low))
            places["text"].update(zip(range(low, high), range(start, start + high - low), strict=True))
            window.ids += body.ids[gap:high]
        window.ids.append(ends[1])
        window.fresh = {*fresh, *([TITLE] if not made else [])}
        for part, place in places.items():
            those = [(n, m) for n, m in enumerate(mentions) if m.part == part]
            for (spot, mention), (a, b) in zip(those, mentioned[part], strict=True):
                if a < b and a in place and place.get(b - 1) == place[a] + b - 1 - a:
                    window.mentions.append((mention.candidate, MENTION_TYPES.index(mention.type), place[a], place[a] + b - a))
                    window.spots.append(spot)
        made.append(window)
    return made


def _filled(lengths: Sequence[tuple[int, int]], room: int) -> list[tuple[list[int], list[int]]]:
    """Sentences, given by number and tokens, in runs that fit: the fresh ones of each, and those before them that fit for context."""
    runs: list[tuple[list[int], list[int]]] = []
    at = 0
    while at < len(lengths):
        back, taken = at, 0
        while back > 0 and taken + lengths[back - 1][1] <= OVERLAP and taken + lengths[back - 1][1] + lengths[at][1] <= room:
            back -= 1
            taken += lengths[back][1]
        end = at
        while end < len(lengths) and taken + lengths[end][1] <= room:
            taken += lengths[end][1]
            end += 1
        runs.append(([n for n, _ in lengths[at:end]], [n for n, _ in lengths[back:at]]))
        at = end
    return runs


def _token_spans(offsets: Sequence[tuple[int, int]], wanted: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each character span the tokens [a, b) that cover it: the first that ends after its start up to the last that starts before its end."""
    ends = [b for _, b in offsets]
    starts = [a for a, _ in offsets]
    return [(bisect_right(ends, start), bisect_left(starts, end)) for start, end in wanted]
