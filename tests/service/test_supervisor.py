import os
import signal
import sys
import time

from hypothesis import given
from hypothesis import strategies as st

from supervisor import BACKOFF, Child, Supervisor, restart_delay


@given(st.integers(0, 1000))
def test_the_wait_before_a_restart_grows_and_is_bounded(deaths: int) -> None:
    assert restart_delay(deaths) <= restart_delay(deaths + 1) <= BACKOFF[-1]


def until(condition, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def test_a_process_that_dies_is_started_again() -> None:
    supervisor = Supervisor(dict(os.environ), [Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])])
    supervisor.start()
    child = supervisor.children[0]
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        supervisor.turn()
        return child.process is not None and child.process.pid != first

    until(again)
    supervisor.drain()
    assert child.process.poll() is not None


def test_draining_lets_a_process_finish_what_it_is_at() -> None:
    code = "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), sys.exit(7)))\nprint('up', flush=True)\ntime.sleep(60)"
    reading, writing = os.pipe()
    supervisor = Supervisor(dict(os.environ), [Child("worker", [sys.executable, "-c", code])], output=writing)
    supervisor.start()
    assert os.read(reading, 2) == b"up"
    supervisor.drain()
    os.close(reading)
    os.close(writing)
    process = supervisor.children[0].process
    assert process is not None
    assert process.returncode == 7
