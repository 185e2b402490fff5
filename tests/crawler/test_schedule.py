"""When a source is looked at next, and when a page is tried again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.outcome import Outcome, outcome_of_status
from crawler.schedule import DAY, PAGE_RETRY, PAGE_TRIES, SHORTEST, PageMemory, next_look, retry_after_seconds


@pytest.mark.parametrize(("outcome", "failures", "retry_after", "wait", "then"), [
    (Outcome.ok, 0, None, 900, 0),
    (Outcome.ok, 7, None, 900, 0),
    (Outcome.not_modified, 3, None, 900, 0),
    (Outcome.ok, 0, 4_000, 4_000, 0),
    (Outcome.http_5xx, 0, None, 1_800, 1),
    (Outcome.http_5xx, 1, None, 2_700, 2),
    (Outcome.timeout, 9, None, 9_900, 10),
    (Outcome.timeout, 1_000, None, DAY, 1_001),
    (Outcome.http_5xx, 0, 60, 1_800, 1),
    (Outcome.rate_limited, 0, 7_200, 7_200, 1),
    (Outcome.rate_limited, 0, 1e9, DAY, 1),
    (Outcome.gone, 0, None, DAY, 1),
    (Outcome.interrupted, 4, None, 0, 4),
])
def test_the_next_look_follows_from_how_the_last_one_ended(now: datetime, outcome: Outcome, failures: int, retry_after: float | None,
                                                           wait: float, then: int) -> None:
    following = next_look(now, interval=900, outcome=outcome, failures=failures, retry_after=retry_after)
    assert following.at - now == timedelta(seconds=wait)
    assert following.failures == then
    assert following.reason


@given(st.floats(-1e6, 1e9), st.sampled_from([one for one in Outcome if one is not Outcome.interrupted]), st.integers(0, 10_000),
       st.one_of(st.none(), st.floats(0, 1e12)), st.floats(-1, 1))
def test_nothing_hot_loops_and_nothing_is_put_off_for_ever(interval: float, outcome: Outcome, failures: int, retry_after: float | None,
                                                           jitter: float) -> None:
    now = datetime.fromisoformat("2025-06-26T22:40:00+00:00")
    following = next_look(now, interval=interval, outcome=outcome, failures=failures, retry_after=retry_after, jitter=jitter)
    wait = (following.at - now).total_seconds()
    assert SHORTEST <= wait <= 1.1 * max(interval, DAY) + 1


@pytest.mark.parametrize(("header", "seconds"), [
    ("120", 120), (" 0 ", 0), ("1000000000", DAY), ("9" * 400, DAY), ("Thu, 26 Jun 2025 22:50:00 GMT", 600), ("Thu, 26 Jun 2025 22:30:00 GMT", None),
    ("Fri, 27 Jun 2031 22:50:00 GMT", DAY), ("-5", None), ("soon", None), ("", None), (None, None), ("1.5", None), ("١٢", None),
])
def test_a_retry_after_is_read_as_a_number_or_a_date(now: datetime, header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, now) == seconds


@given(st.text(max_size=80))
def test_any_retry_after_is_a_wait_or_none(header: str) -> None:
    seconds = retry_after_seconds(header, datetime.fromisoformat("2025-06-26T22:40:00+00:00"))
    assert seconds is None or 0 <= seconds <= DAY


def test_a_page_that_failed_waits_longer_each_time_and_then_a_day() -> None:
    memory, url, clock = PageMemory(), "https://press.example/a", 0.0
    assert not memory.waits(url, clock)
    for failures in range(1, PAGE_TRIES):
        assert not memory.failed(url, clock, lasting=False)
        assert memory.waits(url, clock + PAGE_RETRY * failures - 1)
        assert not memory.waits(url, clock + PAGE_RETRY * failures)
        assert not memory.given_up(url)
        clock += PAGE_RETRY * failures
    assert memory.failed(url, clock, lasting=False)
    assert memory.given_up(url)
    assert memory.waits(url, clock + DAY - 1)
    assert not memory.waits(url, clock + DAY)


def test_a_page_that_fails_lastingly_is_given_up_at_once() -> None:
    memory = PageMemory()
    assert memory.failed("a", 0, lasting=True)
    assert memory.given_up("a")


def test_the_memory_is_bounded_and_forgets_the_oldest() -> None:
    memory = PageMemory(limit=2)
    for url in "abac":
        memory.failed(url, 0, lasting=True)
    assert [url for url in "abc" if memory.given_up(url)] == ["a", "c"]


@pytest.mark.parametrize(("status", "outcome"), [
    (204, "http_unexpected"), (302, "redirect_refused"), (304, "redirect_refused"), (400, "http_4xx"), (401, "http_4xx"), (403, "http_4xx"),
    (404, "not_found"), (410, "gone"), (429, "rate_limited"), (451, "http_4xx"), (500, "http_5xx"), (503, "http_5xx"), (599, "http_5xx"),
])
def test_a_status_has_a_name(status: int, outcome: str) -> None:
    assert outcome_of_status(status).value == outcome
