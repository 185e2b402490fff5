"""`sayso demo`: serve the newsroom, run the real service over it, show what happened and whether it was right."""

import logging
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo.inbox import Mailbox, SlackStandIn
from demo.report import expected_difference, show
from demo.server import NEWSROOM, Newsroom
from demo.watch import Progressed, look
from logs import configure_logging
from store.database import Database
from store.schema import upgrade
from store.subscriptions import add_subscription
from supervisor import Supervisor

DEADLINE = 120            # seconds until the demo gives up
EXPECTED = frozenset({frozenset({"US", "GT"}), frozenset({"US", "HN"})})
MAIL_TO = "desk@newsroom.example"


@dataclass(frozen=True, slots=True)
class Place:
    """Where this run of the demo lives."""

    home: Path
    port: int

    @property
    def url(self) -> str:
        """The address of the pages."""
        return f"http://127.0.0.1:{self.port}"


def run(*, leave: bool, console: Console | None = None) -> int:
    """Run the demo; the exit code: 0 when every expected alert was delivered and no other, else 1."""
    console = console or Console()
    configure_logging("console", logging.WARNING)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with tempfile.TemporaryDirectory(prefix="sayso-demo-") as folder, Newsroom() as newsroom, Mailbox() as mailbox, SlackStandIn() as slack:
        place = Place(Path(folder), _free_port())
        database = Database(f"sqlite:///{place.home / 'sayso.db'}")
        upgrade(database)
        _subscribe(database, slack.url)
        catalogue = _catalogue(newsroom, place.home / "sources")
        pages = page_count()
        with (place.home / "log").open("wb") as log:
            supervisor = Supervisor(_environment(place, catalogue, mailbox.port), output=log.fileno())
            for name in ("web", "worker", "crawler"):
                supervisor.add(name, name)
            supervisor.start()
            try:
                done = _follow(database, supervisor, pages, stopped, console)
                difference = expected_difference(database, EXPECTED, done, mailbox, slack)
                show(console, database, mailbox, slack, place.url, difference)
                if difference and leave:
                    console.print(f"[dim]{_tail(place.home / 'log')}[/dim]", highlight=False)
                if not leave and not stopped.is_set():
                    console.print("\nThe pages stay up until Ctrl-C.", style="dim")
                    while not stopped.wait(0.5):
                        supervisor.turn()
            finally:
                supervisor.drain()
                database.close()
    return 1 if difference else 0


def _follow(database: Database, supervisor: Supervisor, pages: int, stopped: threading.Event, console: Console) -> Progressed:
    """Wait until every page went its way and every alert was sent, showing how far each stage has come."""
    began = time.monotonic()
    columns = (TextColumn("{task.description:<26}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False) as progress:
        bars: dict[str, Callable[[Progressed], tuple[int, int]]] = {
            "crawled by Scrapy": lambda p: (p.fetched, pages),
            "read by trafilatura": lambda p: (p.read, pages),
            "statements judged": lambda p: (p.judged, pages),
            "alerts delivered": lambda p: (p.delivered, max(p.alerts, 2 * len(EXPECTED))),
        }
        tasks = {name: progress.add_task(name, total=pages) for name in bars}
        while True:
            supervisor.turn()
            state = look(database)
            for name, measure in bars.items():
                completed, total = measure(state)
                progress.update(tasks[name], completed=completed, total=total)
            settled = state.judged >= pages and state.delivered >= max(state.alerts, 2 * len(EXPECTED))
            if settled or stopped.is_set() or time.monotonic() - began > DEADLINE:
                return state
            time.sleep(0.2)


def _catalogue(newsroom: Newsroom, folder: Path) -> Path:
    """Write the newsroom's sources as a catalogue, which is what the crawler reads."""
    folder.mkdir()
    entries = {entry["id"]: {key: value for key, value in entry.items() if key != "id"} for entry in newsroom.sources()}
    (folder / "newsroom.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    return folder


def page_count() -> int:
    """How many articles the newsroom has: every page whose answer is known."""
    gold = yaml.safe_load((NEWSROOM / "gold.yaml").read_text(encoding="utf-8"))
    return len(gold["pages"])


def _subscribe(database: Database, webhook: str) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        add_subscription(session, name="Foreign desk", channel="email", address=MAIL_TO, now=now)
        add_subscription(session, name="#agreements", channel="slack", address=webhook, now=now)


def _environment(place: Place, catalogue: Path, mail_port: int) -> dict[str, str]:
    ours = {
        "HOME": str(place.home), "SOURCES": str(catalogue), "ALLOW_NETWORKS": "127.0.0.0/8", "CRAWL_DELAY": "0.05", "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_port), "SMTP_SECURITY": "none", "MAIL_FROM": "sayso@newsroom.example", "WEB_PORT": str(place.port),
        "SWEEP_SECONDS": "5", "LEASE_SECONDS": "20",
    }
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("SAYSO_")}
    return inherited | {f"SAYSO_{key}": value for key, value in ours.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
