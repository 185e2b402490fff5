"""The shelf: what the crawler asks of the store, off the reactor's thread.

A database call can wait for seconds (a lock, a slow disk), and in the reactor's thread every download would wait with it. So
each call runs in a small pool of threads, in one transaction, and is awaited.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

import structlog

from store.articles import FetchedPage, store_page, unstored
from store.database import Database
from store.health import beat
from store.sources import Looked, Source, any_due, finish_look, lease_due_sources, renew_leases

HEARTBEAT = "crawler"
THREADS = 4

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")


class Shelf:
    """The store as the crawler sees it. Every method is one transaction; errors of the database are raised as they are."""

    def __init__(self, database: Database, page_stored: Callable[[str], None]) -> None:
        """`page_stored` is called with an article's id after its commit, in a thread of the pool, and may raise."""
        self._database, self._page_stored = database, page_stored
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="shelf")

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking call, a parse for example, in the pool."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: call(*args, **kwargs))

    def close(self) -> None:
        """Wait for calls that still run, and close the connections."""
        self._threads.shutdown(wait=True)
        self._database.close()

    async def lease(self, now: datetime, due_by: datetime, *, until: datetime, limit: int) -> list[Source]:
        """See `store.sources.lease_due_sources`; the write lock is taken only if something is due."""
        return await self.run(self._lease, now, due_by, until, limit)

    async def renew(self, held: Mapping[str, datetime], until: datetime) -> set[str]:
        """See `store.sources.renew_leases`."""
        return await self.run(self._renew, held, until)

    async def finish(self, source_id: str, lease_until: datetime, looked: Looked) -> bool:
        """See `store.sources.finish_look`."""
        return await self.run(self._finish, source_id, lease_until, looked)

    async def unstored(self, links: Sequence[str]) -> list[str]:
        """See `store.articles.unstored`."""
        return await self.run(self._unstored, links)

    async def store(self, page: FetchedPage) -> str | None:
        """See `store.articles.store_page`; then says so by `page_stored`, whose failure loses nothing: the row is the queue."""
        return await self.run(self._store, page)

    async def beat(self, now: datetime) -> None:
        """Say that the crawler lives and reaches its database."""
        await self.run(self._beat, now)

    def _lease(self, now: datetime, due_by: datetime, until: datetime, limit: int) -> list[Source]:
        with self._database.reading() as session:
            if not any_due(session, now, due_by):
                return []
        with self._database.writing() as session:
            return lease_due_sources(session, now, due_by, until=until, limit=limit)

    def _renew(self, held: Mapping[str, datetime], until: datetime) -> set[str]:
        with self._database.writing() as session:
            return renew_leases(session, held, until)

    def _finish(self, source_id: str, lease_until: datetime, looked: Looked) -> bool:
        with self._database.writing() as session:
            return finish_look(session, source_id, lease_until, looked)

    def _unstored(self, links: Sequence[str]) -> list[str]:
        with self._database.reading() as session:
            return unstored(session, links)

    def _store(self, page: FetchedPage) -> str | None:
        with self._database.writing() as session:
            article_id = store_page(session, page)
        if article_id is not None:
            log.info("page_stored", article=article_id, source=page.source_id, url=page.url, bytes=len(page.body))
            try:
                self._page_stored(article_id)
            except Exception:  # the callable is not ours: whatever it raises, the page is stored and the sweep will find it
                log.exception("page_stored_call_failed", article=article_id)
        return article_id

    def _beat(self, now: datetime) -> None:
        with self._database.writing() as session:
            beat(session, HEARTBEAT, now)
