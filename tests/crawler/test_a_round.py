"""One round of a real crawler over a scripted newsroom, and a second one: every behaviour of the web in two processes.

The two rounds are run once for the whole file; each test looks at one thing that they left behind.
"""

import gzip
import re
import ssl
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select, update

from store.articles import Article, Page
from store.health import Heartbeat
from store.sources import Source
from store.types import row_id

MB = 1024 * 1024
PDF = b"%PDF-1.7 no page of text"


@dataclass
class Round:
    """The newsroom after two rounds, and the origins that were asked."""

    newsroom: Any
    origins: dict[str, Any]
    first: Any
    second: Any
    after_first: dict[str, Source]
    before: datetime

    def articles(self, source_id: str) -> list[Article]:
        with self.newsroom.database.reading() as session:
            return list(session.exec(select(Article).where(Article.source_id == source_id).order_by(Article.url)))


def _news(make: Any, follow: Any) -> dict[str, Any]:
    """Two sites that work, followed in four ways, with pages that do not all."""
    news, other = make("127.0.0.1"), make("127.0.0.1")
    news.say("/robots.txt", "User-agent: *\nDisallow: /private\n\nUser-agent: Sayso\nDisallow: /private\nDisallow: /not-for-sayso\n")
    news.pages("/shared", "/a", "/b", "/target", "/private/c", "/not-for-sayso", "/rings")
    news.say("/moved", status=301, headers={"Location": "/target"})
    news.say("/to-file", status=302, headers={"Location": "file:///etc/hostname"})
    news.say("/loop", status=302, headers={"Location": "/loop"})
    news.say("/pdf", PDF, headers={"Content-Type": "application/pdf"})
    news.say("/large", b"", length=10 * MB + 1)
    news.say("/bomb", gzip.compress(b"<p>" * (4 * MB)), headers={"Content-Encoding": "gzip"})
    news.say("/packed", gzip.compress("<p>Diez años después.".encode("latin-1")),
             headers={"Content-Encoding": "gzip", "Content-Type": "text/html; charset=iso-8859-1", "ETag": '"p1"'})
    news.say("/broken-gzip", b"\x1f\x8b no gzip at all", headers={"Content-Encoding": "gzip"})
    news.say("/short", b"<p>half a page", length=4_000)
    news.feed("/rss", "/shared", "/a?utm_source=rss#top", "/moved", "/private/c", "/not-for-sayso", "/missing", "/rings")
    bad = ["/to-file", "/loop", "/pdf", "/large", "/bomb", "/packed"]
    news.feed("/bad", *bad)
    news.feed("/breaking", "/broken-gzip", "/short", headers={"ETag": '"b1"'})
    other.pages("/c", "/d")
    atom = (f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">Shared &amp;amp; told</title><link href="{news.url}/shared"/>'
            f'<published>2025-06-26T18:00:00-04:00</published></entry><entry><link rel="alternate" href="/c"/></entry></feed>')

    def conditional(headers: dict[str, str]) -> Any:
        known = headers.get("if-none-match") == '"v1"' and headers.get("if-modified-since") == "Thu, 26 Jun 2025 22:00:00 GMT"
        other.say("/_atom", atom, status=304 if known else 200, headers={
            "ETag": '"v1"', "Last-Modified": "Thu, 26 Jun 2025 22:00:00 GMT", "Content-Type": "application/atom+xml"})
        return other.answers["/_atom"]

    other.answers["/atom"] = conditional
    sitemap = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{other.url}/d</loc></url></urlset>"
    other.say("/sitemap.xml.gz", gzip.compress(sitemap.encode()), headers={"Content-Type": "application/gzip"})
    other.say("/press", "<ul><li class=n><a href='/c'>Comunicado</a><li class=n><a href='/d'>Otro</a></ul><a href='/imprint'>Legal</a>")
    follow("rss", f"{news.url}/rss")
    follow("bad", f"{news.url}/bad")
    follow("breaking", f"{news.url}/breaking")
    follow("atom", f"{other.url}/atom")
    follow("sitemap", f"{other.url}/sitemap.xml.gz", follow="sitemap")
    follow("listing", f"{other.url}/press", follow="listing", selector="li.n")
    return {"news": news, "other": other}


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


