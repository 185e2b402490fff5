"""robots.txt as RFC 9309 asks for it, for a process that runs for months.

Scrapy's middleware is made for one crawl: it keeps what it read for ever, parses an error page as rules, and takes a host
that cannot be reached for one that allows everything. This one keeps rules for a day, reads only an answer that is one,
and takes no answer for no.
"""

from asyncio import Future, get_running_loop, shield
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.failures import RobotsDenied, RobotsUnreachable, name_of_failure
from crawler.outcome import Outcome

KEPT = 86_400.0             # seconds that rules are used: RFC 9309 2.4 allows a day
UNREACHABLE_KEPT = 300.0    # seconds that "no answer" holds: less than the shortest usual interval between two looks
READ_LIMIT = 512 * 1024     # bytes that are read: RFC 9309 2.5 asks for 500 KiB at least
REMEMBERED_HOSTS = 10_000
LONGEST_CRAWL_DELAY = 60.0  # seconds; with more, one look at a source would last for hours


_HOST_FAULTS = frozenset({Outcome.timeout, Outcome.dns_error, Outcome.connection_refused, Outcome.connection_error,
                          Outcome.tls_error, Outcome.address_refused})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a host's robots.txt came to: rules, or the reason why there are none to be had. Neither means: no restriction."""

    rules: RobotParser | None = None
    unreachable: str | None = None
    outcome: Outcome = Outcome.robots_unreachable


def judge_answer(status: int) -> Verdict | None:
    """What the status of a robots.txt says by itself; None where its body is to be read.

    RFC 9309 2.3.1: 4xx is "unavailable", no restriction; 5xx is "unreachable", everything is disallowed. A host that asks for
    fewer requests (429) is taken as unreachable too, and so is a redirect that leads nowhere.
    """
    if 200 <= status < 300:
        return None
    if 400 <= status < 500 and status != 429:
        return Verdict()
    return Verdict(unreachable=f"robots.txt was answered with HTTP {status}")


class RobotsMiddleware(RobotsTxtMiddleware):
    """Asks each host for its robots.txt, once a day, and keeps to it, its Crawl-delay included."""

    def __init__(self, crawler: Crawler) -> None:
        """Start with nothing known."""
        super().__init__(crawler)
        self._verdicts: OrderedDict[str, tuple[float, Future[Verdict]]] = OrderedDict()   # host: (until, verdict)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules for `request`; raises RobotsUnreachable where there is no answer."""
        url = urlparse_cached(request)
        host = f"{url.scheme}://{url.netloc}"
        until, pending = self._verdicts.get(host, (0.0, None))
        if pending is None or (pending.done() and monotonic() >= until):
            pending = get_running_loop().create_future()
            self._verdicts[host] = (0.0, pending)
            verdict = Verdict(unreachable="the question for robots.txt was interrupted")
            try:
                verdict = await self._ask(host)
            finally:  # cancelled or not, whoever waits for the same host must not wait for ever
                kept = KEPT if verdict.unreachable is None else UNREACHABLE_KEPT
                self._verdicts[host] = (monotonic() + kept, pending)
                pending.set_result(verdict)
                self._forget_the_oldest()
        verdict = await shield(pending)  # one that is cancelled while it waits must not take the others along
        if verdict.unreachable is not None:
            raise RobotsUnreachable(verdict.outcome, verdict.unreachable)
        self._keep_crawl_delay(request, verdict.rules)
        return verdict.rules

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise RobotsDenied, which has a name, where Scrapy raises IgnoreRequest, which has many meanings."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsDenied(f"robots.txt of {urlparse_cached(request).netloc} disallows it") from error

    async def _ask(self, host: str) -> Verdict:
        request = Request(f"{host}/robots.txt", priority=self.DOWNLOAD_PRIORITY, callback=NO_CALLBACK,
                          meta={"dont_obey_robotstxt": True})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # whatever went wrong, there is no answer, and that is what it means
            outcome, reason = name_of_failure(error)
            found = outcome if outcome in _HOST_FAULTS else Outcome.robots_unreachable
            return Verdict(unreachable=f"robots.txt could not be fetched: {reason}", outcome=found)
        verdict = judge_answer(response.status)
        if verdict is not None:
            return verdict
        return Verdict(rules=ProtegoRobotParser.from_crawler(self.crawler, response.body[:READ_LIMIT]))

    def _keep_crawl_delay(self, request: Request, rules: RobotParser | None) -> None:
        """Slow down requests to the host where its Crawl-delay is longer than our own."""
        delay = rules.crawl_delay(self._robotstxt_useragent or "*") if rules is not None else None
        if delay is None:
            return
        downloader: Any = self.crawler.engine.downloader
        wanted = min(max(delay, self.crawler.settings.getfloat("DOWNLOAD_DELAY")), LONGEST_CRAWL_DELAY)
        slot_name = downloader.get_slot_key(request)
        downloader.per_slot_settings[slot_name] = {"delay": wanted}   # for the next time that the slot is made
        if slot_name in downloader.slots:
            downloader.slots[slot_name].delay = wanted

    def _forget_the_oldest(self) -> None:
        while len(self._verdicts) > REMEMBERED_HOSTS:
            oldest = next(iter(self._verdicts))
            if not self._verdicts[oldest][1].done():
                break
            del self._verdicts[oldest]
