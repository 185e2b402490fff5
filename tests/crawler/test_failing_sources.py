"""One round of a real crawler over sources that fail, each in its own way, and over a feed that leads to forbidden addresses.

The round is run once for the whole file; each test looks at one thing that it left behind.
"""

import re
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from store.articles import Article
from store.sources import Source

MB = 1024 * 1024


@dataclass
class Round:
    """The sources after the round, what the crawler logged, and the origins that were asked."""

    sources: dict[str, Source]
    stored: dict[str, list[str]]      # source: the paths of its articles
    origins: dict[str, Any]
    run: Any
    before: datetime

    def failed(self, source_id: str) -> list[dict[str, Any]]:
        """What was logged of the source's pages that failed."""
        return [event for event in self.run.events("page_failed") if event["source"] == source_id]


def _broken(make: Any, follow: Any) -> dict[str, Any]:
    """Sources that fail, each in its own way."""
    denied, mute, broken = make("127.0.0.1"), make("127.0.0.1"), make("127.0.0.1")
    denied.say("/robots.txt", "User-agent: *\nDisallow: /")
    mute.say("/robots.txt", "User-agent: *\nAllow: /", status=500)
    for site in (denied, mute):
        site.feed("/rss", "/a")
        site.pages("/a")
    follow("denied", f"{denied.url}/rss")
    follow("mute", f"{mute.url}/rss")
    follow("mute-too", f"{mute.url}/other")
    for status in (403, 404, 410, 500, 503):
        broken.say(f"/{status}", status=status)
        follow(f"says-{status}", f"{broken.url}/{status}")
    broken.say("/429", status=429, headers={"Retry-After": "7200"})
    broken.say("/html", "<html><body>Welcome</body></html>")
    broken.say("/empty", b"")
    broken.say("/large", b"<rss>" + b" " * (5 * MB), headers={"Content-Type": "application/rss+xml"})
    broken.say("/drip", b"<rss><channel>" + b" " * 500, drip=0.05)
    broken.say("/to-ftp", status=302, headers={"Location": "ftp://127.0.0.1/feed"})
    broken.say("/circle", status=302, headers={"Location": "/circle2"})
    broken.say("/circle2", status=302, headers={"Location": "/circle"})
    broken.feed("/slow-down", "/p1", "/p2", "/p3")
    broken.pages("/p1", "/p3")
    broken.say("/p2", status=503, headers={"Retry-After": "3600"})
    broken.feed("/dying", *(f"/dead{number}" for number in range(6)))
    for number in range(6):
        broken.say(f"/dead{number}", status=500)
    for path in ("429", "html", "empty", "large", "drip", "to-ftp", "circle", "slow-down", "dying"):
        follow(path, f"{broken.url}/{path}")
    gone = make("127.0.0.1")
    follow("refusing", f"{gone.url}/rss")
    gone.close()
    return {"denied": denied, "mute": mute, "broken": broken}


def _forbidden(make: Any, follow: Any) -> dict[str, Any]:
    """Servers at addresses that are not allowed, and a feed that leads to them in as many notations as a name can be written."""
    near, canary, canary6 = make("127.0.0.1"), make("127.0.0.2"), make("::1")
    port = canary.port
    hosts = [f"127.0.0.2:{port}", f"127.2:{port}", f"2130706434:{port}", f"0x7f.2:{port}", f"0177.0.0.2:{port}", f"[::1]:{canary6.port}",
             f"0.0.0.0:{near.port}", f"[::ffff:127.0.0.2]:{port}", f"[::]:{canary6.port}", f"0:{port}"]
    near.feed("/rss", *(f"http://{host}/" for host in hosts), "/hop")
    near.say("/hop", status=302, headers={"Location": f"http://127.0.0.2:{port}/secret"})
    follow("leads-away", f"{near.url}/rss")
    follow("is-away", f"{canary.url}/rss")
    return {"near": near, "canary": canary, "canary6": canary6}


