"""One delivery: claim, render, send, mark. The row in the outbox is the truth, and every step may be the last.

A process that dies before the send leaves a lease that runs out, and the alert is sent. One that dies between the send and
the mark leaves the same, and nobody can know which it was: the alert is sent again under the same identity, and counted as
ambiguous. Those are the only extra copies there can be.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from alerts.channels import Channel, Undelivered
from alerts.lease import held
from alerts.matching import hears
from alerts.message import Message, message
from alerts.outbox import silence_facts, subscription_facts
from alerts.retry import after_failure
from ledger.finding import Finding
from store.alerts import (
    NO_LONGER,
    SENTENCES_GONE,
    Alert,
    AlertState,
    Claim,
    alert_and_subscription,
    claim_alert,
    hold_back,
    mark_delivered,
    mark_failed,
    mark_for_retry,
    postpone_alert,
    renew_alert,
    withdraw_alert,
)
from store.database import Database
from store.findings import finding, holds
from store.subscriptions import Subscription, disable_subscription, silences_on

WAIT_FOR_CHANNEL = timedelta(minutes=5)    # until it is looked again whether a mail server was set
WAIT_FOR_EVIDENCE = timedelta(minutes=1)   # a finding whose article is being read again has its sentences back soon
GIVE_UP_EVIDENCE = timedelta(days=1)

log = structlog.get_logger()


class Result(StrEnum):
    """How a call of `deliver` ended."""

    delivered = "delivered"
    retry = "retry"            # will be attempted again, at `next_attempt_at`
    failed = "failed"          # will not be attempted again
    withdrawn = "withdrawn"    # shall not be sent after all
    waiting = "waiting"        # for something of ours, not counted as an attempt
    skipped = "skipped"        # done, not due, held by somebody else, or unknown


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended, why, and when the next attempt is due, if there is one."""

    result: Result
    reason: str
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What a delivery needs to know, read once before it is claimed."""

    alert: Alert
    subscription: Subscription
    finding: Finding | None
    refusal: str | None         # why it shall not be sent after all


def deliver(database: Database, channels: Mapping[str, Channel], alert_id: str, *, now: datetime, lease_seconds: float,
            public_url: str, crash: Callable[[str], None] = lambda _name: None) -> Outcome:
    """Make one attempt to deliver an alert, if it is due and nobody else holds it.

    `channels` by name, as subscriptions name them. `crash` is called at the points `deliver_before_send` and
    `deliver_after_send`. Errors of the database are the caller's; any other failure ends in the row and in the outcome.
    """
    started = time.monotonic()

    def clock() -> datetime:  # wall clocks jump; how long an attempt took is measured by one that does not
        return now + timedelta(seconds=time.monotonic() - started)

    parcel = _collected(database, alert_id, now)
    if parcel is None:
        return Outcome(Result.skipped, "no such alert, or it is done")
    about = _ready(database, parcel, channels, now)
    if isinstance(about, Outcome):
        return _noted(parcel, about, attempt=None)
    with database.writing() as session:
        claim = claim_alert(session, alert_id, now, now + timedelta(seconds=lease_seconds))
    if claim is None:
        return Outcome(Result.skipped, "not due, or held by another worker")
    if claim.after_lost_lease:
        log.warning("alert_maybe_sent_before", alert=alert_id, attempt=claim.attempt, ambiguous=claim.ambiguous)

    def renew() -> bool:
        with database.writing() as session:
            return renew_alert(session, claim, clock() + timedelta(seconds=lease_seconds))

    with held(renew, lease_seconds):
        failure = _attempted(channels[parcel.subscription.channel], parcel, about, public_url, crash)
    outcome = (_settle_delivered(database, claim, clock()) if failure is None
               else _settle_failure(database, parcel, claim, failure, clock()))
    return _noted(parcel, outcome, attempt=claim.attempt)


def _collected(database: Database, alert_id: str, now: datetime) -> _Parcel | None:
    with database.reading() as session:
        found = alert_and_subscription(session, alert_id)
        if found is None or found[0].state != AlertState.pending:
            return None
        alert, subscription = found
        about = finding(session, alert.finding_id)
        if about is None:
            return _Parcel(alert, subscription, None, None)
        if not holds(session, alert.finding_id):
            return _Parcel(alert, subscription, about, NO_LONGER)
        silences = [silence_facts(row) for row in silences_on(session, about.agreement_id, now)]
    decision = hears(subscription_facts(subscription), about, silences, now)
    return _Parcel(alert, subscription, about, None if decision.tell else decision.words)


def _ready(database: Database, parcel: _Parcel, channels: Mapping[str, Channel], now: datetime) -> Finding | Outcome:
    """The finding to send, or how it ended without an attempt: a change of mind since, or something of ours is missing."""
    alert, channel = parcel.alert, parcel.subscription.channel
    refusal, wait, missing = parcel.refusal, WAIT_FOR_CHANNEL, f"no {channel} channel is set up: see docs/settings.md"
    if parcel.finding is None:
        wait, missing = WAIT_FOR_EVIDENCE, "the sentences it rests on are being read again"
        refusal = SENTENCES_GONE if now - alert.created_at > GIVE_UP_EVIDENCE else None
    elif channel in channels and refusal is None:
        return parcel.finding
    with database.writing() as session:
        if refusal is not None:
            done = withdraw_alert(session, alert.id, now, refusal)
            outcome = Outcome(Result.withdrawn, refusal)
        else:
            done = postpone_alert(session, alert.id, now, now + wait, missing)
            outcome = Outcome(Result.waiting, missing, now + wait)
    return outcome if done else Outcome(Result.skipped, "not due, or held by another worker")


def _attempted(channel: Channel, parcel: _Parcel, about: Finding, public_url: str,
               crash: Callable[[str], None]) -> Undelivered | None:
    """Render and send; None where the message was accepted."""
    alert = parcel.alert
    try:
        written: Message = message(about, reason=alert.reason, public_url=public_url, written_at=alert.created_at)
    except Exception as error:  # a fault of ours must not leave the row claimed for ever: it is stored, logged and retried
        log.exception("alert_not_rendered", alert=alert.id)
        return Undelivered(f"could not be put into words: {type(error).__name__}", retry=True)
    crash("deliver_before_send")
    try:
        channel.send(written, parcel.subscription.address, alert.id)
    except Undelivered as failure:
        return failure
    except Exception as error:  # as above; how far the channel got is not known
        log.exception("channel_broke", alert=alert.id, channel=parcel.subscription.channel)
        return Undelivered(f"the channel broke: {type(error).__name__}", retry=True, ambiguous=True)
    crash("deliver_after_send")
    return None


def _settle_delivered(database: Database, claim: Claim, at: datetime) -> Outcome:
    with database.writing() as session:
        ours = mark_delivered(session, claim, at)
    return Outcome(Result.delivered, "accepted" if ours else "accepted, though another worker had taken it over")


def _settle_failure(database: Database, parcel: _Parcel, claim: Claim, failure: Undelivered, at: datetime) -> Outcome:
    subscription = parcel.subscription
    retry = after_failure(failure, subscription.channel, attempts=claim.attempt, ambiguous=claim.ambiguous,
                          created_at=parcel.alert.created_at, now=at)
    with database.writing() as session:
        if retry.at is None:
            mark_failed(session, claim, retry.reason, ambiguous=failure.ambiguous)
            if failure.address_gone and subscription.id is not None:
                disable_subscription(session, subscription.id, retry.reason)
            return Outcome(Result.failed, retry.reason)
        mark_for_retry(session, claim, retry.reason, retry.at, ambiguous=failure.ambiguous)
        if failure.retry_after is not None:
            hold_back(session, subscription.channel, subscription.address, retry.at)
        return Outcome(Result.retry, retry.reason, retry.at)


def _noted(parcel: _Parcel, outcome: Outcome, attempt: int | None) -> Outcome:
    """Log how it ended. The address is personal or secret: the subscription's number stands for it."""
    log.info(f"alert_{outcome.result.value}", alert=parcel.alert.id, subscription=parcel.subscription.id, attempt=attempt,
             channel=parcel.subscription.channel, reason=outcome.reason, next_attempt_at=outcome.next_attempt_at)
    return outcome
