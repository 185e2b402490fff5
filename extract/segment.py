"""Paragraphs, sentences, quotations: where things stand in a text, in code-point offsets.

Sentences are cut by punctuation and abbreviations alone, the same way in every language, because one of the four
languages has no parser and because quotations ("…," he said. "…") decide here more than grammar does.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice

LONGEST = 1500     # characters; what runs on for longer is no sentence (a table, a page without punctuation) and is cut at a space

# A full stop after one of these ends no sentence. Folded to lower case, without the final stop.
ABBREVIATIONS = frozenset((
    "mr mrs ms dr prof gen sen rep gov lt col sgt capt st no vs inc ltd corp co jr sr hon rev adm cmdr maj u.s u.k u.n e.g i.e a.m p.m "
    "ee uu ee.uu sra srta dra lic ing art núm num av pág d.c s.a mme mlle m mm me v cf etc "
    "jan feb aug sept oct nov dec exmo exma"
).split())
_END = re.compile(r"(?:[.!?…]+[\"”»’')\]]*)(?=\s)|\n+")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_OPENS = {"“": "”", "«": "»", '"': '"', "„": "”"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: offsets into the text, its paragraph's number, and the quotations that run through it."""

    start: int
    end: int
    paragraph: int
    text: str
    quotes: tuple[tuple[int, int], ...] = ()   # offsets into the whole text, without the marks

    def quoted(self, start: int, end: int) -> bool:
        """Whether the middle of [start, end) stands inside a quotation."""
        middle = (start + end) // 2
        return any(a <= middle < b for a, b in self.quotes)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Offsets of the paragraphs of `text`: runs of lines separated by an empty line."""
    return [(m.start(), m.end()) for m in _PARAGRAPH.finditer(text)]


def quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of what stands between quotation marks in text[start:end]; one left open runs to the end."""
    found, opened, closer = [], -1, ""
    for at in range(start, end):
        char = text[at]
        if opened < 0 and char in _OPENS:
            opened, closer = at + 1, _OPENS[char]
        elif opened >= 0 and char == closer:
            found.append((opened, at))
            opened = -1
    if opened >= 0:
        found.append((opened, end))
    return found


def sentences(text: str) -> list[Sentence]:
    """Cut `text` into sentences, in order; none crosses a paragraph."""
    found: list[Sentence] = []
    for number, (start, end) in enumerate(paragraphs(text)):
        quotes = tuple(quotations(text, start, end))
        at = start
        for match in _END.finditer(text, start, end):
            if not _ends_sentence(text, match, end):
                continue
            _add(found, text, at, match.end(), number, quotes)
            at = match.end()
        _add(found, text, at, end, number, quotes)
    return found


def _ends_sentence(text: str, match: re.Match[str], end: int) -> bool:
    mark = match.group()
    if mark.startswith("\n"):
        return True
    following = text[match.end():end].lstrip()
    if not following:
        return True
    if following[0].islower():
        return False
    if mark.startswith("."):
        word = re.search(r"[\w.]*$", text[max(0, match.start() - 12):match.start()])
        last = word.group().lower() if word else ""
        if last in ABBREVIATIONS or (len(last) == 1 and last.isalpha()):
            return following[0] in "“«\"¿¡" or (last in {"u.s", "a.m", "p.m"} and bool(re.match(r"(?:The|In|On|It|He|She|But)\b", following)))
    return True


def _add(found: list[Sentence], text: str, start: int, end: int, paragraph: int, quotes: tuple[tuple[int, int], ...]) -> None:
    """Add text[start:end] without the space around it, in pieces where it is longer than any sentence is."""
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        stop = end
        if end - start > LONGEST:
            blank = text.rfind(" ", start + 1, start + LONGEST)
            stop = blank if blank > start else start + LONGEST
        last = stop
        while last > start and text[last - 1].isspace():
            last -= 1
        if start < last:
            first = bisect_right(quotes, (start, -1)) - 1
            inside = []
            for a, b in islice(quotes, max(0, first), None):
                if a >= last:
                    break
                if b > start:
                    inside.append((max(a, start), min(b, last)))
            found.append(Sentence(start, last, paragraph, text[start:last], tuple(inside)))
        start = stop
