"""Crawlers that share the work, are stopped, and are killed."""

import signal
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import select

from crawler.process import ContactMissing, check_contact
from store.articles import Article


def stored(newsroom: Any) -> set[str]:
    """The paths of the articles that are stored."""
    with newsroom.database.reading() as session:
        return {"/" + url.split("/", 3)[3] for url in session.exec(select(Article.url))}


def until(condition: Any, seconds: float = 15) -> None:
    """Wait for a condition, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def test_two_crawlers_share_the_sources_and_stop_when_they_are_told(newsroom: Any) -> None:
    origins = [newsroom.origin(f"127.0.0.{number}") for number in range(1, 7)]
    for number, origin in enumerate(origins):
        for feed in range(4):
            links = [f"/{feed}/{number}/{item}" for item in range(3)]
            origin.feed(f"/feed{feed}", *links)
            origin.pages(*links)
            newsroom.follow(f"s{number}-{feed}", f"{origin.url}/feed{feed}")
    crawlers = [newsroom.start(delay=0.05), newsroom.start(delay=0.05)]
    until(lambda: len(stored(newsroom)) == 72)
    assert [crawler.stop() for crawler in crawlers] == [0, 0]
    asked = Counter(path for origin in origins for path in ((origin.port, path) for path in origin.paths()))
    assert len(asked) == 72 + 24
    assert set(asked.values()) == {1}
    looked = [{event["source"] for event in crawler.events("source_looked_at")} for crawler in crawlers]
    assert not looked[0] & looked[1]
    assert len(looked[0] | looked[1]) == 24
    assert all(source.lease_until is None and source.outcome == "ok" for source in map(newsroom.source, looked[0] | looked[1]))
    for origin in origins:
        assert_one_at_a_time(origin, crawlers)


def assert_one_at_a_time(origin: Any, crawlers: list[Any]) -> None:
    """At no moment did one crawler have two requests under way at this host, nor two within the delay."""
    by_source = {event["url"]: crawler for crawler in crawlers for event in crawler.events("page_stored")}
    for crawler in crawlers:
        pages = [asked for asked in origin.asked if by_source.get(origin.url + asked.path) is crawler]
        pages.sort(key=lambda asked: asked.came)
        for before, after in pairwise(pages):
            assert after.came >= before.ended - 0.005
            assert after.came - before.came >= 0.04


def test_a_crawler_that_is_told_to_stop_stores_what_is_under_way_and_gives_the_lease_back(newsroom: Any) -> None:
    origin, release = newsroom.origin(), threading.Event()
    origin.feed("/feed", "/first", "/second", "/third")
    origin.pages("/first", "/third")
    origin.say("/second", "<p>slow", hold=release)
    newsroom.follow("slow", f"{origin.url}/feed")
    crawler = newsroom.start()
    assert origin.reached.wait(15)
    crawler.process.send_signal(signal.SIGINT)
    crawler.process.send_signal(signal.SIGTERM)   # a terminal and a supervisor often both tell it
    time.sleep(0.2)
    release.set()
    assert crawler.wait() == 0
    assert stored(newsroom) == {"/first", "/second"}
    source = newsroom.source("slow")
    assert (source.outcome, source.lease_until, source.failures) == ("interrupted", None, 0)
    assert source.next_check_at <= datetime.now(UTC)
    again = newsroom.start(once=True)
    assert again.wait() == 0
    assert stored(newsroom) == {"/first", "/second", "/third"}
    assert origin.paths().count("/first") == 1


def test_a_crawler_that_is_killed_in_the_middle_loses_nothing(newsroom: Any) -> None:
    origin, release = newsroom.origin(), threading.Event()
    origin.feed("/feed", "/first", "/second")
    origin.pages("/first")
    origin.say("/second", "<p>slow", hold=release)
    newsroom.follow("slow", f"{origin.url}/feed")
    crawler = newsroom.start(lease_seconds=2.0)
    assert origin.reached.wait(15)
    crawler.process.kill()
    crawler.wait()
    assert newsroom.source("slow").lease_until is not None
    assert stored(newsroom) == {"/first"}
    origin.pages("/second")
    second = newsroom.start(lease_seconds=2.0)
    until(lambda: stored(newsroom) == {"/first", "/second"})
    until(lambda: newsroom.source("slow").outcome == "ok")
    assert second.stop() == 0
    release.set()


def test_a_look_that_lasts_longer_than_its_lease_keeps_it(newsroom: Any) -> None:
    origin, release = newsroom.origin(), threading.Event()
    origin.feed("/feed", "/slow")
    origin.say("/slow", "<p>slow", hold=release)
    newsroom.follow("slow", f"{origin.url}/feed")
    holder, other = newsroom.start(lease_seconds=0.8), newsroom.start(lease_seconds=0.8)
    assert origin.reached.wait(15)
    time.sleep(2)
    release.set()
    until(lambda: stored(newsroom) == {"/slow"})
    until(lambda: newsroom.source("slow").outcome == "ok")
    assert [holder.stop(), other.stop()] == [0, 0]
    assert origin.paths() == ["/feed", "/slow"]
    assert holder.events("lease_lost") == other.events("lease_lost") == []


@pytest.mark.parametrize("contact", ["", "call me", "a@b\r\nX-Evil: 1", "desk@example.org (night)"])
def test_a_contact_that_nobody_can_write_to_is_refused(newsroom: Any, contact: str) -> None:
    with pytest.raises(ContactMissing, match="SAYSO_CONTACT"):
        check_contact(newsroom.database, contact, [])


@pytest.mark.parametrize("contact", ["desk@example.org", "mailto:desk@example.org", "https://example.org/bot"])
def test_a_contact_that_somebody_can_write_to_is_taken(newsroom: Any, contact: str) -> None:
    newsroom.follow("live", "https://press.example/feed")
    check_contact(newsroom.database, contact, [])


def test_live_sources_without_a_contact_are_refused_before_anything_is_asked(newsroom: Any) -> None:
    newsroom.follow("here", "http://127.0.0.1:9/feed")
    newsroom.follow("live", "https://press.example/feed")
    crawler = newsroom.start()
    assert crawler.wait() == 3
    assert "1 source is live (live): set SAYSO_CONTACT to a mail or web address" in crawler.errors


@pytest.mark.parametrize(("url", "allowed", "live"), [
    ("http://127.0.0.1:8000/rss", ["127.0.0.0/8"], False),
    ("http://localhost/rss", ["127.0.0.0/8"], False),
    ("http://[::1]/rss", ["::1/128"], False),
    ("http://[::1]/rss", ["127.0.0.0/8"], True),
    ("http://127.0.0.1/rss", [], True),
    ("https://press.example/rss", ["127.0.0.0/8"], True),
])
def test_a_source_is_live_unless_its_address_is_allowed(newsroom: Any, url: str, allowed: list[str], live: bool) -> None:
    newsroom.follow("one", url)
    if live:
        with pytest.raises(ContactMissing):
            check_contact(newsroom.database, None, allowed)
    else:
        check_contact(newsroom.database, None, allowed)