def _self_signed(make: Any, follow: Any, folder: Any) -> dict[str, Any]:
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
def rounds(make_newsroom: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """Two rounds over everything above."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("rounds")
        newsroom = make_newsroom(folder, stack)
        origins = _news(newsroom.origin, newsroom.follow) | _broken(newsroom.origin, newsroom.follow)
        origins |= _forbidden(newsroom.origin, newsroom.follow) | _self_signed(newsroom.origin, newsroom.follow, folder)
        options = {"once": True, "allow_networks": ["127.0.0.1/32"], "deadline": 1.5, "contact": "desk@example.org",
                   "raise_for": [row_id(f"{origins['news'].url}/rings", 1)]}
        before = datetime.now(UTC)
        first = newsroom.start(**options)
        assert first.wait(60) == 0, first.errors
        with newsroom.database.reading() as session:
            after_first = {source.id: source for source in session.exec(select(Source))}
        with newsroom.database.writing() as session:
            session.exec(update(Source).where(Source.id.in_(["rss", "atom", "bad", "breaking", "sitemap"])).values(next_check_at=None))
        for origin in origins.values():
            origin.asked.clear()
        second = newsroom.start(**options)
        assert second.wait(60) == 0, second.errors
        yield Round(newsroom, origins, first, second, after_first, before)


OUTCOMES = {
    "rss": "ok", "bad": "ok", "breaking": "ok", "atom": "ok", "sitemap": "ok", "listing": "ok", "leads-away": "ok",
    "denied": "robots_denied", "mute": "robots_unreachable", "mute-too": "robots_unreachable",
    "says-403": "http_4xx", "says-404": "not_found", "says-410": "gone", "says-500": "http_5xx", "says-503": "http_5xx",
    "429": "rate_limited", "html": "parse_error", "empty": "parse_error", "large": "too_large", "drip": "timeout",
    "to-ftp": "redirect_refused", "circle": "redirect_loop", "refusing": "connection_refused",
    "is-away": "address_refused", "self-signed": "tls_error", "slow-down": "http_5xx", "dying": "http_5xx",
}


@pytest.mark.parametrize(("source_id", "outcome"), OUTCOMES.items())
def test_every_source_ends_in_its_named_outcome(rounds: Round, source_id: str, outcome: str) -> None:
    assert rounds.after_first[source_id].outcome == outcome, rounds.after_first[source_id].outcome_reason


def test_every_source_is_in_the_table_of_outcomes(rounds: Round) -> None:
    assert set(rounds.after_first) == set(OUTCOMES)


def test_every_lease_was_given_back_and_every_next_look_is_later(rounds: Round) -> None:
    for source in rounds.after_first.values():
        assert source.lease_until is None
        assert source.next_check_at > rounds.before + timedelta(seconds=800)
        assert source.checked_at >= rounds.before


def test_a_page_is_stored_once_though_two_feeds_name_it(rounds: Round) -> None:
    url = f"{rounds.origins['news'].url}/shared"
    with rounds.newsroom.database.reading() as session:
        assert len(session.exec(select(Article).where(Article.url == url)).all()) == 1


def test_a_page_is_stored_as_it_was_served_with_what_its_feed_said(rounds: Round) -> None:
    url = f"{rounds.origins['news'].url}/packed"
    with rounds.newsroom.database.reading() as session:
        article = session.get(Article, row_id(url, 1))
        page = session.get(Page, row_id(url, 1))
    assert zlib.decompress(page.body) == "<p>Diez años después.".encode("latin-1")
    assert page.content_type == "text/html; charset=iso-8859-1"
    assert (article.stage, article.etag, article.hinted_title) == ("fetched", '"p1"', "About /packed")


def test_tracking_parameters_and_fragments_are_no_part_of_an_address(rounds: Round) -> None:
    assert {"/a", "/rings", "/target"} == {urlpath(article.url) for article in rounds.articles("rss")} - {"/shared"}


def test_a_redirected_page_is_known_by_both_its_addresses_and_not_asked_for_again(rounds: Round) -> None:
    moved = next(article for article in rounds.articles("rss") if article.url.endswith("/target"))
    assert moved.link == f"{rounds.origins['news'].url}/moved"
    assert not {"/moved", "/target"} & set(rounds.origins["news"].paths())


def test_the_second_round_asks_for_no_page_that_is_stored(rounds: Round) -> None:
    assert not {"/shared", "/a", "/rings", "/packed"} & set(rounds.origins["news"].paths())
    assert not {"/c", "/d"} & set(rounds.origins["other"].paths())


def test_a_304_stores_nothing_and_is_a_success(rounds: Round) -> None:
    source = rounds.newsroom.source("atom")
    assert (source.outcome, source.failures, source.etag) == ("not_modified", 0, '"v1"')
    assert [event["source"] for event in rounds.second.events("page_stored")] == []


def test_validators_are_kept_only_when_nothing_was_left(rounds: Round) -> None:
    assert rounds.after_first["atom"].etag == '"v1"'
    assert "1 left for later" not in rounds.after_first["bad"].outcome_reason
    assert rounds.after_first["breaking"].outcome_reason == "2 links, 0 new, 2 failed, 2 left for later"
    assert rounds.after_first["breaking"].etag is None


def test_pages_that_cannot_be_pages_are_failures_with_a_name(rounds: Round) -> None:
    failures = {urlpath(event["url"]): event["outcome"] for event in rounds.first.events("page_failed")}
    expected = {"/private/c": "robots_denied", "/not-for-sayso": "robots_denied", "/missing": "not_found", "/to-file": "redirect_refused",
                "/loop": "redirect_loop", "/pdf": "wrong_content", "/large": "too_large", "/bomb": "too_large",
                "/broken-gzip": "bad_encoding", "/short": "truncated"}
    assert {path: failures.get(path) for path in expected} == expected


def test_a_page_that_robots_txt_disallows_is_never_asked_for(rounds: Round) -> None:
    asked = {event["url"] for event in rounds.first.events("page_stored")}
    assert not any("/private" in url or "/not-for-sayso" in url for url in asked)
    assert rounds.articles("denied") == rounds.articles("mute") == []


def test_a_robots_txt_is_asked_for_once_though_two_sources_are_on_the_host(rounds: Round) -> None:
    reasons = {rounds.after_first[name].outcome_reason for name in ("mute", "mute-too")}
    assert all("robots.txt was answered with HTTP 500" in reason for reason in reasons)
    assert rounds.newsroom.source("mute").failures == 1


def test_a_body_that_expands_beyond_the_cap_is_not_kept(rounds: Round) -> None:
    assert [urlpath(article.url) for article in rounds.articles("bad")] == ["/packed"]


def test_a_certificate_that_nobody_vouches_for_is_refused_by_name(rounds: Round) -> None:
    assert "TLS" in rounds.after_first["self-signed"].outcome_reason
    assert rounds.origins["secure"].paths() == []


@pytest.mark.parametrize("canary", ["canary", "canary6"])
def test_no_notation_of_a_forbidden_address_is_ever_dialled(rounds: Round, canary: str) -> None:
    assert rounds.origins[canary].connections == 0


def test_every_notation_of_a_forbidden_address_is_refused_by_the_guard(rounds: Round) -> None:
    refused = [event for event in rounds.first.events("page_failed") if event["source"] == "leads-away"]
    assert len(refused) + 1 >= int(re.match(r"(\d+) links", rounds.after_first["leads-away"].outcome_reason)[1])
    assert {event["outcome"] for event in refused} == {"address_refused"}


def test_a_failing_source_backs_off_and_is_not_asked_again_in_the_next_round(rounds: Round) -> None:
    source = rounds.newsroom.source("says-500")
    assert source.failures == 1
    assert source.next_check_at > rounds.before + timedelta(seconds=1_500)
    assert rounds.origins["broken"].asked == []


def test_what_is_gone_is_left_alone_for_a_day(rounds: Round) -> None:
    assert rounds.after_first["says-410"].next_check_at > rounds.before + timedelta(hours=20)


def test_retry_after_is_waited_out_for_the_source_and_for_its_pages(rounds: Round) -> None:
    assert rounds.after_first["429"].next_check_at >= rounds.before + timedelta(seconds=7_200)
    assert rounds.after_first["slow-down"].next_check_at >= rounds.before + timedelta(seconds=3_600)
    assert [urlpath(article.url) for article in rounds.articles("slow-down")] == ["/p1"]


def test_a_look_leaves_a_host_alone_after_three_failing_pages(rounds: Round) -> None:
    failed = [event["url"] for event in rounds.first.events("page_failed") if event["source"] == "dying"]
    assert [urlpath(url) for url in failed] == ["/dead0", "/dead1", "/dead2"]


def test_a_bell_that_fails_does_not_lose_the_page(rounds: Round) -> None:
    article_id = row_id(f"{rounds.origins['news'].url}/rings", 1)
    assert [event["article"] for event in rounds.first.events("page_stored_call_failed")] == [article_id]
    with rounds.newsroom.database.reading() as session:
        assert session.get(Page, article_id) is not None


def test_the_bell_is_rung_once_for_each_page_and_after_it_is_stored(rounds: Round) -> None:
    stored = [event["article"] for event in rounds.first.events("page_stored")]
    rung = [event["article"] for event in rounds.first.events("rung") + rounds.first.events("page_stored_call_failed")]
    assert sorted(stored) == sorted(rung)
    assert len(set(stored)) == len(stored)


def test_the_crawler_says_who_it_is_and_carries_no_cookie_no_referer_and_no_proxy(rounds: Round) -> None:
    for asked in rounds.origins["other"].asked:
        assert re.fullmatch(r"Sayso/[\w.]+ \(\+desk@example\.org\)", asked.headers["user-agent"])
        assert not {"cookie", "referer", "authorization", "via"} & set(asked.headers)


def test_a_heartbeat_was_written(rounds: Round) -> None:
    with rounds.newsroom.database.reading() as session:
        assert session.get(Heartbeat, "crawler").at >= rounds.before


def test_nothing_ended_without_a_name_and_scrapy_kept_quiet(rounds: Round) -> None:
    for run in (rounds.first, rounds.second):
        for unnamed in ("look_broke", "fetch_broke", "look_not_recorded", "store_unavailable"):
            assert run.events(unnamed) == []
        assert run.errors == ""


def urlpath(url: str) -> str:
    """The path of a URL."""
    return "/" + url.split("/", 3)[3]
