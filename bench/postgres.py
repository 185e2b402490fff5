"""A PostgreSQL of one's own, for as long as it is needed: the tests and the benches use it, so that nobody's database is touched."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 30


def program(name: str) -> str | None:
    """One of PostgreSQL's programs. Debian keeps them out of PATH, one folder a version; the newest wins."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: [int(n) if n.isdigit() else 0 for n in p.parts[4].split(".")])
    return shutil.which(name) or (str(places[-1]) if places else None)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server without a database's name at its end. Raises FileNotFoundError where PostgreSQL is not installed."""
    initdb, server = program("initdb"), program("postgres")
    if initdb is None or server is None:
        raise FileNotFoundError("PostgreSQL is not installed (scripts/install-services installs it)")
    folder = Path(tempfile.mkdtemp(prefix="sayso-postgres-"))
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:       # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    subprocess.run([initdb, "-D", folder / "data", "-U", "sayso", "-A", "trust", "-E", "UTF8", "--no-sync"], check=True,
                   stdout=subprocess.DEVNULL, cwd="/", **owner)
    process = subprocess.Popen([server, "-D", folder / "data", "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **owner)
    try:
        _wait(process, port)
        yield f"postgresql://sayso@127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str) -> str:
    """The URL of an empty database on a server."""
    name = f"sayso_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server}/{name}"


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL does not answer") from None
            time.sleep(0.05)
