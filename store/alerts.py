"""Alerts: the outbox. A row is written in the transaction of its finding and marked when it was delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from store.subscriptions import Subscription
from store.types import UtcDateTime

Transaction = Session
"""The open transaction that a query takes part in, by a name that rooms may use which hand one on and know no SQL."""

NO_LONGER = "it no longer holds"       # why an alert of a finding is withdrawn whose evidence is gone
SENTENCES_GONE = "the sentences it rests on are gone"
BATCH = 500  # rows an INSERT: SQLite takes 32,766 values a statement, and an alert has thirteen


class AlertState(StrEnum):
    """Where a delivery stands."""

    pending = "pending"
    delivered = "delivered"
    failed = "failed"
    withdrawn = "withdrawn"                                # not sent after all: silenced or unsubscribed in the meantime


class Alert(SQLModel, table=True):
    """One subscription, one contradiction or reversal, one delivery."""

    __tablename__ = "alert"

    id: str = Field(primary_key=True)                      # row_id(subscription, finding): a rerun writes nothing twice
    subscription_id: int = Field(foreign_key="subscription.id", index=True)
    finding: str                                           # contradiction | reversal
    finding_id: str = Field(index=True)
    reason: str                                            # why this subscription hears it
    state: str = Field(default=AlertState.pending, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    ambiguous: int = 0                                     # sends whose acceptance we could not see
    next_attempt_at: datetime = Field(sa_type=UtcDateTime, index=True)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours until its lease ends. `attempt` is the token: a later claim of the same alert has another."""

    alert_id: str
    attempt: int
    ambiguous: int
    after_lost_lease: bool    # an earlier attempt went silent: what it sent, if anything, was not seen


def add_alerts(session: Session, rows: Sequence[Alert]) -> list[str]:
    """Write those of `rows` whose id is not there yet, and return their ids in the order given."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new: set[str] = set()
    for start in range(0, len(rows), BATCH):
        values = [row.model_dump() for row in rows[start:start + BATCH]]
        written = session.exec(insert(Alert).values(values).on_conflict_do_nothing().returning(col(Alert.id)))
        new.update(written.scalars())
    return [row.id for row in rows if row.id in new]


def alerted(session: Session, finding_id: str) -> set[int]:
    """The subscriptions that have an alert of this finding, whatever became of it."""
    return set(session.exec(select(Alert.subscription_id).where(col(Alert.finding_id) == finding_id)))


def of_another_finding(session: Session, ids: Sequence[str], finding_id: str) -> set[str]:
    """Those of `ids` that belong to alerts of another finding: theirs went to another agreement, and they keep their identity."""
    found: set[str] = set()
    for start in range(0, len(ids), BATCH):
        query = select(Alert.id).where(col(Alert.id).in_(ids[start:start + BATCH]), col(Alert.finding_id) != finding_id)
        found.update(session.exec(query))
    return found


def send_after_all(session: Session, finding_ids: Sequence[str], now: datetime) -> list[str]:
    """Let the alerts of findings that hold again be sent which were withdrawn, before any attempt, because they did not; their ids."""
    withdrawn = [col(Alert.finding_id).in_(list(finding_ids)), col(Alert.state) == AlertState.withdrawn, col(Alert.attempts) == 0,
                 col(Alert.last_error).in_((NO_LONGER, SENTENCES_GONE))]
    changed = session.exec(update(Alert).where(*withdrawn).values(state=AlertState.pending, next_attempt_at=now, last_error=None)
                           .returning(col(Alert.id)).execution_options(synchronize_session=False))
    return sorted(changed.scalars())


def due_alerts(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of the `limit` alerts that should be attempted at `now` and that nobody holds, the longest due first."""
    query = select(Alert.id).where(*_claimable(now)).order_by(col(Alert.next_attempt_at), col(Alert.id)).limit(limit)
    return list(session.exec(query))


def alert_and_subscription(session: Session, alert_id: str) -> tuple[Alert, Subscription] | None:
    """An alert and whom it is for; None where there is no alert of this id."""
    query = select(Alert, Subscription).join(Subscription).where(col(Alert.id) == alert_id)
    return session.exec(query).first()


def alerts_of(session: Session, finding_id: str) -> list[tuple[Alert, Subscription]]:
    """What was, will or would not be sent of one finding, and to whom, in the order of the subscriptions."""
    query = select(Alert, Subscription).join(Subscription).where(col(Alert.finding_id) == finding_id)
    return list(session.exec(query.order_by(col(Subscription.id))))


