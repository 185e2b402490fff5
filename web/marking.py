"""Marking evidence in an article: spans of code points in, runs of plain and marked text out.

Spans may overlap, touch, or lie outside a text that was read again since; what comes out is always the whole text, once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Mark:
    """One span to mark, and whose it is."""

    start: int
    end: int
    statement_id: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text under the same marks; `first_of` names the statements whose evidence begins here."""

    text: str
    statement_ids: tuple[str, ...]
    first_of: tuple[str, ...]


def paragraphs(text: str, marks: Iterable[Mark]) -> list[list[Run]]:
    """The text's paragraphs, which an empty line parts, each as runs. Offsets are code points into `text`."""
    placed = tuple(marks)
    blocks: list[list[Run]] = []
    start = 0
    for gap in [*_PARAGRAPH_BREAK.finditer(text), None]:
        end = len(text) if gap is None else gap.start()
        if text[start:end].strip():
            blocks.append(runs(text, placed, start, end))
        start = end if gap is None else gap.end()
    return blocks


def runs(text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None) -> list[Run]:
    """The part of `text` from `start` to `end` as runs that together are exactly that part."""
    end = len(text) if end is None else end
    inside = [mark for mark in marks if mark.start < mark.end and mark.start < end and mark.end > start]
    cuts = sorted({start, end, *(cut for mark in inside for cut in (mark.start, mark.end) if start < cut < end)})
    result = []
    for left, right in pairwise(cuts):
        covering = [mark for mark in inside if mark.start <= left and mark.end >= right]
        result.append(Run(
            text=text[left:right],
            statement_ids=tuple(dict.fromkeys(mark.statement_id for mark in covering)),
            first_of=tuple(dict.fromkeys(mark.statement_id for mark in covering if mark.start == left)),
        ))
    return result
