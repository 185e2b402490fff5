"""Whether the whole is well: the figures of `store/counts.py` and the time in, a status with its reasons out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from store.counts import FAILING_LOOKS, Vitals
from web.wording import count, span

EXPECTED = ("crawler", "worker")
"""The processes without which nothing is found; each must have a heartbeat."""

HEARTBEAT_LATE = timedelta(minutes=5)      # the sweep beats each minute: five missed are no accident
ARTICLE_LATE = timedelta(minutes=15)       # reading and judging take seconds; the sweep rings again each minute
ALERT_LATE = timedelta(minutes=15)         # past its due time; a delivery that backs off has a later due time


class Status(StrEnum):
    """The answer in one word."""

    ok = "ok"
    degraded = "degraded"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is not well, and what a person can do about it."""

    code: str
    message: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Condition:
    """How the whole is; `degraded` always has reasons, `ok` has none."""

    status: Status
    reasons: tuple[Reason, ...]


def condition(vitals: Vitals | None, now: datetime) -> Condition:
    """What `vitals` say at `now`; None stands for a database that did not answer."""
    if vitals is None:
        reasons = [Reason("database_unavailable", "The database does not answer.",
                          "Check that the database runs, that SAYSO_DATABASE_URL leads to it, and that its disk has space.")]
    else:
        reasons = [*_silent(vitals, now), *_late(vitals, now), *_undelivered(vitals), *_sources(vitals)]
    return Condition(Status.degraded if reasons else Status.ok, tuple(reasons))


def _silent(vitals: Vitals, now: datetime) -> list[Reason]:
    found = []
    for name in sorted({*EXPECTED, *vitals.heartbeats}):
        at = vitals.heartbeats.get(name)
        restart = f"Start it with `sayso {name}`, or all with `sayso run`." if name in EXPECTED else "Restart `sayso run`."
        if at is None:
            found.append(Reason(f"{name}_unseen", f"The {name} has never reported.", restart))
        elif now - at > HEARTBEAT_LATE:
            silence = span((now - at).total_seconds())
            found.append(Reason(f"{name}_silent", f"The {name} has not reported for {silence}.",
                                f"Look at its log. {restart}"))
    return found


def _late(vitals: Vitals, now: datetime) -> list[Reason]:
    found = []
    if vitals.oldest_waiting_at is not None and now - vitals.oldest_waiting_at > ARTICLE_LATE:
        waited = span((now - vitals.oldest_waiting_at).total_seconds())
        found.append(Reason(
            "articles_wait", f"{count(sum(vitals.waiting.values()), 'article')} in the queue, the oldest for {waited}.",
            "If the worker reports, give it more processes (SAYSO_WORKERS); if not, start it."))
    if vitals.oldest_due_alert_at is not None and now - vitals.oldest_due_alert_at > ALERT_LATE:
        waited = span((now - vitals.oldest_due_alert_at).total_seconds())
        found.append(Reason(
            "alerts_wait", f"An alert should have gone out {waited} ago.",
            "Check that the worker runs and that SAYSO_SMTP_HOST is set if there are subscriptions by email."))
    return found


def _undelivered(vitals: Vitals) -> list[Reason]:
    found = []
    if vitals.failed_alerts:
        found.append(Reason(
            "alerts_failed", f"{count(vitals.failed_alerts, 'alert')} of the last 24 hours could not be delivered.",
            "Correct the address or the webhook of the subscription; each alert keeps its last error."))
    if vitals.disabled_subscriptions:
        found.append(Reason(
            "subscriptions_disabled", f"{count(vitals.disabled_subscriptions, 'subscription')} switched off: undeliverable.",
            "Correct the address and switch the subscription on again."))
    return found


def _sources(vitals: Vitals) -> list[Reason]:
    if vitals.sources == 0:
        return [Reason("no_sources", "No source is followed.",
                       "Start `sayso crawler`, which reads the catalogue (SAYSO_SOURCES), or add an entry to it.")]
    if vitals.failing_sources * 2 > vitals.sources:
        return [Reason(
            "sources_fail",
            f"{vitals.failing_sources} of {vitals.sources} sources failed at least {FAILING_LOOKS} times in a row.",
            "So many at once is rarely their fault: check this machine's network and name resolution.")]
    return []
