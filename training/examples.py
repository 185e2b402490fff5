"""Labelled texts as the network learns them: windows, and for each sentence which candidates say what."""

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from extract.document import Document, Kind, Publisher
from extract.encoder import STANCES, Floats
from extract.hints import hints_of
from extract.lexicon import lexicon
from extract.names import folded
from extract.pipeline import traces
from extract.segment import sentences
from extract.sides import side_name
from extract.statement import Stance
from extract.window import Candidate, Window, find_mentions, windows
from extract.worth import worth_showing

TEXTS = Path(__file__).parent.parent / "extract" / "training"
HELD_OUT = 12             # one whole article in so many is kept from training, to calibrate on
_WHOLE = re.compile(r"-(?:article|sober|whose|plain|news)")
_BODY = re.compile(r"minist|gov|gobier|office|depart|pr[ée]sid|secret|canciller|council|union|comis|commis|company|embass|itamaraty|"
                   r"agenc|delega|conse", re.IGNORECASE)
_OUTLETS = {"en": "The Daily Wire", "es": "Agencia Diario", "fr": "Agence Presse", "pt": "Agência Jornal"}
_IDLE = frozenset("of the and for de del la las los el y e para por du des le les et pour do da dos das no na al en said mr mrs "
                  "minister ministry ministro ministre government gobierno governo gouvernement".split())


@dataclass(slots=True)
class Example:
    """One window of a labelled text.

    `says` holds (sentence, stance, candidates of the side), `speaks` (sentence, candidates that may be the speaker); sentences
    are numbers, -1 the title. `titled` is false where nobody labelled the title; `hints` is what the rules hear.
    """

    id: str
    window: Window
    says: list[tuple[int, int, tuple[int, ...]]]
    speaks: list[tuple[int, tuple[int, ...]]]
    titled: bool
    hints: Floats


def texts(folder: Path = TEXTS) -> Iterator[dict[str, Any]]:
    """The labelled texts, in the order of their files."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def whole(identifier: str) -> bool:
    """Whether a text is a whole article and no single paragraph."""
    return _WHOLE.search(identifier) is not None


def held_out(identifier: str) -> bool:
    """Whether a text is kept from training."""
    return whole(identifier) and zlib.crc32(identifier.encode()) % HELD_OUT == 0


def document_of(text: dict[str, Any]) -> Document:
    """A labelled text as the reader is given it."""
    issuer, name = text.get("issuer"), text.get("source")
    if not name and issuer:
        own = [s["speaker"] for s in text["statements"] if s["side"] == issuer and _BODY.search(s["speaker"])]
        name = own[0] if own else side_name(issuer, text["language"])
    publisher = Publisher(name or _OUTLETS[text["language"]], Kind.press_office if issuer else Kind.outlet, issuer)
    return Document(text.get("title") or "", text["text"], text["language"], None, publisher)


def examples(text: dict[str, Any], tokens: Tokenizer, ends: tuple[int, int], *, every: bool = True) -> list[Example]:
    """The examples of one labelled text: of `every` sentence, or of those that the reader shows its model.

    Raises KeyError for a language without a lexicon, ValueError for an unknown stance.
    """
    document, words = document_of(text), lexicon(text["language"])
    if words is None:
        raise KeyError(text["language"])
    cut = sentences(document.text)
    mentions, candidates = find_mentions(document, cut, words)
    says, speaks = [], []
    for statement in text["statements"]:
        pieces = [statement["evidence"], *statement.get("also", [])]
        rows = {n for piece in pieces if (at := document.text.find(piece)) >= 0
                for n, s in enumerate(cut) if s.start < at + len(piece) and at < s.end}
        rows |= {-1 for piece in pieces if piece in document.title}
        forms = (text.get("forms") or {}).get(statement["side"], ())
        who = tuple(n for n, c in enumerate(candidates) if is_side(c, statement["side"], forms))
        speaker = tuple(n for n, c in enumerate(candidates) if is_speaker(c, statement["speaker"]))
        stance = STANCES.index(Stance(statement["stance"]))
        says += [(row, stance, who) for row in sorted(rows)]
        speaks += [(row, speaker) for row in sorted(rows)]
    titled = whole(text["id"]) or text.get("genre") == "headline"
    heard = traces(document, cut, words)
    shown = None if every else worth_showing(cut, words)
    return [Example(text["id"], window, says, speaks, titled, hints_of(window, mentions, candidates, heard))
            for window in windows(document, cut, mentions, tokens, ends, shown)]


def is_side(candidate: Candidate, side: str, forms: Sequence[str]) -> bool:
    """Whether a candidate is the side of a label: the same code, or a name whose words are those of the slug or of one of its forms."""
    if candidate.side is not None or not side.islower() or not candidate.key.startswith("name "):
        return candidate.side == side
    known = {folded(form) for form in forms}
    slug = folded(side)
    wanted = set(slug.split()) - _IDLE
    for form in map(folded, candidate.forms):
        words = _content(form)
        if form in known or form in {slug, slug.replace(" ", "")} or (wanted and wanted <= words) or (words and len(form) > 3 and words <= wanted):
            return True
    return False


def is_speaker(candidate: Candidate, speaker: str) -> bool:
    """Whether a candidate may be the speaker of a label: the same name, a part of it, or most of its words."""
    wanted = _content(speaker)
    for form in candidate.forms:
        words = _content(form)
        if words == wanted and (words or folded(form) == folded(speaker)):
            return True
        if words and candidate.key.startswith("name ") and (words <= wanted or wanted <= words):
            return True
        if words and candidate.key.startswith("phrase ") and len(words & wanted) >= max(1.0, 0.6 * len(wanted)):
            return True
    return False


def _content(name: str) -> set[str]:
    return {w for w in folded(name).split() if w not in _IDLE and len(w) > 1}
