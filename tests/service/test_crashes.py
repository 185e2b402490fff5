"""A worker killed with SIGKILL in the middle of process, judge and deliver: the same rows and the same alerts as undisturbed.

Real processes throughout: `sayso worker` with its prefork children and its schedule, over the queue of files, with a mail
server on loopback. The article texts are our own.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.inbox import Mailbox
from store.agreements import every_agreement
from store.alerts import AlertState
from store.articles import FetchedPage, Stage, store_page, waiting_articles
from store.counts import tallies, vitals
from store.database import Database
from store.findings import contradictions_in, findings
from store.schema import upgrade
from store.sources import Source
from store.statements import every_statement
from store.subscriptions import add_subscription

ROOT = Path(__file__).parents[2]
FETCHED = datetime(2025, 3, 5, 12, tzinfo=UTC)
PAGES = {
    "https://one.example/a": ("one", "Kenya says fishing pact is signed",
                              "Kenya and Uganda have signed a fishing agreement for the lake, Kenyan fisheries minister Joseph Mwangi said on Tuesday. "
                              "He spoke after a meeting in Nairobi that had lasted for most of the day and that was followed by a short news conference."),
    "https://two.example/b": ("two", "Uganda denies fishing pact with Kenya",
                              "Ugandan foreign minister Grace Okello denied on Wednesday that Uganda had signed a fishing agreement with Kenya. "
                              "She told reporters in Kampala that officials had met to compare figures and that they would meet again before the summer."),
    "https://two.example/c": ("two", "Rain expected on the lake", "Rain will reach the lake on Friday, the weather office said, and winds will ease by night. "
                              "Boats should stay close to the shore until the evening, and the ferry will leave an hour later than it usually does."),
}


def page(title: str, text: str, hour: int) -> bytes:
    paragraphs = "".join(f"<p>{p}</p>" for p in text.split("\n"))
    return (f"<!doctype html><html lang='en'><head><title>{title}</title><meta property='article:published_time' content='2025-03-04T{hour:02}:00:00Z'>"
            f"</head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>").encode()


def prepare(home: Path, url: str | None = None) -> Database:
    home.mkdir(exist_ok=True)
    database = Database(url or f"sqlite:///{home / 'sayso.db'}")
    upgrade(database)
    with database.writing() as session:
        for name in ("one", "two"):
            session.add(Source(id=name, name=name.title(), kind="outlet", languages=["en"], follow="feed", url=f"https://{name}.example"))
        session.flush()
        add_subscription(session, name="Desk", channel="email", address="desk@paper.example", now=FETCHED)
        for hour, (url, (source, title, words)) in enumerate(PAGES.items(), 10):
            store_page(session, FetchedPage(source, url, url, title, None, FETCHED + timedelta(seconds=hour), None, None, "text/html", page(title, words, hour)))
    return database


@contextmanager
def worker(home: Path, port: int, crash: str | None, servers: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAYSO_")} | {
        "SAYSO_HOME": str(home), "SAYSO_SMTP_HOST": "127.0.0.1", "SAYSO_SMTP_PORT": str(port), "SAYSO_SMTP_SECURITY": "none",
        "SAYSO_SWEEP_SECONDS": "0.5", "SAYSO_LEASE_SECONDS": "2", "SAYSO_WORKERS": "1"} | servers
    if crash:
        (home / "crashed").mkdir(exist_ok=True)
        environment["SAYSO_CRASH_AT"] = f"{crash}:1:{home / 'crashed'}"
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "cli", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def run(home: Path, crash: str | None, servers: dict[str, str] | None = None) -> tuple[dict, list[str], Path]:
    """Let a worker do all there is to do; what it left in the database, and the Message-IDs that arrived."""
    servers = servers or {}
    database = prepare(home, servers.get("SAYSO_DATABASE_URL"))
    with Mailbox() as mailbox, worker(home, mailbox.port, crash, servers):
        deadline = time.monotonic() + 60
        while True:
            with database.reading() as session:
                waiting = waiting_articles(session, datetime.now(UTC) + timedelta(days=1), 10)
                states = vitals(session, datetime.now(UTC)).alerts
            if not waiting and states and set(states) == {AlertState.delivered}:
                break
            assert time.monotonic() < deadline, f"waiting {waiting}, alerts {states}\n{(home / 'log').read_text()[-3000:]}"
            time.sleep(0.1)
        identities = [str(message["Message-ID"]) for message in mailbox.messages]
    with database.reading() as session:
        rows = {
            "statements": [(s.id, s.side, s.stance, s.quote, s.agreement_id) for s in every_statement(session)],
            "agreements": [(a.id, a.label, a.parties) for a in every_agreement(session)],
            "contradictions": [(c.id, c.confirming_statement, c.denying_statement, c.reason) for c in contradictions_in(session)],
            "findings": [f.id for f in findings(session)],
            "articles": dict(tallies(session).articles),
            "alerts": dict(vitals(session, datetime.now(UTC)).alerts),
        }
    database.close()
    return rows, identities, home


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, list[str]]:
    rows, identities, _ = run(tmp_path_factory.mktemp("undisturbed") / "home", None)
    return rows, identities


def test_the_undisturbed_run_finds_one_contradiction_and_sends_one_mail(undisturbed: tuple[dict, list[str]]) -> None:
    rows, identities = undisturbed
    assert len(rows["contradictions"]) == 1
    assert len(identities) == 1
    assert rows["articles"] == {(Stage.judged, "statements"): 2, (Stage.judged, "no_statements"): 1}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("point", ["process_before_read", "process_before_commit", "judge_before_commit", "deliver_before_send"])
def test_a_kill_changes_no_row_and_no_alert(point: str, tmp_path: Path, undisturbed: tuple[dict, list[str]]) -> None:
    rows, identities, home = run(tmp_path / "home", point)
    assert (home / "crashed" / point).exists(), "the worker was never killed there"
    assert (rows, identities) == undisturbed


@pytest.mark.timeout(180)
def test_a_kill_between_acceptance_and_commit_sends_once_more_with_the_same_identity(tmp_path: Path, undisturbed: tuple[dict, list[str]]) -> None:
    rows, identities, home = run(tmp_path / "home", "deliver_after_send")
    assert (home / "crashed" / "deliver_after_send").exists()
    assert rows == undisturbed[0]
    assert identities == undisturbed[1] * 2
    database = Database(f"sqlite:///{home / 'sayso.db'}")
    with database.reading() as session:
        assert tallies(session).ambiguous_sends == 1
    database.close()


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of this test's own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (scripts/install-services)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.timeout(180)
def test_redis_and_postgresql_carry_the_same_work(tmp_path: Path, redis_url: str, postgres_url: str, undisturbed: tuple[dict, list[str]]) -> None:
    rows, identities, _ = run(tmp_path / "home", "judge_before_commit", {"SAYSO_BROKER_URL": redis_url, "SAYSO_DATABASE_URL": postgres_url})
    assert (tmp_path / "home" / "crashed" / "judge_before_commit").exists()
    assert (rows, identities) == undisturbed
