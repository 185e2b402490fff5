"""A real crawler's first and second round over sources that work, with pages of which some do not.

The two rounds are run once for the whole file; each test looks at one thing that they left behind.
"""

import gzip
import re
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


@pytest.fixture(scope="module")
def rounds(make_newsroom: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """Two rounds over the newsroom above."""
    with ExitStack() as stack:
        newsroom = make_newsroom(tmp_path_factory.mktemp("rounds"), stack)
        origins = _news(newsroom.origin, newsroom.follow)
        options = {"once": True, "contact": "desk@example.org",
                   "raise_for": [row_id(f"{origins['news'].url}/rings", 1)]}
        before = datetime.now(UTC)
        first = newsroom.start(**options)
        assert first.wait(60) == 0, first.errors
        with newsroom.database.reading() as session:
            after_first = {source.id: source for source in session.exec(select(Source))}
        with newsroom.database.writing() as session:
            session.exec(update(Source).values(next_check_at=None))
        for origin in origins.values():
            origin.asked.clear()
        second = newsroom.start(**options)
        assert second.wait(60) == 0, second.errors
        yield Round(newsroom, origins, first, second, after_first, before)


def test_every_source_that_answers_is_ok_its_lease_given_back_and_its_next_look_an_interval_away(rounds: Round) -> None:
    assert {source.outcome for source in rounds.after_first.values()} == {"ok"}
    for source in rounds.after_first.values():
        assert (source.lease_until, source.failures) == (None, 0)
        assert rounds.before + timedelta(seconds=800) < source.next_check_at < rounds.before + timedelta(seconds=1_050)
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


def test_a_body_that_expands_beyond_the_cap_is_not_kept(rounds: Round) -> None:
    assert [urlpath(article.url) for article in rounds.articles("bad")] == ["/packed"]


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
