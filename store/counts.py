"""How much there is of everything, and what waits: the figures that health and metrics are told from.

They are counted in the database each time, because counters kept in the memory of worker processes undercount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from store.agreements import Agreement
from store.alerts import Alert, AlertState
from store.articles import Article, Stage
from store.findings import Contradiction, Reversal
from store.health import Heartbeat
from store.sources import Source
from store.statements import StatementRow
from store.subscriptions import Subscription

FAILING_LOOKS = 3
"""A source fails when so many looks in a row failed: one or two are weather."""

RECENT = timedelta(hours=24)
"""A delivery that was given up counts against health for a day, long enough for somebody to see it."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What health is decided from."""

    heartbeats: Mapping[str, datetime]       # process -> when it last finished a piece of work
    waiting: Mapping[str, int]               # stage -> articles that wait there
    oldest_waiting_at: datetime | None       # when the oldest of them was fetched
    alerts: Mapping[str, int]                # state -> alerts
    oldest_due_alert_at: datetime | None     # when the pending alert that waits longest was due, if that is past
    failed_alerts: int                       # given up, of those made within a day
    disabled_subscriptions: int              # switched off because their address does not work
    sources: int                             # enabled
    failing_sources: int                     # of those, whose last looks all failed


@dataclass(frozen=True, slots=True)
class Tallies:
    """What metrics are told from, beside the vitals."""

    articles: Mapping[tuple[str, str], int]  # (stage, outcome or "") -> articles
    statements: Mapping[str, int]            # stance -> statements
    agreements: int
    contradictions: Mapping[str, int]        # open | closed
    reversals: int
    sources: Mapping[str, int]               # outcome of the last look, "" before the first -> sources
    failing: Mapping[str, int]               # source -> looks in a row that failed, of those with any
    ambiguous_sends: int                     # deliveries whose acceptance was not seen


@dataclass(frozen=True, slots=True)
class Extent:
    """How much the ledger holds: the line at the head of the first page."""

    agreements: int
    statements: int
    open_contradictions: int
    sources: int


def vitals(session: Session, now: datetime) -> Vitals:
    """The facts of health at `now`. Cheap enough to ask every few seconds: nothing here counts what is done with."""
    unfinished = col(Article.stage).in_([stage.value for stage in Stage if stage is not Stage.judged])   # each by the index
    stages = session.exec(select(Article.stage, func.count()).where(unfinished).group_by(Article.stage)).all()
    due = select(func.min(Alert.next_attempt_at)).where(col(Alert.state) == AlertState.pending, col(Alert.next_attempt_at) <= now)
    failed = select(func.count()).select_from(Alert).where(
        col(Alert.state) == AlertState.failed, col(Alert.created_at) >= now - RECENT)
    disabled = select(func.count()).select_from(Subscription).where(col(Subscription.disabled_reason).is_not(None))
    enabled = select(func.count()).select_from(Source).where(col(Source.enabled))
    return Vitals(
        heartbeats={beat.name: beat.at for beat in session.exec(select(Heartbeat).order_by(col(Heartbeat.name)))},
        waiting=dict(stages),
        oldest_waiting_at=session.exec(select(func.min(Article.fetched_at)).where(unfinished)).one(),
        alerts=dict(session.exec(select(Alert.state, func.count()).group_by(Alert.state)).all()),
        oldest_due_alert_at=session.exec(due).one(),
        failed_alerts=session.exec(failed).one(),
        disabled_subscriptions=session.exec(disabled).one(),
        sources=session.exec(enabled).one(),
        failing_sources=session.exec(enabled.where(col(Source.failures) >= FAILING_LOOKS)).one(),
    )


def tallies(session: Session) -> Tallies:
    """The figures of `/metrics`: one grouped count a table."""
    ended = select(Article.stage, Article.outcome, func.count()).group_by(Article.stage, col(Article.outcome))
    looked = select(Source.outcome, func.count()).where(col(Source.enabled)).group_by(col(Source.outcome))
    opened = _open_contradictions(session)
    failing = select(Source.id, Source.failures).where(col(Source.failures) > 0, col(Source.enabled))
    return Tallies(
        articles={(stage, outcome or ""): count for stage, outcome, count in session.exec(ended)},
        statements=dict(session.exec(select(StatementRow.stance, func.count()).group_by(StatementRow.stance)).all()),
        agreements=_count(session, Agreement),
        contradictions={"open": opened, "closed": _count(session, Contradiction) - opened},
        reversals=_count(session, Reversal),
        sources={outcome or "": count for outcome, count in session.exec(looked)},
        failing=dict(session.exec(failing).all()),
        ambiguous_sends=session.exec(select(func.coalesce(func.sum(Alert.ambiguous), 0))).one(),
    )


def extent(session: Session) -> Extent:
    """How many agreements, statements, open contradictions and followed sources there are."""
    followed = select(func.count()).select_from(Source).where(col(Source.enabled))
    return Extent(_count(session, Agreement), _count(session, StatementRow), _open_contradictions(session),
                  session.exec(followed).one())


def _open_contradictions(session: Session) -> int:
    opened = select(func.count()).select_from(Contradiction).where(col(Contradiction.closed_at).is_(None))
    return session.exec(opened).one()


def _count(session: Session, table: type[Agreement] | type[Contradiction] | type[Reversal] | type[StatementRow]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()
