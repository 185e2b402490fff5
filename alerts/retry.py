"""When a delivery that failed is tried again, and when it is given up: a decision from the failure and the alert's age.

Mail: a greylisting server wants a second visit within minutes, and a server that is down for a weekend is no reason to
lose anything; RFC 5321 4.5.4.1 asks for at least thirty minutes between tries in the long run and four to five days
before giving up. Slack: its servers say how long to wait, and otherwise doubling steps up to an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.channels import Undelivered

RETRY_AFTER_CAP = timedelta(hours=1)  # whatever a server asks for: it may be wrong, or not mean well
RETRY_AFTER_FLOOR = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a channel is worth trying."""

    steps: tuple[timedelta, ...]        # the waits after the first, second … failure; the last one goes on
    life: timedelta                     # from the alert's creation; after that an attempt that fails is the last
    ambiguous_limit: int | None = None  # so many copies may have arrived already; None: no limit but life


PATIENCE = {
    # A connection lost after the final dot is rare; a server where it happens each time is broken, not busy, and would
    # fill the reader's inbox with copies for five days.
    "email": Patience(tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120)), timedelta(days=5), ambiguous_limit=5),
    "slack": Patience((*(timedelta(seconds=30 * 2**n) for n in range(7)), timedelta(hours=1)), timedelta(days=5)),
}
OTHERWISE = Patience(PATIENCE["slack"].steps, timedelta(days=5))


@dataclass(frozen=True, slots=True)
class Retry:
    """When to try again (None: never) and why that is so."""

    at: datetime | None
    reason: str


def after_failure(failure: Undelivered, channel: str, *, attempts: int, ambiguous: int, created_at: datetime,
                  now: datetime) -> Retry:
    """Decide what follows `failure` of the attempt number `attempts` (from 1); `ambiguous` counts earlier unseen endings."""
    patience = PATIENCE.get(channel, OTHERWISE)
    if not failure.retry:
        return Retry(None, failure.reason)
    copies = ambiguous + int(failure.ambiguous)
    if failure.ambiguous and patience.ambiguous_limit is not None and copies > patience.ambiguous_limit:
        return Retry(None, f"{failure.reason}; it may have arrived {copies} times already")
    wait = patience.steps[min(attempts, len(patience.steps)) - 1]
    if failure.retry_after is not None:
        asked = timedelta(seconds=min(failure.retry_after, RETRY_AFTER_CAP.total_seconds()))
        wait = max(asked, RETRY_AFTER_FLOOR)
    if now + wait - created_at > patience.life:
        return Retry(None, f"given up after {patience.life.days} days: {failure.reason}")
    return Retry(now + wait, failure.reason)
