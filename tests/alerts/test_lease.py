import threading
import time

import pytest
from structlog.testing import capture_logs

from alerts.lease import held


def test_a_lease_is_renewed_while_the_work_lasts_and_not_after() -> None:
    renewed: list[float] = []
    third = threading.Event()

    def renew() -> bool:
        renewed.append(time.monotonic())
        if len(renewed) == 3:
            third.set()
        return True

    with held(renew, 0.06):
        assert third.wait(5)
    count = len(renewed)
    time.sleep(0.08)
    assert len(renewed) == count


def test_work_that_is_quick_renews_nothing() -> None:
    renewed: list[int] = []
    with held(lambda: bool(renewed.append(1)), 30):
        pass
    assert renewed == []


def test_a_lease_that_is_lost_is_not_renewed_again() -> None:
    renewed: list[int] = []
    with held(lambda: bool(renewed.append(1)), 0.03):
        time.sleep(0.1)
    assert renewed == [1]


def test_a_hang_beyond_reason_lets_go() -> None:
    renewed: list[int] = []
    with held(lambda: not renewed.append(1), 0.03, longest_seconds=0.05):
        time.sleep(0.15)
    assert 1 <= len(renewed) <= 5


def test_a_database_that_is_away_for_a_moment_does_not_end_the_renewals() -> None:
    tries: list[int] = []
    enough = threading.Event()

    def renew() -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("away")
        enough.set()
        return True

    with capture_logs() as logged, held(renew, 0.03):
        assert enough.wait(5)
    assert logged[0]["event"] == "lease_not_renewed"


def test_an_error_in_the_work_ends_the_renewals_too() -> None:
    with pytest.raises(RuntimeError, match="broke"), held(lambda: True, 0.03):
        raise RuntimeError("broke")
    assert not [thread for thread in threading.enumerate() if thread.name == "lease"]
