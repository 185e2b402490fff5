"""Subscriptions: who wants to hear what, on which channel; and silences: what not to tell."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Column, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from store.types import UtcDateTime


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
    return row


def subscriptions_that_may_hear(session: Session, confidence: float) -> list[Subscription]:
    """The subscriptions that could follow a finding of this confidence: all that do, and some that don't.

    Today: the enabled ones whose confidence is met, in one query, and `alerts.matching` tries each. This is the only door
    from a finding to its subscribers, so the index goes behind it: a table `subscription_term (term, subscription_id)`
    with its primary key in that order, one row for each side, kind and finding that a subscription names and one row
    "any" where it names none; this query then asks for the terms that the finding has, and its cost is that of its hits.
    """
    query = (
        select(Subscription)
        .where(col(Subscription.enabled).is_(True), col(Subscription.min_confidence) <= confidence)
        .order_by(col(Subscription.id))
    )
    return list(session.exec(query))


def disable_subscription(session: Session, subscription_id: int, reason: str) -> None:
    """Stop telling a subscription anything, and say why; the first reason stays."""
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
