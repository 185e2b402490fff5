"""One look at one source, from its address to its last new page: the crawler's trade in one straight function.

Pages are fetched one after the other and each is stored at once, so a look can be stopped anywhere and loses nothing: what is
left is found again by the next look, because the listing's validators are kept only when nothing was left.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from crawler.catalogue import Follow
from crawler.failures import FetchError
from crawler.feeds import FeedError, parse_feed
from crawler.fetch import Fetched
from crawler.links import Link, web_address
from crawler.listings import ListingError, parse_listing
from crawler.outcome import LookResult, Outcome
from crawler.schedule import PageMemory
from crawler.settings import MAX_LISTING
from crawler.shelf import Shelf
from crawler.sitemaps import SitemapError, parse_sitemap
from store.articles import FetchedPage
from store.sources import Source

PAGES_PER_LOOK = 50
"""Pages that one look fetches; the rest is for the next looks, so that a source that is new does not hold its host for hours."""

FAILURES_PER_LOOK = 3
"""Pages in a row that may fail for a moment's reason (a timeout, a 500) before the look leaves the host alone."""

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})

_Stop = tuple[Outcome, str, float | None]   # the outcome, reason and Retry-After that end a look

log = structlog.get_logger()


class Fetch(Protocol):
    """How a look reaches the web: `fetch.fetch` with the engine filled in."""

    def __call__(self, url: str, *, languages: tuple[str, ...] = (), max_size: int | None = None, etag: str | None = None,
                 last_modified: str | None = None) -> Awaitable[Fetched]:
        """Fetch a URL or raise FetchError."""


@dataclass(slots=True)
class _Tally:
    """What became of the links of one look so far."""

    links: int = 0
    stored: int = 0
    failed: int = 0
    left: int = 0           # not fetched, or to be tried again: the next look must find them
    in_a_row: int = 0


async def look(source: Source, *, fetch: Fetch, shelf: Shelf, memory: PageMemory, stopping: Callable[[], bool]) -> LookResult:
    """Look at `source`: fetch its listing, then every page that is not stored yet, and store it.

    `stopping` is asked between pages. Every failure of the web is an outcome in the result; errors of the database are raised.
    """
    try:
        listing = await fetch(source.url, languages=tuple(source.languages), max_size=MAX_LISTING, etag=source.etag,
                              last_modified=source.last_modified)
    except FetchError as error:
        return LookResult(error.outcome, error.reason, retry_after=error.retry_after)
    if listing.status == 304:
        return LookResult(Outcome.not_modified, "nothing new", source.etag, source.last_modified, complete=True)
    try:
        links = await shelf.run(links_of, source, listing)
    except (FeedError, SitemapError, ListingError) as error:
        return LookResult(Outcome.parse_error, str(error))
    wanted = await shelf.unstored([link.url for link in links])
    tally = _Tally(links=len(links), left=max(0, len(wanted) - PAGES_PER_LOOK))
    by_url = {link.url: link for link in links}
    todo = wanted[:PAGES_PER_LOOK]
    stopped: _Stop | None = None
    for done, url in enumerate(todo):
        if stopping():
            stopped = Outcome.interrupted, "the crawler was asked to stop", None
        else:
            stopped = await _page(source, by_url[url], fetch=fetch, shelf=shelf, memory=memory, tally=tally)
        if stopped is not None:
            tally.left += len(todo) - done
            break
    outcome, reason, retry_after = stopped or (Outcome.ok, _summary(tally), None)
    return LookResult(outcome, reason, listing.etag, listing.last_modified, retry_after, complete=tally.left == 0,
                      links=tally.links, stored=tally.stored, failed=tally.failed)


def links_of(source: Source, listing: Fetched) -> list[Link]:
    """The links of a fetched listing, by the source's way of following. Raises the parser's error."""
    zone = zone_of(source.timezone)
    match source.follow:
        case Follow.feed:
            return parse_feed(listing.body, listing.url, zone)
        case Follow.sitemap:
            return parse_sitemap(listing.body, listing.url, zone)
        case _:
            return parse_listing(listing.body, listing.url, selector=source.selector, charset=listing.charset, zone=zone)


def zone_of(name: str | None) -> tzinfo:
    """The source's time zone; UTC where it names none, or one that this machine does not know."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


async def _page(source: Source, link: Link, *, fetch: Fetch, shelf: Shelf, memory: PageMemory,
                tally: _Tally) -> _Stop | None:
    """Fetch and store one page; why the look must end here, or None if it goes on."""
    if memory.waits(link.url, monotonic()):
        tally.left += not memory.given_up(link.url)
        return None
    try:
        page = await fetch(link.url, languages=tuple(source.languages))
        _check(page)
    except FetchError as error:
        given_up = memory.failed(link.url, monotonic(), lasting=error.outcome.lasting)
        tally.failed += 1
        tally.left += not given_up
        tally.in_a_row = 0 if error.outcome.lasting else tally.in_a_row + 1
        log.info("page_failed", source=source.id, url=link.url, outcome=error.outcome.value, reason=error.reason,
                 given_up=given_up)
        if error.outcome is Outcome.rate_limited or error.retry_after is not None or tally.in_a_row == FAILURES_PER_LOOK:
            return error.outcome, error.reason, error.retry_after
        return None
    tally.in_a_row = 0
    stored = await asyncio.shield(shelf.store(FetchedPage(   # a page that was fetched is stored, whoever stops the look
        source_id=source.id, url=web_address(page.url) or page.url, link=link.url, hinted_title=link.title,
        hinted_at=link.published, fetched_at=datetime.now(UTC), etag=page.etag, last_modified=page.last_modified,
        content_type=page.content_type, body=page.body,
    )))
    if stored is None:  # its redirect led to a page that is stored: there is nothing to come back for
        memory.failed(link.url, monotonic(), lasting=True)
    tally.stored += stored is not None
    return None


def _check(page: Fetched) -> None:
    """Raise FetchError where a page has no text to read."""
    if page.media_type not in PAGE_TYPES:
        raise FetchError(Outcome.wrong_content, f"{page.url}: {page.media_type[:80]} is no page of text")
    if not page.body.strip():
        raise FetchError(Outcome.wrong_content, f"{page.url}: the page is empty")


def _summary(tally: _Tally) -> str:
    parts = [f"{tally.links} links", f"{tally.stored} new"]
    parts += [f"{tally.failed} failed"] * bool(tally.failed) + [f"{tally.left} left for later"] * bool(tally.left)
    return ", ".join(parts)
