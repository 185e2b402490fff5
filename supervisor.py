"""Processes that belong together: started, watched, started again when they die, drained together at the end."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

BACKOFF = (0.5, 1, 2, 5, 10, 30)   # seconds before a process that died is started again; the last repeats
HEALTHY_AFTER = 60                 # seconds of life after which a death counts as the first again
GRACE = 30                         # seconds that a process has to drain

log = structlog.get_logger()


def restart_delay(deaths: int) -> float:
    """Seconds to wait before a process that died `deaths` times in a row is started again."""
    return float(BACKOFF[min(deaths, len(BACKOFF)) - 1]) if deaths > 0 else 0.0


@dataclass(slots=True)
class Child:
    """One supervised process."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Keeps `children` running until `stop` is called or a signal arrives."""

    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    output: int | None = None                       # where the children's output goes; None: where ours goes
    _stopping: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, *arguments: str) -> None:
        """Supervise `sayso <arguments>` under `name`."""
        self.children.append(Child(name, [sys.executable, "-m", "cli", *arguments]))

    def start(self) -> None:
        """Start every child."""
        for child in self.children:
            self._start(child)

    def watch(self, every: Callable[[], None] | None = None, interval: float = 0.2) -> None:
        """Start dead children again until stopped, then drain. `every` is called each turn."""
        while not self._stopping.is_set():
            self.turn()
            if every is not None:
                every()
            self._stopping.wait(interval)
        self.drain()

    def turn(self) -> None:
        """Look at each child once."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                child.deaths = 1 if now - child.started > HEALTHY_AFTER else child.deaths + 1
                child.due = now + restart_delay(child.deaths)
                log.warning("process_died", name=child.name, exit=child.process.returncode, again_in=restart_delay(child.deaths))
                child.process = None
            if child.process is None and now >= child.due:
                self._start(child)

    def stop(self, *_: object) -> None:
        """Ask `watch` to drain and return; may be used as a signal handler."""
        self._stopping.set()

    def on_signals(self) -> None:
        """Stop on SIGINT and SIGTERM."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)

    def drain(self) -> None:
        """End every child: SIGTERM, time to finish what it is at, SIGKILL for what is left."""
        running = [c for c in self.children if c.process is not None]
        for child in running:
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in running:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("process_killed", name=child.name)
                child.process.kill()
                child.process.wait()

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        # A session of its own: Ctrl-C reaches the supervisor alone, which then drains in order.
        child.process = subprocess.Popen(child.command, env=dict(self.environment), stdout=self.output, stderr=self.output,  # noqa: S603
                                         stdin=subprocess.DEVNULL, start_new_session=True)
        log.info("process_started", name=child.name, pid=child.process.pid)
