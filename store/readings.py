"""What analysts read: named queries over agreements, articles and sources that return frozen values, never rows.

They live apart from the queries that move articles along, because they answer another question: not "what is to be done"
but "what is known". Statements and findings, each with its sentence and where that stands, are in `store/evidence.py`;
the figures of health and metrics in `store/counts.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session, col, select

from extract.statement import Stance
from store.agreements import Agreement
from store.articles import Article
from store.findings import Contradiction
from store.keys import AgreementParty
from store.sources import Source
from store.statements import StatementRow

T = TypeVar("T")

Unavailable = (OperationalError, ProgrammingError)
"""What a query raises when the database does not answer, is locked for too long, or has no tables yet."""

SCAN_LIMIT = 20_000
"""How many agreements, newest first, a search by words looks through: under half a second in Python on one core."""

Matches = Callable[[str, Sequence[str], Sequence[str]], bool]
"""Whether an agreement's label, names and parties are what somebody searched for."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page of a longer answer, and whether more follows."""

    items: tuple[T, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a side says of an agreement at present: its newest statement that says anything."""

    side: str
    stance: str
    statement_id: str
    speaker: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class AgreementReading:
    """An agreement with every side's present stance."""

    id: str
    label: str
    kind: str
    parties: tuple[str, ...]
    names: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """An article as a person reads it, with the source it came from and the other versions of its page."""

    id: str
    url: str
    title: str
    text: str | None
    language: str | None
    published_at: datetime | None
    fetched_at: datetime
    stage: str
    outcome: str | None
    outcome_reason: str | None
    duplicate_of: str | None
    version: int
    versions: tuple[tuple[int, str], ...]    # (version, article id) of every version of the page, oldest first
    source_name: str
    source_kind: str
    source_side: str | None


@dataclass(frozen=True, slots=True)
class SourceReading:
    """A source that is followed: when it was looked at, how that ended, how many articles it gave."""

    id: str
    name: str
    kind: str
    side: str | None
    languages: tuple[str, ...]
    follow: str
    url: str
    interval: int
    enabled: bool
    checked_at: datetime | None
    next_check_at: datetime | None
    outcome: str | None
    outcome_reason: str | None
    failures: int
    articles: int


def agreements(session: Session, *, side: str | None = None, kind: str | None = None, contradicted: bool = False,
               matches: Matches | None = None, offset: int = 0, limit: int = 25) -> Slice[AgreementReading]:
    """The agreements that changed last come first; every argument that is given narrows the answer.

    `matches` is asked about each agreement in turn, so words are compared by the caller's rules and not by the database's,
    which know no accents; only the newest `SCAN_LIMIT` agreements are looked through.
    """
    conditions: list[ColumnElement[bool]] = []
    if side is not None:
        conditions.append(col(Agreement.id).in_(select(AgreementParty.agreement_id).where(col(AgreementParty.side) == side)))
    if kind is not None:
        conditions.append(col(Agreement.kind) == kind)
    if contradicted:
        conditions.append(col(Agreement.id).in_(select(Contradiction.agreement_id)))
    newest = (col(Agreement.last_at).desc(), col(Agreement.id))
    query = select(Agreement).where(*conditions).order_by(*newest)
    if matches is None:
        rows: Sequence[Agreement] = session.exec(query.offset(offset).limit(limit + 1)).all()
    else:
        light = select(Agreement.id, Agreement.label, Agreement.names, Agreement.parties).where(*conditions)
        scan = session.exec(light.order_by(*newest).limit(SCAN_LIMIT))
        found = (key for key, label, names, parties in scan if matches(label, names, parties))
        keys = list(islice(found, offset, offset + limit + 1))
        rows = session.exec(select(Agreement).where(col(Agreement.id).in_(keys)).order_by(*newest)).all()
    return Slice(_readings(session, rows[:limit]), more=len(rows) > limit)


def agreement(session: Session, agreement_id: str) -> AgreementReading | None:
    """One agreement, or None where there is none of that id."""
    row = session.get(Agreement, agreement_id)
    return None if row is None else _readings(session, [row])[0]


def sides(session: Session) -> tuple[str, ...]:
    """Every side that is a party to an agreement, sorted by its code."""
    return tuple(session.exec(select(AgreementParty.side).distinct().order_by(AgreementParty.side)))


def kinds(session: Session) -> tuple[str, ...]:
    """Every kind of agreement there is, sorted."""
    return tuple(session.exec(select(Agreement.kind).distinct().order_by(Agreement.kind)))


def article(session: Session, article_id: str) -> ArticleReading | None:
    """One article with its source and its page's versions, or None where there is none of that id."""
    found = session.exec(select(Article, Source).join(Source).where(col(Article.id) == article_id)).first()
    if found is None:
        return None
    row, source = found
    versions = session.exec(select(Article.version, Article.id).where(col(Article.url) == row.url).order_by(col(Article.version)))
    return ArticleReading(
        id=row.id, url=row.url, title=row.title or row.hinted_title or row.url, text=row.text, language=row.language,
        published_at=row.published_at or row.hinted_at, fetched_at=row.fetched_at, stage=row.stage, outcome=row.outcome,
        outcome_reason=row.outcome_reason, duplicate_of=row.duplicate_of, version=row.version,
        versions=tuple((number, key) for number, key in versions),
        source_name=source.name, source_kind=source.kind, source_side=source.side,
    )


def sources(session: Session) -> tuple[SourceReading, ...]:
    """Every source in the database, press offices first, each by its name; the catalogue bounds how many there are."""
    counted: Mapping[str, int] = dict(session.exec(select(Article.source_id, func.count()).group_by(Article.source_id)).all())
    rows = session.exec(select(Source).order_by(col(Source.kind).desc(), func.lower(Source.name), col(Source.id)))
    return tuple(
        SourceReading(
            id=row.id, name=row.name, kind=row.kind, side=row.side, languages=tuple(row.languages), follow=row.follow,
            url=row.url, interval=row.interval, enabled=row.enabled, checked_at=row.checked_at,
            next_check_at=row.next_check_at, outcome=row.outcome, outcome_reason=row.outcome_reason, failures=row.failures,
            articles=counted.get(row.id, 0),
        )
        for row in rows
    )


def _readings(session: Session, rows: Sequence[Agreement]) -> tuple[AgreementReading, ...]:
    held = _standings(session, [row.id for row in rows])
    return tuple(
        AgreementReading(
            id=row.id, label=row.label, kind=row.kind, parties=tuple(row.parties), names=tuple(row.names),
            first_at=row.first_at, last_at=row.last_at, standings=held.get(row.id, ()),
        )
        for row in rows
    )


def _standings(session: Session, agreement_ids: Iterable[str]) -> dict[str, tuple[Standing, ...]]:
    """The present stance of every side, by agreement; sides by their code.

    Saying nothing takes nothing back, so "no comment" counts only where a side said nothing else. In one article the
    side's own press office goes before what others report, then the surer reading, then what stands first.
    """
    row = StatementRow
    official = (col(Source.kind) == "press_office") & (col(Source.side) == col(row.side))
    newest_first = (
        case((col(row.stance) == Stance.no_comment, 1), else_=0), col(row.said_at).desc(),
        case((official, 0), else_=1), col(row.confidence).desc(), col(row.position), col(row.id),
    )
    rank = func.row_number().over(partition_by=(col(row.agreement_id), col(row.side)), order_by=newest_first).label("rank")
    ranked = (
        select(row.id, rank)
        .join(Article, col(Article.id) == col(row.article_id)).join(Source, col(Source.id) == col(Article.source_id))
        .where(col(row.agreement_id).in_(list(agreement_ids))).subquery()
    )
    newest = select(row).join(ranked, ranked.c.id == col(row.id)).where(ranked.c.rank == 1).order_by(col(row.side))
    held: dict[str, tuple[Standing, ...]] = {}
    for found in session.exec(newest):
        assert found.agreement_id is not None
        standing = Standing(found.side, found.stance, found.id, found.speaker, found.said_at)
        held[found.agreement_id] = (*held.get(found.agreement_id, ()), standing)
    return held