def claim_alert(session: Session, alert_id: str, now: datetime, lease_until: datetime) -> Claim | None:
    """Take an alert for one attempt, or None where it is done, not due, or held by somebody else.

    One statement compares and sets, so of two workers that ask at once one gets it. A lease that ran out means that an
    earlier attempt died somewhere between its claim and its mark, perhaps after the message was accepted: that is
    counted as ambiguous.
    """
    lost = case((col(Alert.lease_until).is_not(None), 1), else_=0)
    held = session.exec(select(Alert.lease_until).where(Alert.id == alert_id)).first()
    taken = session.exec(
        update(Alert).where(col(Alert.id) == alert_id, *_claimable(now))
        .values(attempts=col(Alert.attempts) + 1, ambiguous=col(Alert.ambiguous) + lost, lease_until=lease_until)
        .returning(col(Alert.attempts), col(Alert.ambiguous))
        .execution_options(synchronize_session=False)
    ).first()
    return None if taken is None else Claim(alert_id, taken[0], taken[1], after_lost_lease=held is not None)


def renew_alert(session: Session, claim: Claim, lease_until: datetime) -> bool:
    """Hold a claim longer; False where it is no longer ours."""
    return _mark(session, claim, {"lease_until": lease_until})


def mark_delivered(session: Session, claim: Claim, at: datetime) -> bool:
    """The message was accepted, whoever holds the alert by now; False where it was already settled."""
    open_still = [col(Alert.id) == claim.alert_id, col(Alert.state) == AlertState.pending]
    return _set(session, open_still, {
        "state": AlertState.delivered, "delivered_at": at, "lease_until": None, "last_error": None,
    })


def mark_for_retry(session: Session, claim: Claim, error: str, next_attempt_at: datetime, *, ambiguous: bool) -> bool:
    """The attempt failed and there will be another; False where the claim is no longer ours."""
    return _mark(session, claim, {
        "next_attempt_at": next_attempt_at, "lease_until": None, "last_error": error,
        "ambiguous": col(Alert.ambiguous) + int(ambiguous),
    })


def mark_failed(session: Session, claim: Claim, error: str, *, ambiguous: bool) -> bool:
    """The attempt failed and there will be no other; False where the claim is no longer ours."""
    return _mark(session, claim, {
        "state": AlertState.failed, "lease_until": None, "last_error": error,
        "ambiguous": col(Alert.ambiguous) + int(ambiguous),
    })


def withdraw_alert(session: Session, alert_id: str, now: datetime, reason: str) -> bool:
    """Decide before an attempt that there shall be none; False where somebody holds the alert or it is done."""
    return _set(session, [col(Alert.id) == alert_id, *_claimable(now)], {"state": AlertState.withdrawn, "last_error": reason})


def postpone_alert(session: Session, alert_id: str, now: datetime, until: datetime, reason: str) -> bool:
    """Let an alert wait for something of ours (a mail server to be set), without counting an attempt."""
    return _set(session, [col(Alert.id) == alert_id, *_claimable(now)], {"next_attempt_at": until, "last_error": reason})


def hold_back(session: Session, channel: str, address: str, until: datetime) -> None:
    """Attempt nothing for this address before `until`, which its server asked for; other addresses are not touched."""
    theirs = select(Subscription.id).where(Subscription.channel == channel, Subscription.address == address)
    _set(session, [
        col(Alert.subscription_id).in_(theirs), col(Alert.state) == AlertState.pending, col(Alert.next_attempt_at) < until,
    ], {"next_attempt_at": until})


def _claimable(now: datetime) -> list[ColumnElement[bool]]:
    return [
        col(Alert.state) == AlertState.pending, col(Alert.next_attempt_at) <= now,
        or_(col(Alert.lease_until).is_(None), col(Alert.lease_until) <= now),
    ]


def _mark(session: Session, claim: Claim, values: dict[str, object]) -> bool:
    """Change what a claim holds, if it still holds it: the attempt's number is the fence against an older worker."""
    ours = [col(Alert.id) == claim.alert_id, col(Alert.attempts) == claim.attempt, col(Alert.state) == AlertState.pending]
    return _set(session, ours, values)


def _set(session: Session, where: list[ColumnElement[bool]], values: dict[str, object]) -> bool:
    changed = session.exec(update(Alert).where(*where).values(**values).execution_options(synchronize_session=False))
    return bool(changed.rowcount)
