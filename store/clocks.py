"""The clocks of parties that have not answered, as stored: one row for each agreement and party."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, select

from ledger.clocks import Answer, Clock, Heard, Watch
from store.sources import Source, unseen_for
from store.types import UtcDateTime, row_id


class ClockRow(SQLModel, table=True):
    """How one party answers the claim of an agreement with it."""

    __tablename__ = "clock"
    __table_args__ = (Index("ix_clock_answer_due", "answer", "due_at"),)

    id: str = Field(primary_key=True)                      # row_id(agreement, side)
    agreement_id: str = Field(foreign_key="agreement.id", index=True)
    side: str
    claim_statement: str                                   # the claim that started it
    started_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)     # when it is looked at next; None: it is answered, or silent
    answer: str
    answer_statement: str | None = None
    reason: str
    changed_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock as people see it."""

    side: str
    answer: str
    started_at: datetime
    due_at: datetime | None
    answer_statement: str | None
    reason: str


def set_clocks(session: Session, agreement_id: str, clocks: Sequence[Clock], now: datetime) -> None:
    """Make these the clocks of an agreement; a party that was found silent stays so until it speaks or another claim came first."""
    known = {row.side: row for row in session.exec(select(ClockRow).where(col(ClockRow.agreement_id) == agreement_id)).all()}
    for clock in clocks:
        row = known.pop(clock.side, None)
        waits = clock.answer is Answer.waiting
        if row is not None and waits and row.claim_statement == clock.claim.id and row.answer in {Answer.waiting, Answer.silent}:
            continue
        values: dict[str, Any] = {"claim_statement": clock.claim.id, "started_at": clock.claim.at, "due_at": clock.claim.at if waits else None,
                  "answer": clock.answer.value, "answer_statement": clock.answered.id if clock.answered else None, "reason": clock.reason}
        if row is None:
            row = ClockRow(id=row_id("clock", agreement_id, clock.side), agreement_id=agreement_id, side=clock.side, changed_at=now, **values)
        elif any(getattr(row, key) != value for key, value in values.items()):
            for key, value in values.items():
                setattr(row, key, value)
            row.changed_at = now
        session.add(row)
    for row in known.values():
        session.delete(row)
    session.flush()


def due_clocks(session: Session, now: datetime, limit: int) -> list[ClockRow]:
    """The clocks that are to be looked at, the longest due first."""
    query = select(ClockRow).where(col(ClockRow.answer) == Answer.waiting.value, col(ClockRow.due_at) <= now)
    return list(session.exec(query.order_by(col(ClockRow.due_at), col(ClockRow.id)).limit(limit)))


def settle_clock(row: ClockRow, heard: Heard, now: datetime) -> None:
    """Write down what became of a clock that was due."""
    if heard.answer.value != row.answer:
        row.changed_at = now
    row.answer, row.due_at, row.reason = heard.answer.value, heard.due_at, heard.reason


def watches(session: Session, sides: Iterable[str], now: datetime) -> dict[str, list[Watch]]:
    """The press offices that are followed, by the side they speak for; one that nobody looked at lately is none that answers."""
    query = select(Source).where(col(Source.side).in_(sorted(set(sides))), col(Source.enabled).is_(True), col(Source.kind) == "press_office")
    found: dict[str, list[Watch]] = {}
    for source in session.exec(query.order_by(col(Source.id))):
        seen = source.checked_at is not None and now - source.checked_at <= unseen_for(source.interval)
        found.setdefault(source.side or "", []).append(Watch(source.name, source.healthy_since if seen else None, source.checked_at or now))
    return found


def clocks_of(session: Session, agreement_id: str) -> tuple[ClockReading, ...]:
    """The clocks of an agreement, by side."""
    rows = session.exec(select(ClockRow).where(col(ClockRow.agreement_id) == agreement_id).order_by(col(ClockRow.side)))
    return tuple(ClockReading(row.side, row.answer, row.started_at, row.due_at, row.answer_statement, row.reason) for row in rows)
