"""Statements and findings as analysts read them: each sentence with its article, its source and the way it was understood."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from ledger.finding import Evidence, Finding
from store.agreements import Agreement
from store.findings import Contradiction, Reversal, evidence_of, holding_still, shown
from store.readings import Slice
from store.statements import StatementRow


@dataclass(frozen=True, slots=True)
class StatementReading:
    """One statement: its evidence, the agreement it was put to, and why it was read so."""

    evidence: Evidence
    agreement_id: str | None
    label: str | None                # the agreement's, where it has one
    start: int                       # code-point offsets into the article's text, or into its title
    end: int
    in_title: bool
    stage: str | None
    reasons: tuple[str, ...]
    identity_reason: str | None


@dataclass(frozen=True, slots=True)
class FindingReading:
    """A finding and what became of it."""

    finding: Finding
    updated_at: datetime
    closed_at: datetime | None
    closed_reason: str | None = None      # a side came round, or it no longer holds


def statements(session: Session, *, side: str | None = None, stance: str | None = None, agreement: str | None = None,
               article: str | None = None, since: datetime | None = None, offset: int = 0,
               limit: int = 50) -> Slice[StatementReading]:
    """Statements, the last said first; within an article in its order. Every argument that is given narrows the answer."""
    row = StatementRow
    given: list[tuple[Any, object]] = [
        (row.side, side), (row.stance, stance), (row.agreement_id, agreement), (row.article_id, article),
    ]
    conditions: list[ColumnElement[bool]] = [col(column) == value for column, value in given if value is not None]
    if since is not None:
        conditions.append(col(row.said_at) >= since)
    order = (col(row.said_at).desc(), col(row.article_id), col(row.position), col(row.id))
    keys = session.exec(select(row.id).where(*conditions).order_by(*order).offset(offset).limit(limit + 1)).all()
    found = _statements_by_id(session, keys[:limit])
    return Slice(tuple(found[key] for key in keys[:limit]), more=len(keys) > limit)


def contradictions(session: Session, *, side: str | None = None, agreements: Iterable[str] | None = None,
                   since: datetime | None = None, holding: bool = False, offset: int = 0, limit: int = 50) -> Slice[FindingReading]:
    """Contradictions, the last opened first; `first` confirms and `second` denies. `holding`: without those that no longer hold.

    `agreements` narrows the answer to those ids. One whose sentence is no longer stored is left out: its article is
    being read again, and the ledger will give it its new evidence.
    """
    conditions = _conditions(Contradiction, agreements, since)
    if side is not None:
        conditions.append((col(Contradiction.confirming_side) == side) | (col(Contradiction.denying_side) == side))
    if holding:
        conditions.append(holding_still())
    query = select(Contradiction).where(*conditions)
    order = (col(Contradiction.opened_at).desc(), col(Contradiction.id))
    rows = session.exec(query.order_by(*order).offset(offset).limit(limit + 1)).all()
    return Slice(_as_read(session, rows[:limit]), more=len(rows) > limit)


def reversals(session: Session, *, side: str | None = None, agreements: Iterable[str] | None = None,
              since: datetime | None = None, offset: int = 0, limit: int = 50) -> Slice[FindingReading]:
    """Reversals, the last opened first; `first` was said before `second`. The rest is as in `contradictions`."""
    conditions = _conditions(Reversal, agreements, since)
    if side is not None:
        conditions.append(col(Reversal.side) == side)
    query = select(Reversal).where(*conditions)
    order = (col(Reversal.opened_at).desc(), col(Reversal.id))
    rows = session.exec(query.order_by(*order).offset(offset).limit(limit + 1)).all()
    return Slice(_as_read(session, rows[:limit]), more=len(rows) > limit)


def _as_read(session: Session, rows: Sequence[Contradiction | Reversal]) -> tuple[FindingReading, ...]:
    found = {finding.id: finding for finding in shown(session, rows)}
    return tuple(
        FindingReading(found[row.id], row.updated_at, row.closed_at, row.closed_reason) if isinstance(row, Contradiction)
        else FindingReading(found[row.id], row.opened_at, None)
        for row in rows if row.id in found)


def _conditions(table: type[Contradiction] | type[Reversal], agreements: Iterable[str] | None,
                since: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if agreements is not None:
        conditions.append(col(table.agreement_id).in_(list(agreements)))
    if since is not None:
        conditions.append(col(table.opened_at) >= since)
    return conditions


def _statements_by_id(session: Session, keys: Iterable[str]) -> dict[str, StatementReading]:
    wanted = list(keys)
    evidence = evidence_of(session, wanted)
    query = select(StatementRow, Agreement.label).join(Agreement, col(Agreement.id) == col(StatementRow.agreement_id), isouter=True)
    return {
        row.id: StatementReading(evidence[row.id], row.agreement_id, label, row.evidence_start, row.evidence_end, row.in_title,
                                 row.stage, tuple(row.reasons), row.identity_reason)
        for row, label in session.exec(query.where(col(StatementRow.id).in_(wanted)))
    }
