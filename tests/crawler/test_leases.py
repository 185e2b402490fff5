"""Leases on sources, and pages in the store: the queries that the crawler's promises rest on."""

import zlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from store.articles import Article, FetchedPage, Page, store_page, unstored
from store.sources import Looked, any_due, finish_look, lease_due_sources, renew_leases

MINUTE = timedelta(minutes=1)


def lease(newsroom: Any, now: datetime, limit: int = 10) -> list[str]:
    """Lease what is due at `now` for a minute."""
    with newsroom.database.writing() as session:
        return [source.id for source in lease_due_sources(session, now, now, until=now + MINUTE, limit=limit)]


def looked(now: datetime, **values: Any) -> Looked:
    """A look that went well."""
    return Looked(**{"outcome": "ok", "reason": "fine", "checked_at": now, "next_check_at": now + 15 * MINUTE, "failures": 0} | values)


def test_what_is_due_longest_is_leased_first_and_what_is_not_due_is_not(newsroom: Any, now: datetime) -> None:
    for source_id, due in {"new": None, "late": now - MINUTE, "just": now, "later": now + MINUTE}.items():
        newsroom.follow(source_id, f"http://127.0.0.1/{source_id}", next_check_at=due)
    newsroom.follow("off", "http://127.0.0.1/off", enabled=False)
    assert lease(newsroom, now, limit=2) == ["new", "late"]
    assert lease(newsroom, now) == ["just"]
    assert lease(newsroom, now) == []


def test_a_lease_that_ran_out_is_taken_over_and_its_first_holder_can_change_nothing(newsroom: Any, now: datetime) -> None:
    newsroom.follow("a", "http://127.0.0.1/a")
    later = now + MINUTE
    assert lease(newsroom, now) == ["a"]
    assert lease(newsroom, later - timedelta(seconds=1)) == []
    assert lease(newsroom, later) == ["a"]
    with newsroom.database.writing() as session:
        assert renew_leases(session, {"a": now + MINUTE}, later + MINUTE * 5) == set()
        assert not finish_look(session, "a", now + MINUTE, looked(now))
    assert newsroom.source("a").outcome is None
    with newsroom.database.writing() as session:
        assert finish_look(session, "a", later + MINUTE, looked(later))
    assert (newsroom.source("a").outcome, newsroom.source("a").lease_until) == ("ok", None)


def test_a_renewed_lease_is_held_under_its_new_end(newsroom: Any, now: datetime) -> None:
    newsroom.follow("a", "http://127.0.0.1/a")
    lease(newsroom, now)
    with newsroom.database.writing() as session:
        assert renew_leases(session, {"a": now + MINUTE}, now + 3 * MINUTE) == {"a"}
    assert lease(newsroom, now + 2 * MINUTE) == []
    with newsroom.database.writing() as session:
        assert finish_look(session, "a", now + 3 * MINUTE, looked(now))


@pytest.mark.parametrize(("validators", "kept"), [(None, ('"old"', "then")), (('"new"', None), ('"new"', None)), ((None, None), (None, None))])
def test_validators_are_kept_as_they_were_unless_the_look_says_otherwise(newsroom: Any, now: datetime, validators: Any, kept: Any) -> None:
    newsroom.follow("a", "http://127.0.0.1/a", etag='"old"', last_modified="then")
    lease(newsroom, now)
    with newsroom.database.writing() as session:
        finish_look(session, "a", now + MINUTE, looked(now, validators=validators))
    assert (newsroom.source("a").etag, newsroom.source("a").last_modified) == kept


def test_asking_whether_anything_is_due_changes_nothing(newsroom: Any, now: datetime) -> None:
    newsroom.follow("a", "http://127.0.0.1/a", next_check_at=now)
    with newsroom.database.reading() as session:
        assert any_due(session, now, now)
        assert not any_due(session, now - MINUTE, now - MINUTE)
    assert lease(newsroom, now) == ["a"]
    with newsroom.database.reading() as session:
        assert not any_due(session, now, now)


def fetched(now: datetime, url: str = "http://127.0.0.1/1", link: str | None = None) -> FetchedPage:
    """A page of source a."""
    return FetchedPage("a", url, link or url, "Title", now, now, '"e"', "then", "text/html", b"<p>bytes")


def test_a_page_is_stored_once_with_its_bytes(newsroom: Any, now: datetime) -> None:
    newsroom.follow("a", "http://127.0.0.1/a")
    with newsroom.database.writing() as session:
        first = store_page(session, fetched(now))
        assert store_page(session, fetched(now + MINUTE)) is None
    with newsroom.database.reading() as session:
        (article,) = session.exec(select(Article))
        assert zlib.decompress(session.get(Page, first).body) == b"<p>bytes"
    assert (article.id, article.stage, article.version, article.attempts, article.link, article.fetched_at) == (first, "fetched", 1, 0, None, now)


def test_a_page_is_known_by_its_own_address_and_by_the_link_that_led_to_it(newsroom: Any, now: datetime) -> None:
    newsroom.follow("a", "http://127.0.0.1/a")
    with newsroom.database.writing() as session:
        store_page(session, fetched(now, "http://127.0.0.1/final", "http://127.0.0.1/link"))
        links = [f"http://127.0.0.1/{name}" for name in ("z", "final", "link", "b")]
        assert unstored(session, links) == ["http://127.0.0.1/z", "http://127.0.0.1/b"]
        assert unstored(session, []) == []


def test_an_article_and_its_page_are_stored_together_or_not_at_all(newsroom: Any, now: datetime) -> None:
    newsroom.follow("a", "http://127.0.0.1/a")
    with pytest.raises(RuntimeError), newsroom.database.writing() as session:
        store_page(session, fetched(now))
        raise RuntimeError
    with newsroom.database.reading() as session:
        assert session.exec(select(Article)).all() == session.exec(select(Page)).all() == []
