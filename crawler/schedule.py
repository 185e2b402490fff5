"""When a source is looked at next, and when a page that failed is tried again: pure decisions over `now`, with reasons."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.outcome import Outcome

DAY = 86_400.0
SHORTEST = 1.0          # seconds between two looks, whatever is configured: nothing hot-loops
JITTER = 0.1            # of the interval, so that sources that started together drift apart
PAGE_RETRY = 900.0      # seconds before a page that failed is tried again, times the failures so far
PAGE_TRIES = 5          # then it waits a day, like one that fails lastingly
REMEMBERED_PAGES = 50_000


@dataclass(frozen=True, slots=True)
class NextLook:
    """When a source is due again, how many looks in a row have failed by then, and why."""

    at: datetime
    failures: int
    reason: str


def next_look(now: datetime, *, interval: float, outcome: Outcome, failures: int, retry_after: float | None = None,
              jitter: float = 0.0) -> NextLook:
    """When to look again after a look that ended in `outcome`, with `failures` failed looks in a row before it.

    Success: the interval. Failure: one interval more for each in a row, up to a day, and a day at once for what is gone.
    What the server asked for (`retry_after`, seconds) is waited out, up to a day. `jitter` is drawn by the caller from -1 to 1.
    """
    if outcome is Outcome.interrupted:
        return NextLook(now, failures, "at once: the crawler was asked to stop in the middle")
    interval = max(interval, SHORTEST)
    if outcome.succeeded:
        failures, wait, why = 0, interval, "one interval"
    elif outcome is Outcome.gone:
        failures, wait, why = failures + 1, max(interval, DAY), "a day: the address is gone"
    else:
        failures += 1
        wait, why = min(interval * (1 + failures), max(interval, DAY)), f"backing off after {failures} in a row"
    wait *= 1 + JITTER * jitter
    if retry_after is not None and min(retry_after, DAY) > wait:
        wait, why = min(retry_after, DAY), "the server asked for it"
    return NextLook(now + timedelta(seconds=max(wait, SHORTEST)), failures, why)


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110 10.2.3: a number or a date), at most a day, or None."""
    text = (header or "").strip()[:64]
    if text.isascii() and text.isdigit():
        return min(float(text), DAY)
    try:
        moment = parsedate_to_datetime(text)
        wait = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError, TypeError, IndexError):  # what it raises for one bad date or another
        return None
    return min(wait, DAY) if wait > 0 else None


@dataclass(frozen=True, slots=True)
class _Failed:
    failures: int
    not_before: float
    given_up: bool


class PageMemory:
    """Which pages are not to be asked for now, because they failed a short while ago. Bounded; forgotten with the process.

    A restart costs one more request for each page that is still listed and still fails, which is why this needs no table.
    Times are seconds of a monotonic clock.
    """

    def __init__(self, limit: int = REMEMBERED_PAGES) -> None:
        """Remember at most `limit` pages; the one that failed longest ago is forgotten first."""
        self._limit = limit
        self._failed: OrderedDict[str, _Failed] = OrderedDict()

    def failed(self, url: str, now: float, *, lasting: bool) -> bool:
        """Remember a failure; True if the page is given up for a day."""
        before = self._failed.pop(url, None)
        failures = 1 if before is None else before.failures + 1
        given_up = lasting or failures >= PAGE_TRIES
        self._failed[url] = _Failed(failures, now + (DAY if given_up else PAGE_RETRY * failures), given_up)
        if len(self._failed) > self._limit:
            self._failed.popitem(last=False)
        return given_up

    def waits(self, url: str, now: float) -> bool:
        """Whether it is too early to ask for `url` again."""
        return url in self._failed and now < self._failed[url].not_before

    def given_up(self, url: str) -> bool:
        """Whether `url` failed so often, or so finally, that its source counts as read without it."""
        return url in self._failed and self._failed[url].given_up