def _self_signed(make: Any, follow: Any, folder: Path) -> dict[str, Any]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    secure = make("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    secure.server.socket = context.wrap_socket(secure.server.socket, server_side=True)
    secure.feed("/rss", "/a")
    follow("self-signed", f"https://127.0.0.1:{secure.port}/rss")
    return {"secure": secure}


@pytest.fixture(scope="module")
def after(make_newsroom: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """The round. Of loopback only 127.0.0.1 is allowed, so that everything else on it stands for what is forbidden."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("round")
        newsroom = make_newsroom(folder, stack)
        origins = _broken(newsroom.origin, newsroom.follow) | _forbidden(newsroom.origin, newsroom.follow)
        origins |= _self_signed(newsroom.origin, newsroom.follow, folder)
        before = datetime.now(UTC)
        run = newsroom.start(once=True, allow_networks=["127.0.0.1/32"], deadline=1.5, contact="desk@example.org")
        assert run.wait(60) == 0, run.errors
        with newsroom.database.reading() as session:
            sources = {source.id: source for source in session.exec(select(Source))}
            stored: dict[str, list[str]] = {source_id: [] for source_id in sources}
            for source_id, url in session.exec(select(Article.source_id, Article.url).order_by(Article.url)):
                stored[source_id].append("/" + url.split("/", 3)[3])
        yield Round(sources, stored, origins, run, before)


OUTCOMES = {
    "denied": "robots_denied", "mute": "robots_unreachable", "mute-too": "robots_unreachable", "leads-away": "ok",
    "says-403": "http_4xx", "says-404": "not_found", "says-410": "gone", "says-500": "http_5xx", "says-503": "http_5xx",
    "429": "rate_limited", "html": "parse_error", "empty": "parse_error", "large": "too_large", "drip": "timeout",
    "to-ftp": "redirect_refused", "circle": "redirect_loop", "refusing": "connection_refused", "is-away": "address_refused",
    "self-signed": "tls_error", "slow-down": "http_5xx", "dying": "http_5xx",
}


@pytest.mark.parametrize(("source_id", "outcome"), OUTCOMES.items())
def test_every_source_ends_in_its_named_outcome(after: Round, source_id: str, outcome: str) -> None:
    assert after.sources[source_id].outcome == outcome, after.sources[source_id].outcome_reason


def test_every_source_is_in_the_table_of_outcomes(after: Round) -> None:
    assert set(after.sources) == set(OUTCOMES)


def test_every_lease_was_given_back_and_a_failing_source_waits_longer_than_its_interval(after: Round) -> None:
    for source in after.sources.values():
        assert source.lease_until is None
        if source.outcome != "ok":
            assert source.failures == 1
            assert source.next_check_at > after.before + timedelta(seconds=1_500)


def test_what_is_gone_is_left_alone_for_a_day(after: Round) -> None:
    assert after.sources["says-410"].next_check_at > after.before + timedelta(hours=20)


def test_nothing_is_fetched_where_robots_txt_says_no_or_does_not_say(after: Round) -> None:
    assert after.stored["denied"] == after.stored["mute"] == []
    assert after.origins["denied"].paths() == after.origins["mute"].paths() == []


def test_a_robots_txt_that_is_out_of_order_is_asked_for_once_for_all_sources_of_its_host(after: Round) -> None:
    assert [asked.path for asked in after.origins["mute"].asked] == ["/robots.txt"]
    assert all("robots.txt was answered with HTTP 500" in after.sources[name].outcome_reason for name in ("mute", "mute-too"))


def test_retry_after_is_waited_out_for_the_source_and_for_its_pages(after: Round) -> None:
    assert after.sources["429"].next_check_at >= after.before + timedelta(seconds=7_200)
    assert after.sources["slow-down"].next_check_at >= after.before + timedelta(seconds=3_600)
    assert after.stored["slow-down"] == ["/p1"]
    assert "/p3" not in after.origins["broken"].paths()


def test_a_look_leaves_a_host_alone_after_three_failing_pages(after: Round) -> None:
    assert [event["url"].rpartition("/")[2] for event in after.failed("dying")] == ["dead0", "dead1", "dead2"]


def test_a_certificate_that_nobody_vouches_for_is_refused_by_name(after: Round) -> None:
    assert "TLS" in after.sources["self-signed"].outcome_reason
    assert after.origins["secure"].paths() == []


@pytest.mark.parametrize("canary", ["canary", "canary6"])
def test_no_notation_of_a_forbidden_address_is_ever_dialled(after: Round, canary: str) -> None:
    assert after.origins[canary].connections == 0


def test_every_notation_of_a_forbidden_address_is_refused_by_the_guard_and_so_is_a_redirect_to_one(after: Round) -> None:
    refused = after.failed("leads-away")
    assert {event["outcome"] for event in refused} == {"address_refused"}
    assert len(refused) == int(re.match(r"(\d+) links", after.sources["leads-away"].outcome_reason)[1]) > 8


def test_nothing_ended_without_a_name_and_scrapy_kept_quiet(after: Round) -> None:
    for unnamed in ("look_broke", "fetch_broke", "look_not_recorded", "store_unavailable"):
        assert after.run.events(unnamed) == []
    assert after.run.errors == ""
