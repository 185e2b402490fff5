"""The engine and its sessions: the only place that opens a connection.

SQLite with several writing processes loses updates silently when a transaction begins as a reader and turns into a
writer later, so every writing session begins with BEGIN IMMEDIATE (https://www.sqlite.org/lang_transaction.html).
On PostgreSQL a writing session that must not run beside another asks for an advisory lock by name.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

BUSY_TIMEOUT_MS = 30_000


class Database:
    """One database, one engine. Make it after a fork, never before: connections must not cross processes."""

    def __init__(self, url: str) -> None:
        """Prepare `url` (SQLAlchemy form, `sqlite:///…` or `postgresql+psycopg://…`); connects on first use."""
        self.url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self.is_sqlite = self.url.startswith("sqlite")
        options: dict[str, Any] = {"pool_pre_ping": not self.is_sqlite}
        if self.url in {"sqlite://", "sqlite:///:memory:"}:  # one shared connection, or every session sees its own database
            options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        self.engine = create_engine(self.url, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; nothing is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, lock: str | None = None) -> Iterator[Session]:
        """A session that holds the write lock from its first statement; commits at the end, rolls back on an error.

        `lock` names work that only one process may do at a time. SQLite has one writer anyway; PostgreSQL takes a
        transaction-scoped advisory lock.
        """
        engine = self.engine.execution_options(sayso_write=True)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            if lock is not None and not self.is_sqlite:
                session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": zlib.crc32(lock.encode())})
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own: `_begin_sqlite` does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("sayso_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
