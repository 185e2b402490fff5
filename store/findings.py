"""Findings: contradictions between two sides, and reversals of one."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Field, Session, SQLModel, col, select

from ledger.contradictions import Contradicting, Reversing
from ledger.finding import Evidence, Finding, FindingType
from store.agreements import Agreement
from store.articles import Article
from store.sources import Source
from store.statements import StatementRow
from store.types import UtcDateTime


class Contradiction(SQLModel, table=True):
    """Two sides, opposed stances, one agreement; reported once for each agreement and pair of sides."""

    __tablename__ = "contradiction"

    id: str = Field(primary_key=True)                      # ledger.contradictions gives it
    agreement_id: str = Field(foreign_key="agreement.id", index=True)
    confirming_side: str
    denying_side: str
    confirming_statement: str                              # statement ids: the best evidence of each side
    denying_statement: str
    confidence: float
    reason: str
    opened_at: datetime = Field(sa_type=UtcDateTime, index=True)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str | None = None                           # the statement by which a side came round; None: it no longer holds
    closed_reason: str | None = None


class Reversal(SQLModel, table=True):
    """One side that says the opposite of what it said of the same agreement."""

    __tablename__ = "reversal"

    id: str = Field(primary_key=True)
    agreement_id: str = Field(foreign_key="agreement.id", index=True)
    side: str
    before_statement: str
    after_statement: str
    reason: str
    opened_at: datetime = Field(sa_type=UtcDateTime, index=True)


def finding(session: Session, finding_id: str) -> Finding | None:
    """The contradiction or reversal of this id with both its sentences; None where it, or one of them, is not stored.

    A sentence is missing while its article is being read again; the ledger then gives the finding its new evidence.
    """
    row = session.get(Contradiction, finding_id) or session.get(Reversal, finding_id)
    return None if row is None else next(iter(shown(session, [row])), None)


def holds(session: Session, finding_id: str) -> bool:
    """Whether a finding holds: what it rests on is still said to have been said, even where a side has come round since."""
    if session.get(Contradiction, finding_id) is None:
        return session.get(Reversal, finding_id) is not None
    return session.exec(select(Contradiction.id).where(col(Contradiction.id) == finding_id, holding_still())).first() is not None


def holding_still() -> ColumnElement[bool]:
    """Of a contradiction: it is open, or ended because a side came round. Otherwise it no longer holds."""
    return or_(col(Contradiction.closed_at).is_(None), col(Contradiction.closed_by).is_not(None))


def findings(session: Session, *, agreement_id: str | None = None, since: datetime | None = None,
             limit: int = 100) -> list[Finding]:
    """The `limit` findings opened last, newest first: of one agreement, or opened at `since` or later, where given."""
    between = select(Contradiction).where(*_conditions(Contradiction, agreement_id, since))
    opened = session.exec(between.order_by(col(Contradiction.opened_at).desc(), col(Contradiction.id)).limit(limit)).all()
    within = select(Reversal).where(*_conditions(Reversal, agreement_id, since))
    turned = session.exec(within.order_by(col(Reversal.opened_at).desc(), col(Reversal.id)).limit(limit)).all()
    rows: list[Contradiction | Reversal] = [*opened, *turned]
    rows.sort(key=lambda row: row.id)
    rows.sort(key=lambda row: row.opened_at, reverse=True)
    return shown(session, rows[:limit])


def _conditions(table: type[Contradiction] | type[Reversal], agreement_id: str | None,
                since: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if agreement_id is not None:
        conditions.append(col(table.agreement_id) == agreement_id)
    if since is not None:
        conditions.append(col(table.opened_at) >= since)
    return conditions


def shown(session: Session, rows: Sequence[Contradiction | Reversal]) -> list[Finding]:
    """The rows as findings, in their order, without those whose evidence is not stored: four queries for any number."""
    pairs = {row.id: (row.confirming_statement, row.denying_statement) if isinstance(row, Contradiction)
             else (row.before_statement, row.after_statement) for row in rows}
    spoken = evidence_of(session, {key for pair in pairs.values() for key in pair})
    wanted = {row.agreement_id for row in rows}
    abouts = {row.id: row for row in session.exec(select(Agreement).where(col(Agreement.id).in_(wanted)))}
    shown = []
    for row in rows:
        first, second = (spoken.get(key) for key in pairs[row.id])
        if first is None or second is None:
            continue
        about = abouts[row.agreement_id]
        contradiction = isinstance(row, Contradiction)
        shown.append(Finding(
            id=row.id, type=FindingType.contradiction if contradiction else FindingType.reversal, agreement_id=about.id,
            label=about.label, kind=about.kind, parties=tuple(about.parties), first=first, second=second, reason=row.reason,
            confidence=row.confidence if isinstance(row, Contradiction) else min(first.confidence, second.confidence),
            opened_at=row.opened_at,
        ))
    return shown


def evidence_of(session: Session, statement_ids: Iterable[str]) -> dict[str, Evidence]:
    """Statements as evidence, by id. Of an article only what is shown is read: its text can be long."""
    placed = (
        select(StatementRow, Source)
        .join(Article, col(Article.id) == col(StatementRow.article_id))
        .join(Source, col(Source.id) == col(Article.source_id))
        .where(col(StatementRow.id).in_(list(statement_ids)))
    )
    found = session.exec(placed).all()
    wanted = col(Article.id).in_({row.article_id for row, _ in found})
    articles = session.exec(select(Article.id, Article.url, Article.title, Article.language).where(wanted))
    shown = {article_id: (url, title, language) for article_id, url, title, language in articles}
    marks = dict(session.exec(select(Article.id, Article.fingerprint).where(wanted)).all())
    evidence = {}
    for row, source in found:
        url, title, language = shown[row.article_id]
        evidence[row.id] = Evidence(
            statement_id=row.id, speaker=row.speaker, role=row.role, side=row.side, stance=row.stance, quote=row.quote,
            language=language, source=source.name, official=source.kind == "press_office" and source.side == row.side,
            article_id=row.article_id, title=title or url, url=url, said_at=row.said_at, confidence=row.confidence, fingerprint=marks[row.article_id],
        )
    return evidence


def record_contradiction(session: Session, found: Contradicting, now: datetime) -> bool:
    """Open a contradiction, or bring its evidence up to date, and close it where a side came round; True if it is new, or holds again."""
    row, ended = session.get(Contradiction, found.id), found.ended
    closed: dict[str, Any] = {"closed_at": ended.at if ended else None, "closed_by": ended.id if ended else None,
                              "closed_reason": found.ended_reason}
    if row is None:
        session.add(Contradiction(
            id=found.id, agreement_id=found.agreement_id, confirming_side=found.confirming.side, denying_side=found.denying.side,
            confirming_statement=found.confirming.id, denying_statement=found.denying.id, confidence=found.confidence, reason=found.reason,
            opened_at=found.opened_at, updated_at=now, **closed))
        session.flush()
        return True
    again = row.closed_at is not None and row.closed_by is None       # it did not hold for a while
    if {key: getattr(row, key) for key in closed} != closed:
        for key, value in closed.items():
            setattr(row, key, value)
        row.updated_at = now
        session.flush()
    if (row.confirming_statement, row.denying_statement) != (found.confirming.id, found.denying.id):
        row.confirming_side, row.denying_side = found.confirming.side, found.denying.side
        row.confirming_statement, row.denying_statement = found.confirming.id, found.denying.id
        row.confidence, row.reason, row.updated_at = found.confidence, found.reason, now
        session.flush()
    return again


def record_reversal(session: Session, found: Reversing) -> bool:
    """Store a reversal, or bring its evidence up to date; True if it is new."""
    row = session.get(Reversal, found.id)
    if row is None:
        session.add(Reversal(id=found.id, agreement_id=found.agreement_id, side=found.before.side, before_statement=found.before.id,
                             after_statement=found.after.id, reason=found.reason, opened_at=found.after.at))
        session.flush()
        return True
    row.before_statement, row.after_statement, row.reason = found.before.id, found.after.id, found.reason
    session.flush()
    return False


def open_findings(session: Session) -> dict[str, str]:
    """The contradictions and reversals that hold, by id: what each is in words."""
    found = {row.id: row.reason for row in session.exec(select(Contradiction).where(holding_still()))}
    return found | {row.id: row.reason for row in session.exec(select(Reversal))}


def settle(session: Session, agreement_id: str, held: Collection[str], now: datetime) -> None:
    """Close the contradictions of an agreement that no longer hold, and take out reversals that are none."""
    query = select(Contradiction).where(col(Contradiction.agreement_id) == agreement_id, holding_still())
    for row in session.exec(query).all():
        if row.id not in held:
            row.closed_at, row.closed_by, row.closed_reason, row.updated_at = now, None, "it no longer holds", now
    for turned in session.exec(select(Reversal).where(col(Reversal.agreement_id) == agreement_id)):
        if turned.id not in held:
            session.delete(turned)
    session.flush()


def contradictions_in(session: Session) -> list[Contradiction]:
    """Every contradiction of a small store that holds, oldest first (for `sayso analyse`, never for the service)."""
    return list(session.exec(select(Contradiction).where(holding_still()).order_by(col(Contradiction.opened_at), col(Contradiction.id))))


def reversals_in(session: Session) -> list[Reversal]:
    """Every reversal of a small store, oldest first."""
    return list(session.exec(select(Reversal).order_by(col(Reversal.opened_at), col(Reversal.id))))
