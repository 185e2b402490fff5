"""Statements and findings as analysts read them: each sentence with its article, its source and the way it was understood."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from ledger.finding import Evidence, Finding, FindingType
from store.agreements import Agreement
from store.articles import Article
from store.findings import Contradiction, Reversal
from store.readings import Slice
from store.sources import Source
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
    reasons: tuple[str, ...]
    identity_reason: str | None


@dataclass(frozen=True, slots=True)
class FindingReading:
    """A finding and what became of it."""

    finding: Finding
    updated_at: datetime
    closed_at: datetime | None


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
                   since: datetime | None = None, offset: int = 0, limit: int = 50) -> Slice[FindingReading]:
    """Contradictions, the last opened first; `first` confirms and `second` denies.

    `agreements` narrows the answer to those ids. One whose sentence is no longer stored is left out: its article is
    being read again, and the ledger will give it its new evidence.
    """
    conditions = _conditions(Contradiction, agreements, since)
    if side is not None:
        conditions.append((col(Contradiction.confirming_side) == side) | (col(Contradiction.denying_side) == side))
    query = select(Contradiction, Agreement).join(Agreement).where(*conditions)
    order = (col(Contradiction.opened_at).desc(), col(Contradiction.id))
    rows = session.exec(query.order_by(*order).offset(offset).limit(limit + 1)).all()
    pairs = [(row.confirming_statement, row.denying_statement) for row, _ in rows[:limit]]
    spoken = _statements_by_id(session, (key for pair in pairs for key in pair))
    return Slice(tuple(
        FindingReading(_finding(FindingType.contradiction, row, about, spoken[first].evidence, spoken[second].evidence),
                       row.updated_at, row.closed_at)
        for (row, about), (first, second) in zip(rows, pairs, strict=False) if first in spoken and second in spoken
    ), more=len(rows) > limit)


def reversals(session: Session, *, side: str | None = None, agreements: Iterable[str] | None = None,
              since: datetime | None = None, offset: int = 0, limit: int = 50) -> Slice[FindingReading]:
    """Reversals, the last opened first; `first` was said before `second`. The rest is as in `contradictions`."""
    conditions = _conditions(Reversal, agreements, since)
    if side is not None:
        conditions.append(col(Reversal.side) == side)
    query = select(Reversal, Agreement).join(Agreement).where(*conditions)
    order = (col(Reversal.opened_at).desc(), col(Reversal.id))
    rows = session.exec(query.order_by(*order).offset(offset).limit(limit + 1)).all()
    pairs = [(row.before_statement, row.after_statement) for row, _ in rows[:limit]]
    spoken = _statements_by_id(session, (key for pair in pairs for key in pair))
    return Slice(tuple(
        FindingReading(_finding(FindingType.reversal, row, about, spoken[first].evidence, spoken[second].evidence),
                       row.opened_at, None)
        for (row, about), (first, second) in zip(rows, pairs, strict=False) if first in spoken and second in spoken
    ), more=len(rows) > limit)


def _conditions(table: type[Contradiction] | type[Reversal], agreements: Iterable[str] | None,
                since: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if agreements is not None:
        conditions.append(col(table.agreement_id).in_(list(agreements)))
    if since is not None:
        conditions.append(col(table.opened_at) >= since)
    return conditions


def _finding(kind: FindingType, row: Contradiction | Reversal, about: Agreement, first: Evidence, second: Evidence) -> Finding:
    surest = min(first.confidence, second.confidence)
    return Finding(
        id=row.id, type=kind, agreement_id=about.id, label=about.label, kind=about.kind, parties=tuple(about.parties),
        first=first, second=second, reason=row.reason,
        confidence=row.confidence if isinstance(row, Contradiction) else surest, opened_at=row.opened_at,
    )


def _statements_by_id(session: Session, keys: Iterable[str]) -> dict[str, StatementReading]:
    """The statements of these ids. The joined article gives its title and address only: its text can be long."""
    place = select(StatementRow, Agreement.label, Source).join(Article, col(Article.id) == col(StatementRow.article_id))
    place = place.join(Source, col(Source.id) == col(Article.source_id))
    place = place.join(Agreement, col(Agreement.id) == col(StatementRow.agreement_id), isouter=True)
    found = session.exec(place.where(col(StatementRow.id).in_(list(keys)))).all()
    light = select(Article.id, Article.url, Article.language, Article.title)
    light = light.where(col(Article.id).in_({row.article_id for row, *_ in found}))
    pages = {article_id: (url, language, title) for article_id, url, language, title in session.exec(light)}
    return {row.id: _reading(row, label, source, pages[row.article_id]) for row, label, source in found}


def _reading(row: StatementRow, label: str | None, source: Source, page: tuple[str, str | None, str | None]) -> StatementReading:
    url, language, title = page
    evidence = Evidence(
        statement_id=row.id, speaker=row.speaker, role=row.role, side=row.side, stance=row.stance, quote=row.quote,
        language=language, source=source.name, official=source.kind == "press_office" and source.side == row.side,
        article_id=row.article_id, title=title or url, url=url, said_at=row.said_at, confidence=row.confidence,
    )
    return StatementReading(evidence, row.agreement_id, label, row.evidence_start, row.evidence_end, row.in_title,
                            tuple(row.reasons), row.identity_reason)
