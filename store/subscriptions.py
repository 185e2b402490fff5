"""Subscriptions: who wants to hear what, on which channel; and silences: what not to tell."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import JSON, Column, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from store.interests import forget_interests, interested, keys_asked, keys_of, note_interests
from store.types import UtcDateTime

AT_ONCE = 500       # subscriptions of one query


class Subscription(SQLModel, table=True):
    """Who wants to hear what. Empty lists mean no restriction."""

    __tablename__ = "subscription"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    channel: str                                           # email | slack
    address: str                                           # mail address, or the webhook's URL
    sides: list[str] = Field(sa_column=Column(JSON, nullable=False))     # heard if the finding has any of them
    kinds: list[str] = Field(sa_column=Column(JSON, nullable=False))     # kinds of agreement
    findings: list[str] = Field(sa_column=Column(JSON, nullable=False))  # contradiction, reversal
    min_confidence: float = 0.0
    enabled: bool = True
    disabled_reason: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class Silence(SQLModel, table=True):
    """What not to tell, until when, and who said so. A field that is None matches everything."""

    __tablename__ = "silence"

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: int | None = Field(default=None, foreign_key="subscription.id")
    agreement_id: str | None = Field(default=None, foreign_key="agreement.id")
    side: str | None = None
    until: datetime = Field(sa_type=UtcDateTime)
    who: str
    why: str


def subscriptions(session: Session) -> list[Subscription]:
    """Every subscription, oldest first, disabled ones too."""
    return list(session.exec(select(Subscription).order_by(col(Subscription.id))))


def add_subscription(session: Session, *, name: str, channel: str, address: str, now: datetime, sides: Sequence[str] = (),
                     kinds: Sequence[str] = (), findings: Sequence[str] = (), min_confidence: float = 0.0) -> Subscription:
    """Write a subscription; its `id` is set when this returns. Values are checked where a person types them, not here."""
    row = Subscription(name=name, channel=channel, address=address, sides=list(sides), kinds=list(kinds),
                       findings=list(findings), min_confidence=min_confidence, created_at=now)
    session.add(row)
    session.flush()
    assert row.id is not None
    note_interests(session, row.id, keys_of(sides, kinds, findings), min_confidence)
    return row


def subscriptions_that_may_hear(session: Session, sides: Collection[str], kind: str, finding: str, confidence: float) -> list[Subscription]:
    """The subscriptions that follow a finding of these sides, this kind and type with this confidence: all that do, and few that don't.

    They are looked up by what the finding is (`store/interests.py`), so that the cost is that of its hits; `alerts.matching` decides.
    """
    found = interested(session, keys_asked(sides, kind, finding), confidence)
    rows: list[Subscription] = []
    for start in range(0, len(found), AT_ONCE):
        query = select(Subscription).where(col(Subscription.id).in_(found[start:start + AT_ONCE]), col(Subscription.enabled).is_(True))
        rows += session.exec(query.order_by(col(Subscription.id)))
    return rows


def disable_subscription(session: Session, subscription_id: int, reason: str) -> None:
    """Stop telling a subscription anything, and say why; the first reason stays."""
    forget_interests(session, subscription_id)
    session.exec(update(Subscription).where(col(Subscription.id) == subscription_id, col(Subscription.enabled).is_(True))
                 .values(enabled=False, disabled_reason=reason))


def add_silence(session: Session, silence: Silence) -> None:
    """Write a silence; it counts for alerts that are not yet sent, too."""
    session.add(silence)


def silences_on(session: Session, agreement_id: str, now: datetime) -> list[Silence]:
    """The silences in force at `now` that could touch a finding on this agreement, whatever its sides."""
    query = select(Silence).where(
        col(Silence.until) > now, or_(col(Silence.agreement_id).is_(None), col(Silence.agreement_id) == agreement_id),
    ).order_by(col(Silence.id))
    return list(session.exec(query))
