"""The spider: leases sources that are due, looks at many at the same time, and gives each lease back with what it found.

It is one coroutine in Scrapy's reactor that never ends by itself. Scrapy downloads (robots.txt, delays, redirects, TLS, caps);
the queue is the database, so Scrapy's own scheduler has nothing to hold. Feeds, sitemaps and listings differ only in how their
bytes become links (`look.links_of`), so one spider serves all three.
"""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

import structlog
from scrapy import Spider

from crawler.fetch import fetch
from crawler.look import look
from crawler.outcome import LookResult, Outcome
from crawler.schedule import PageMemory, next_look
from crawler.settings import MAX_LOOKS
from crawler.shelf import Shelf
from store.sources import Looked, Source

HEARTBEAT_SECONDS = 20.0    # health expects one a minute
DRAIN_SECONDS = 10.0        # what downloads under way are given when the crawler is asked to stop
LONGEST_PAUSE = 30.0        # between two tries to reach a database that does not answer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the spider asks for due sources, how long a lease lasts without renewal, and whether it ends when none is due."""

    poll_seconds: float = 1.0
    lease_seconds: float = 120.0
    once: bool = False


@dataclass(slots=True)
class _Held:
    """A look under way, and the end of its lease, which is also the token that it is ours."""

    task: asyncio.Task[None]
    lease_until: datetime


class FollowSpider(Spider):
    """Follows every source of the store until it is told to stop."""

    name = "follow"

    def __init__(self, *, shelf: Shelf, pace: Pace, **kwargs: Any) -> None:
        """Made by Scrapy, with what `process.run` hands it."""
        super().__init__(**kwargs)
        self._shelf, self._pace = shelf, pace
        self._memory = PageMemory()
        self._held: dict[str, _Held] = {}
        self._leases = asyncio.Lock()       # renewing and finishing change the same row, one after the other
        self._wake = asyncio.Event()        # a look ended, or it is time to stop
        self._stopping = False
        self._next_beat = 0.0

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's way in: work until it is time to stop. It yields no request; the looks download by themselves."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        log.info("crawler_started", user_agent=self.settings["USER_AGENT"], delay=self.settings.getfloat("DOWNLOAD_DELAY"))
        await self._work()
        await self._drain()
        log.info("crawler_stopped")
        return
        yield  # what makes this the generator that Scrapy asks for

    def _stop(self, number: int) -> None:
        """Stop after the downloads under way. A second signal changes nothing: Ctrl-C in a terminal reaches us more than once."""
        if not self._stopping:
            log.info("crawler_stopping", signal=signal.Signals(number).name, looks=len(self._held))
        self._stopping = True
        self._wake.set()

    async def _work(self) -> None:
        started, pause = datetime.now(UTC), self._pace.poll_seconds
        while not self._stopping:
            leased = 0
            self._wake.clear()
            try:
                await self._beat()
                await self._renew()
                leased = await self._lease(started)
                pause = self._pace.poll_seconds
            except Exception:  # the database does not answer: the looks under way go on, and we ask again, less and less often
                log.exception("store_unavailable", again_in=pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            if self._pace.once and not leased and not self._held:
                return
            await self._sleep(pause)

    async def _lease(self, started: datetime) -> int:
        free = MAX_LOOKS - len(self._held)
        if free <= 0 or self._stopping:
            return 0
        now = datetime.now(UTC)
        until = now + timedelta(seconds=self._pace.lease_seconds)
        due_by = started if self._pace.once else now
        sources = await self._shelf.lease(now, due_by, until=until, limit=free)
        for source in sources:
            task = asyncio.create_task(self._look(source), name=f"look {source.id}")
            self._held[source.id] = _Held(task, until)
        return len(sources)

    async def _look(self, source: Source) -> None:
        began = monotonic()
        try:
            result = await look(source, fetch=partial(fetch, self.crawler.engine), shelf=self._shelf, memory=self._memory,
                                stopping=lambda: self._stopping)
        except asyncio.CancelledError:  # only `_drain` and `_renew` cancel, and both want the lease given back
            result = LookResult(Outcome.interrupted, "the crawler was asked to stop")
        except Exception as error:  # the boundary of a look: what has no name yet gets one, and the source backs off
            log.exception("look_broke", source=source.id)
            result = LookResult(Outcome.error, f"a fault of the crawler: {type(error).__name__}")
        try:
            await self._finish(source, result, monotonic() - began)
        except Exception:  # the database does not answer: the lease runs out by itself
            log.exception("look_not_recorded", source=source.id, outcome=result.outcome.value)
        finally:
            self._held.pop(source.id, None)
            self._wake.set()

    async def _finish(self, source: Source, result: LookResult, seconds: float) -> None:
        now = datetime.now(UTC)
        following = next_look(now, interval=source.interval, outcome=result.outcome, failures=source.failures,
                              retry_after=result.retry_after, jitter=random.uniform(-1, 1))  # noqa: S311 (no secret)
        validators = None
        if result.outcome.succeeded:
            validators = (result.etag, result.last_modified) if result.complete else (None, None)
        looked = Looked(result.outcome.value, result.reason, now, following.at, following.failures, validators)
        async with self._leases:
            held = self._held.get(source.id)
            kept = held is not None and await self._shelf.finish(source.id, held.lease_until, looked)
        report = log.info if result.outcome.succeeded or result.outcome is Outcome.interrupted else log.warning
        report("source_looked_at", source=source.id, outcome=result.outcome.value, reason=result.reason, links=result.links,
               stored=result.stored, failed=result.failed, failures=following.failures, next=following.reason,
               next_check_at=following.at.isoformat(timespec="seconds"), seconds=round(seconds, 2), lease_lost=not kept)

    async def _renew(self) -> None:
        """Hold on to looks that take long; a lease that another crawler took over meanwhile ends the look."""
        now = datetime.now(UTC)
        half = timedelta(seconds=self._pace.lease_seconds / 2)
        until = now + timedelta(seconds=self._pace.lease_seconds)
        async with self._leases:
            ending = {source_id: held.lease_until for source_id, held in self._held.items() if held.lease_until - now < half}
            if not ending:
                return
            ours = await self._shelf.renew(ending, until)
            for source_id in ending:
                held = self._held[source_id]
                if source_id in ours:
                    held.lease_until = until
                else:
                    log.warning("lease_lost", source=source_id)
                    held.task.cancel()

    async def _beat(self) -> None:
        if monotonic() >= self._next_beat:
            await self._shelf.beat(datetime.now(UTC))
            self._next_beat = monotonic() + HEARTBEAT_SECONDS

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    async def _drain(self) -> None:
        """Let the downloads under way end, and give back the leases of those that take too long."""
        tasks = [held.task for held in self._held.values()]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=DRAIN_SECONDS)
