from datetime import datetime, timedelta

import pytest

from alerts.channels import Undelivered
from alerts.retry import after_failure

LATER = Undelivered("busy", retry=True)
LOST = Undelivered("no answer", retry=True, ambiguous=True)


@pytest.mark.parametrize(("channel", "attempts", "seconds"), [
    ("email", 1, 60), ("email", 2, 300), ("email", 3, 900), ("email", 4, 1800), ("email", 5, 3600), ("email", 6, 7200), ("email", 60, 7200),
    ("slack", 1, 30), ("slack", 2, 60), ("slack", 3, 120), ("slack", 7, 1920), ("slack", 8, 3600), ("slack", 90, 3600),
    ("carrier-pigeon", 1, 30),
])
def test_the_wait_grows_to_a_ceiling(now: datetime, channel: str, attempts: int, seconds: int) -> None:
    retry = after_failure(LATER, channel, attempts=attempts, ambiguous=0, created_at=now, now=now)
    assert retry.at == now + timedelta(seconds=seconds)
    assert retry.reason == "busy"


@pytest.mark.parametrize(("asked", "seconds"), [(30, 30), (10**9, 3600), (0, 1), (0.25, 1), (None, 30)])
def test_the_server_says_how_long_up_to_an_hour(now: datetime, asked: float | None, seconds: int) -> None:
    failure = Undelivered("slow down", retry=True, retry_after=asked)
    assert after_failure(failure, "slack", attempts=1, ambiguous=0, created_at=now, now=now).at == now + timedelta(seconds=seconds)


def test_a_refusal_for_good_is_not_tried_again(now: datetime) -> None:
    assert after_failure(Undelivered("no such user", retry=False), "email", attempts=1, ambiguous=0, created_at=now, now=now).at is None


def test_mail_is_tried_for_five_days_and_then_given_up_with_the_last_reason(now: datetime) -> None:
    at, attempts = now, 0
    while True:
        attempts += 1
        retry = after_failure(LATER, "email", attempts=attempts, ambiguous=0, created_at=now, now=at)
        if retry.at is None:
            break
        assert timedelta(minutes=1) <= retry.at - at <= timedelta(hours=2)
        at = retry.at
    assert timedelta(days=4, hours=22) < at - now <= timedelta(days=5)
    assert 55 < attempts < 75
    assert retry.reason == "given up after 5 days: busy"


def test_a_mail_server_that_never_answers_the_dot_does_not_fill_the_inbox(now: datetime) -> None:
    assert after_failure(LOST, "email", attempts=1, ambiguous=0, created_at=now, now=now).at is not None
    retry = after_failure(LOST, "email", attempts=6, ambiguous=5, created_at=now, now=now)
    assert retry.at is None
    assert "may have arrived 6 times" in retry.reason


def test_kills_in_the_ambiguous_window_alone_never_cost_an_alert(now: datetime) -> None:
    assert after_failure(LATER, "email", attempts=40, ambiguous=39, created_at=now, now=now).at is not None


def test_a_reason_is_one_short_line_whatever_the_server_says() -> None:
    failure = Undelivered("550 no\r\nBcc: evil@example.org\x00" + "x" * 5000, retry=False)
    assert failure.reason == str(failure)
    assert "\n" not in failure.reason
    assert len(failure.reason) <= 300
