"""Positions: where each side stands on an agreement, and the turns that led there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ledger.independence import Telling, independent
from store.evidence import StatementReading
from store.readings import Standing

ORDER = ("confirms", "negotiating", "withdraws", "no_comment", "rejects", "denies")
"""How stances are set side by side, from yes to no."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which a side said the same."""

    stance: str
    first_at: datetime
    last_at: datetime
    statements: int
    statement_id: str           # the first of the stretch


@dataclass(frozen=True, slots=True)
class Position:
    """A side's present stance (None: nothing was heard of it) and its turns, the first one first."""

    side: str
    standing: Standing | None
    turns: tuple[Turn, ...]
    sources: int                # how many sources carry its words of their own, copies of a wire's text folded
    copies: int                 # how many more carry a copy
    official: int               # how many of its statements are its own press office's


def positions(parties: Sequence[str], standings: Sequence[Standing],
              statements: Sequence[StatementReading] = ()) -> tuple[Position, ...]:
    """The position of every party and of every other side that spoke, from yes to no; the unheard come last.

    `statements` may be in any order. A no comment beside words that say something is no turn: it takes nothing back.
    """
    held = {standing.side: standing for standing in standings}
    found = []
    for side in dict.fromkeys([*parties, *held]):
        own = sorted((statement for statement in statements if statement.evidence.side == side),
                     key=lambda statement: (statement.evidence.said_at, statement.evidence.article_id, statement.start))
        telling = [statement.evidence for statement in own if statement.evidence.stance != "no_comment"]
        turns = []
        for stance, group in groupby(telling or [statement.evidence for statement in own], key=lambda evidence: evidence.stance):
            stretch = list(group)
            turns.append(Turn(stance, stretch[0].said_at, stretch[-1].said_at, len(stretch), stretch[0].statement_id))
        alone = independent(Telling(e.article_id, e.source, e.fingerprint, e.said_at) for e in (statement.evidence for statement in own))
        found.append(Position(
            side=side, standing=held.get(side), turns=tuple(turns),
            sources=len(alone), copies=len({statement.evidence.source for statement in own} - set(alone)),
            official=sum(statement.evidence.official for statement in own),
        ))
    return tuple(sorted(found, key=_rank))


def _rank(position: Position) -> tuple[int, str]:
    stance = position.standing.stance if position.standing else None
    return (ORDER.index(stance) if stance in ORDER else len(ORDER), position.side)
