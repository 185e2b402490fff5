"""The timeline of an agreement: who said what when, as places on a line that a template draws.

Places across are per cent of the width, so that the drawing is as wide as the page allows while its letters keep their
size; places down are pixels. Marks that would cover each other are stacked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from babel.dates import format_datetime

from store.evidence import StatementReading
from web.wording import ENGLISH

TOP = 8                     # px above the first row
LABEL = 24                  # px that a row's name takes
LANE = 17                   # px between marks of a stack
AXIS = 34                   # px below the last row, for the dates
MARGIN = 3.0                # per cent left free at both ends, so that marks are not cut
APART = 4.6                 # per cent two marks must lie apart: a mark's width on the narrowest phone
MAX_LANES = 4               # a stack higher than this says no more
MOST_TICKS = 4

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STEPS = (
    (_HOUR, "HH:mm"), (3 * _HOUR, "HH:mm"), (6 * _HOUR, "d MMM, HH:mm"), (12 * _HOUR, "d MMM, HH:mm"), (_DAY, "d MMM"),
    (2 * _DAY, "d MMM"), (7 * _DAY, "d MMM"), (14 * _DAY, "d MMM"), (30 * _DAY, "d MMM y"), (91 * _DAY, "MMM y"),
    (182 * _DAY, "MMM y"), (365 * _DAY, "y"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """One statement on the line."""

    x: float
    y: int
    statement_id: str
    speaker: str
    stance: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a side's line over which it stood by one stance."""

    x1: float
    x2: float
    stance: str


@dataclass(frozen=True, slots=True)
class Row:
    """One side's line: its marks, and below them the stance it stood by in between."""

    side: str
    label_y: int
    line_y: int
    marks: tuple[Mark, ...]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """One date below."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing: rows from top to bottom, dates below, and its height in pixels."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    axis_y: int
    height: int


def timeline(statements: Sequence[StatementReading], sides: Sequence[str]) -> Timeline | None:
    """The drawing of `statements`, one row a side in the order of `sides`; None where there is nothing to draw."""
    spoken = sorted((statement.evidence for statement in statements), key=lambda evidence: evidence.said_at)
    if not spoken:
        return None
    first, last = spoken[0].said_at, spoken[-1].said_at
    begin, length = first, max(last - first, 12 * _HOUR)

    def place(moment: datetime) -> float:
        return round(MARGIN + (moment - begin) / length * (100 - 2 * MARGIN), 2)

    rows: list[Row] = []
    top = TOP
    for side in dict.fromkeys([*sides, *(evidence.side for evidence in spoken)]):
        lanes: list[float] = []
        placed: list[tuple[float, int, int]] = []
        own = [evidence for evidence in spoken if evidence.side == side]
        for index, evidence in enumerate(own):
            x = place(evidence.said_at)
            lane = next((number for number, end in enumerate(lanes) if x - end >= APART), min(len(lanes), MAX_LANES - 1))
            lanes[lane:lane + 1] = [x]
            placed.append((x, lane, index))
        if not own:
            continue
        line_y = top + LABEL + LANE * len(lanes)
        marks = tuple(Mark(x, line_y - LANE * lane - LANE // 2, own[index].statement_id, own[index].speaker,
                           own[index].stance, own[index].said_at) for x, lane, index in placed)
        rows.append(Row(side, top + 14, line_y, marks, _stretches([(place(one.said_at), one.stance) for one in own])))
        top = line_y + 10
    ticks = tuple(Tick(place(moment), label) for moment, label in _ticks(begin, begin + length))
    return Timeline(tuple(rows), ticks, axis_y=top, height=top + AXIS)


def _stretches(said: Sequence[tuple[float, str]]) -> tuple[Stretch, ...]:
    """What a side stood by from each word to the next and to the end; a no comment changes nothing."""
    telling = [pair for pair in said if pair[1] != "no_comment"]
    ends = [*(x for x, _ in telling[1:]), 100.0]
    return tuple(Stretch(x, end, stance) for (x, stance), end in zip(telling, ends, strict=False) if end > x)


def _ticks(begin: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """At most `MOST_TICKS` round moments from `begin` to `end`, on steps counted from midnight UTC."""
    step, pattern = next((pair for pair in _STEPS if (end - begin) / pair[0] <= MOST_TICKS), _STEPS[-1])
    while (end - begin) / step > MOST_TICKS:
        step *= 2
    moment = _EPOCH + step * -(-(begin - _EPOCH) // step)
    found = []
    while moment <= end:
        found.append((moment, str(format_datetime(moment, pattern, locale=ENGLISH))))
        moment += step
    return found
