"""What a new user runs first, and what an operator runs for months: `sayso demo --exit` and `sayso run`."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(150)
def test_the_demo_ends_well_when_every_expected_alert_was_delivered() -> None:
    done = subprocess.run([sys.executable, "-m", "cli", "demo", "--exit"], cwd=ROOT, capture_output=True, text=True, timeout=140, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "Honduras denies the asylum agreement that the United States announced" in done.stdout
    assert "Guatemala denies the asylum agreement that the United States announced" in done.stdout
    assert "2 mails and 2 Slack messages arrived" in done.stdout
    assert "Every expected alert was delivered, and no other" in done.stdout


@pytest.mark.timeout(150)
def test_the_demo_ends_with_one_and_a_clear_difference_when_something_else_was_found() -> None:
    code = "import sys, demo.run as r; r.EXPECTED = frozenset({frozenset({'US', 'GT'})}); sys.exit(r.run(leave=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=140, check=False)
    assert done.returncode == 1
    assert "not expected: a contradiction between Honduras and United States" in done.stdout
    assert "2 mail messages arrived, 1 were expected" in done.stdout


@pytest.mark.timeout(150)
def test_the_demo_stays_up_until_ctrl_c_and_then_leaves_nothing_behind() -> None:
    running = subprocess.Popen([sys.executable, "-m", "cli", "demo"], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    assert running.stdout is not None
    shown = ""
    while "The pages stay up until Ctrl-C" not in shown:
        line = running.stdout.readline()
        assert line, shown
        shown += line
    url = re.search(r"The same as pages: (http://[\d.:]+)", shown)
    assert url is not None
    assert answers(url.group(1))
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 0
    assert not answers(url.group(1))
    running.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> dict[str, int]:
    """The processes that `sayso run` supervises, by the command they run."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            command = (stat.parent / "cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid and "cli" in command:
            found[command[command.index("cli") + 1]] = int(stat.parent.name)
    return found


def until(condition, seconds: float = 40):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)
    return value


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def heartbeats(home: Path) -> set[str]:
    with sqlite3.connect(f"file:{home / 'sayso.db'}?mode=ro", uri=True) as connection:
        found = {name for (name,) in connection.execute("SELECT name FROM heartbeat")}
    connection.close()
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.timeout(150)
def test_run_starts_three_processes_starts_a_dead_one_again_and_drains_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAYSO_")} | {
        "SAYSO_HOME": str(tmp_path / "home"), "SAYSO_WEB_PORT": str(port), "SAYSO_SOURCES": str(tmp_path / "sources"), "SAYSO_SWEEP_SECONDS": "1"}
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen([sys.executable, "-m", "cli", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/"))
        until(lambda: {"worker", "schedule", "crawler"} <= heartbeats(tmp_path / "home"))
        first = children(running.pid)
        assert set(first) == {"web", "worker", "crawler"}
        os.kill(first["web"], signal.SIGKILL)
        second = until(lambda: (now := children(running.pid)).get("web", first["web"]) != first["web"] and now)
        assert second["worker"] == first["worker"]
        until(lambda: answers(f"http://127.0.0.1:{port}/"))
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0, (tmp_path / "log").read_text()[-3000:]
    assert not [pid for pid in second.values() if Path(f"/proc/{pid}").exists()]
    assert re.search(r"process_died .*name=web", (tmp_path / "log").read_text())


def test_a_setting_that_cannot_work_is_named() -> None:
    done = subprocess.run([sys.executable, "-m", "cli", "run"], cwd=ROOT, env=os.environ | {"SAYSO_WEB_PORT": "many"}, capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == 2
    assert "SAYSO_WEB_PORT" in done.stderr


def test_the_crawler_refuses_live_sources_without_a_contact(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAYSO_")} | {"SAYSO_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "cli", "crawler"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "SAYSO_CONTACT" in done.stderr
