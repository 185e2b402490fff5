"""A real web server with scripted answers, a real database file, and a real crawler process for the crawler's tests.

The crawler runs as a process of its own, since a reactor starts once in a process. Everything is on loopback.
"""

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

import store.agreements
import store.articles
import store.health
import store.sources  # noqa: F401
from store.database import Database
from store.sources import Source

DRIVER = Path(__file__).with_name("drive.py")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """What the origin says at one path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None         # a Content-Length that is not the body's
    hold: threading.Event | None = None   # wait for it before answering
    drip: float = 0.0                 # seconds between two bytes


@dataclass(frozen=True)
class Asked:
    """One request that the origin heard, and when it came in and was answered."""

    path: str
    headers: dict[str, str]
    came: float
    ended: float


class Origin:
    """A web server on a free port of a loopback address. `answers` are by path; `asked` is what it heard."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = {}
        self.asked: list[Asked] = []
        self.connections = 0
        self.reached = threading.Event()      # somebody asked for something that is held back
        origin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                origin.connections += 1
                super().setup()

            def do_GET(self) -> None:
                origin._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            address_family = 10 if ":" in host else 2   # AF_INET6, AF_INET

            def handle_error(self, *_: object) -> None:
                pass                          # a client that hung up is what some tests are about

        self.server = Server((host, 0), Handler)
        self.host, self.port = host, self.server.server_address[1]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def _serve(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        came = time.monotonic()
        headers = {name.lower(): value for name, value in handler.headers.items()}
        answer = self.answers.get(handler.path, Answer(b"not here", 404))
        if callable(answer):
            answer = answer(headers)
        if answer.hold is not None:
            self.reached.set()
            answer.hold.wait(20)
        handler.send_response(answer.status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
            handler.send_header(name, value)
        if answer.status != 304:
            handler.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
        handler.end_headers()
        try:
            if answer.drip:
                for position in range(len(answer.body)):
                    handler.wfile.write(answer.body[position:position + 1])
                    time.sleep(answer.drip)
            else:
                handler.wfile.write(answer.body)
        finally:
            if answer.length is not None:
                handler.close_connection = True
            self.asked.append(Asked(handler.path, headers, came, time.monotonic()))

    def say(self, path: str, body: bytes | str = b"", status: int = 200, **more: Any) -> None:
        """Answer `path` with this from now on; `more` is the rest of `Answer`."""
        self.answers[path] = Answer(body.encode() if isinstance(body, str) else body, status, **more)

    def feed(self, path: str, *links: str, headers: dict[str, str] | None = None) -> None:
        """An RSS feed at `path` with an item for each link."""
        items = "".join(f"<item><title>About {link}</title><link>{link}</link></item>" for link in links)
        self.say(path, f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>",
                 headers={"Content-Type": "application/rss+xml", **(headers or {})})

    def pages(self, *paths: str) -> None:
        """A page of HTML at each path."""
        for path in paths:
            self.say(path, f"<html><body><article><p>The text of {path}.</p></article></body></html>")

    def paths(self) -> list[str]:
        """What was asked for, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


@dataclass
class Run:
    """A crawler process: what it logged (one event a line) and how it ended."""

    process: subprocess.Popen[str]

    def wait(self, seconds: float = 30) -> int:
        self.output, self.errors = self.process.communicate(timeout=seconds)
        return self.process.returncode

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]
        return [event for event in lines if event["event"] == name]


@dataclass
class Newsroom:
    """A database file and the crawlers that work on it."""

    folder: Path
    stack: ExitStack

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.folder / 'sayso.db'}"
        self.database = Database(self.url)
        self.stack.callback(self.database.close)
        SQLModel.metadata.create_all(self.database.engine)

    def origin(self, host: str = "127.0.0.1") -> Origin:
        origin = Origin(host)
        self.stack.callback(origin.close)
        return origin

    def follow(self, source_id: str, url: str, **values: Any) -> None:
        row = {"name": source_id, "kind": "outlet", "languages": ["es", "en"], "follow": "feed", "interval": 900} | values
        with self.database.writing() as session:
            session.add(Source(id=source_id, url=url, **row))

    def source(self, source_id: str) -> Source:
        with self.database.reading() as session:
            source = session.get(Source, source_id)
            assert source is not None
            return source

    def start(self, **options: Any) -> Run:
        values = {"database_url": self.url, "contact": None, "allow_networks": ["127.0.0.0/8"], "delay": 0.0, "poll_seconds": 0.05}
        process = subprocess.Popen(
            [sys.executable, "-W", "error::DeprecationWarning:crawler", str(DRIVER), json.dumps(values | options)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.stack.callback(_end, process)
        return Run(process)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
        process.communicate()


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom of the test's own."""
    with ExitStack() as stack:
        yield Newsroom(tmp_path, stack)


@pytest.fixture(scope="session")
def make_newsroom() -> type[Newsroom]:
    """For a newsroom that several tests share: `make_newsroom(folder, stack)`."""
    return Newsroom


@pytest.fixture
def now() -> datetime:
    """A fixed instant."""
    return datetime(2025, 6, 26, 22, 40, tzinfo=UTC)

