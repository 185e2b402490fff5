"""The crawler process: checks that it may run, then runs the spider in Scrapy's reactor until it is told to stop.

A reactor starts once in a process, so this is called once, from an entry point, in the main thread.
"""

import logging
import re
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.guard import is_inside, networks
from crawler.settings import DEADLINE, crawler_settings, user_agent
from crawler.shelf import Shelf
from crawler.spider import FollowSpider, Pace
from store.database import Database
from store.sources import followed_urls

_CONTACT = re.compile(r"(mailto:)?[^\s@()<>]+@[^\s@()<>]+\.[^\s@()<>]+|https?://[^\s()<>]+")


class ContactMissing(Exception):
    """Live sources are to be followed, and nobody could tell whom to write to. The message says what to set."""


def run(database_url: str, *, contact: str | None, allow_networks: Sequence[str], delay: float,
        page_stored: Callable[[str], None], poll_seconds: float = 1.0, lease_seconds: float = 120.0, once: bool = False,
        deadline: float = DEADLINE) -> None:
    """Follow the sources in the database until SIGTERM or SIGINT, then finish what is under way and return.

    `contact`: a mail or web address for the User-Agent; without one, nothing outside `allow_networks` (CIDR) is asked.
    `delay`: seconds between two requests to one host. `page_stored(article_id)` is called after each commit, in a thread.
    `poll_seconds`: how often an idle crawler asks for due sources. `lease_seconds`: how long a source stays with a crawler
    that died. `once`: look at everything that is due now, and return. `deadline`: seconds for one request, to its last byte.

    Raises ContactMissing if a source is live and there is no contact, ValueError for a network that is none, and
    RuntimeError if Scrapy could not start.
    """
    database = Database(database_url)
    check_contact(database, contact, allow_networks)
    settings = crawler_settings(agent=user_agent(_version(), contact), delay=delay, allow_networks=allow_networks,
                                public=contact is not None, deadline=deadline)
    process = _quiet_process(settings)
    shelf = Shelf(database, page_stored)
    try:
        process.crawl(FollowSpider, shelf=shelf, pace=Pace(poll_seconds, lease_seconds, once))
        process.start(install_signal_handlers=False)  # the spider has its own, which drain
    finally:
        shelf.close()
    if process.bootstrap_failed:
        raise RuntimeError("the crawler could not start: the log has the reason")


def check_contact(database: Database, contact: str | None, allow_networks: Sequence[str]) -> None:
    """Raise ContactMissing if a followed source lies outside `allow_networks` and there is no usable contact."""
    if contact is not None:
        if not _CONTACT.fullmatch(contact):
            raise ContactMissing(f"SAYSO_CONTACT is {contact!r}: set it to a mail address (press@example.org) or a web address "
                                 "(https://example.org/bot), so that a site can reach you")
        return
    allowed = networks(allow_networks)
    with database.reading() as session:
        live = [source_id for source_id, url in followed_urls(session) if not is_inside(url, allowed)]
    if live:
        shown = ", ".join(live[:3]) + (f" and {len(live) - 3} more" if len(live) > 3 else "")
        count = "1 source is" if len(live) == 1 else f"{len(live)} sources are"
        raise ContactMissing(f"{count} live ({shown}): set SAYSO_CONTACT to a mail or web address, which every request will "
                             "carry, so that a site that is bothered can reach you")


def _quiet_process(settings: Settings) -> AsyncCrawlerProcess:
    """A Scrapy process of which only errors are heard: what happens to a source is logged by this room, under its name."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)  # it sets the levels of its loggers itself, and then greets us
    try:
        process = AsyncCrawlerProcess(settings)
    finally:
        logging.disable(before)
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return process


def _version() -> str:
    try:
        return version("sayso")
    except PackageNotFoundError:  # run from a checkout
        return "dev"
