"""A finding as the ledger makes it, a database that holds it, and servers on loopback that do as they are told."""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlmodel import SQLModel

from alerts.message import Message, message
from ledger.finding import Evidence, Finding, FindingType
from store.agreements import Agreement
from store.articles import Article, Stage
from store.database import Database
from store.findings import Contradiction, Reversal
from store.sources import Source
from store.statements import StatementRow
from store.subscriptions import add_subscription

NOW = datetime(2025, 6, 27, 6, 0, tzinfo=UTC)
PUBLIC_URL = "http://127.0.0.1:8040"

ANNOUNCED = Evidence(
    statement_id="5a1d000000000001", speaker="Kristi Noem", role="Secretary of Homeland Security", side="US",
    stance="confirms", language="en", source="U.S. Department of Homeland Security", official=True,
    quote="“Honduras signed, Guatemala signed, and whoever needs protection can from now on find it closer to home.”",
    article_id="a471000000000001", title="Asylum cooperation agreements concluded in Central America",
    url="https://www.dhs.example/news/2025/06/26/asylum-cooperation-agreements", confidence=0.96,
    said_at=datetime(2025, 6, 26, 22, 40, tzinfo=UTC),
)
DENIED = Evidence(
    statement_id="5a1d000000000002", speaker="Secretaría de Comunicación Social de la Presidencia", role=None, side="GT",
    stance="denies", language="es", source="Presidencia de Guatemala", official=True,
    quote="El Gobierno de Guatemala no suscribió ningún acuerdo de tercer país seguro ni convenio migratorio alguno.",
    article_id="a471000000000002", title="Comunicado oficial",
    url="https://comunicacion.gob.example/comunicado?n=412&lang=es", confidence=0.93,
    said_at=datetime(2025, 6, 27, 0, 15, tzinfo=UTC),
)
CONTRADICTION = Finding(
    id="c047000000000001", type=FindingType.contradiction, agreement_id="a93e000000000001",
    label="asylum agreement of Guatemala and the United States", kind="asylum", parties=("GT", "US"), first=ANNOUNCED,
    second=DENIED, reason="United States confirms and Guatemala denies the same agreement, 95 minutes apart", confidence=0.91,
    opened_at=datetime(2025, 6, 27, 0, 20, tzinfo=UTC),
)
REVERSAL = replace(
    CONTRADICTION, id="4e7e000000000001", type=FindingType.reversal, reason="Guatemala denied and now confirms, 3 days apart",
    first=DENIED, second=replace(DENIED, statement_id="5a1d000000000003", stance="confirms", quote="Sí, se firmó.",
                                 said_at=DENIED.said_at + timedelta(days=3)), confidence=0.8,
)


@dataclass
class Accepted:
    """A message that a mail server took."""

    sender: str
    recipients: list[str]
    content: bytes


class MailServer:
    """aiosmtpd with a script: for each command the replies to give, one after the other; then it takes everything.

    A reply of "drop" resets the connection instead, and one of "stall" says nothing. After DATA the message counts as
    accepted whatever is said, so that a test sees what a receiver would have.
    """

    def __init__(self, **options: Any) -> None:
        self.script: dict[str, list[str]] = {}
        self.accepted: list[Accepted] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        return await self._said(server, "MAIL", "250 fine")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        reply = await self._said(server, f"RCPT {address}", await self._said(server, "RCPT", "250 fine"))
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = next(iter(self.script.get("DATA", [])), "250 fine")
        if reply[0] not in "45":
            content = envelope.original_content or b""
            self.accepted.append(Accepted(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return await self._said(server, "DATA", "250 fine")

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await self._said(server, "QUIT", "221 bye")

    async def _said(self, server: SMTP, command: str, otherwise: str) -> str:
        replies = self.script.get(command, [])
        reply = replies.pop(0) if replies else otherwise
        if reply == "stall":
            await asyncio.sleep(60)
        if reply == "drop":
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(60)  # until the connection is gone and this task with it
        return reply

    def stop(self) -> None:
        self._controller.stop()


class LineServer:
    """A server that says what it is told: one reply at once, and one for each line that it reads."""

    def __init__(self, *replies: str) -> None:
        """A reply of "drop" closes the connection."""
        self._replies = list(replies)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as lines:
            for reply in self._replies:
                if reply == "drop":
                    return
                connection.sendall(reply.encode() + b"\r\n")
                if not lines.readline():
                    return
            while lines.readline():
                pass

    def stop(self) -> None:
        self._listener.close()


@dataclass
class Answer:
    """What a webhook answers. `manner` may be reset (after reading), stall, or drip (a byte now and then)."""

    status: int = 200
    body: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "answer"


class SlackServer:
    """A webhook with a script of answers, one after the other; then it says "ok"."""

    def __init__(self) -> None:
        self.script: list[Answer] = []
        self.posts: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.paths.append(f"{self.command} {self.path}")
                outer.requests.append((dict(self.headers.items()), body))
                answer = outer.script.pop(0) if outer.script else Answer()
                if self.command == "POST" and answer.status == 200:
                    outer.posts.append(json.loads(body))
                outer.give(self, answer)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._ended = threading.Event()
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/services/T0/B0/s3cret"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def give(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.manner == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            return
        if answer.manner == "stall":
            self._ended.wait(60)
            return
        if answer.manner == "drip":
            try:
                while not self._ended.wait(0.05):
                    handler.connection.sendall(b"H")
            except OSError:
                return
        body = answer.body.encode()
        handler.send_response(answer.status)
        for name, value in {"Content-Length": str(len(body)), **answer.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def stop(self) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def now() -> datetime:
    """The instant at which the tests happen."""
    return NOW


@pytest.fixture(scope="session")
def contradiction() -> Finding:
    """Guatemala denies what the United States announced."""
    return CONTRADICTION


@pytest.fixture(scope="session")
def reversal() -> Finding:
    """Guatemala confirms what it denied."""
    return REVERSAL


@pytest.fixture(scope="session")
def written(contradiction: Finding) -> Message:
    """The contradiction as a message."""
    return message(contradiction, reason="Your subscription “Central America” follows asylum agreements of Guatemala.",
                   public_url=PUBLIC_URL, written_at=NOW)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An SQLite file with every table and the two findings above."""
    database = Database(f"sqlite:///{tmp_path / 'sayso.db'}")
    SQLModel.metadata.create_all(database.engine)
    store(database, CONTRADICTION)
    store(database, REVERSAL)
    yield database
    database.close()


@pytest.fixture
def subscribe(database: Database) -> Callable[..., int]:
    """Write a subscription and return its number."""
    def write(channel: str = "email", address: str = "reader@example.org", **wanted: object) -> int:
        with database.writing() as session:
            row = add_subscription(session, name=str(wanted.pop("name", "Desk")), channel=channel, address=address, now=NOW,
                                   **wanted)  # type: ignore[arg-type]
        assert row.id is not None
        return row.id
    return write


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server on loopback that takes everything until it is told otherwise."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def line_server() -> Iterator[Callable[..., LineServer]]:
    """Make bare servers from their replies."""
    made: list[LineServer] = []

    def make(*replies: str) -> LineServer:
        made.append(LineServer(*replies))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def answer() -> type[Answer]:
    """The class of a webhook's answers."""
    return Answer


@pytest.fixture
def store_finding() -> Callable[[Database, Finding], None]:
    """The function that writes a finding with all it rests on."""
    return store


@pytest.fixture
def nobodys_port() -> int:
    """A port that nobody listens on."""
    return free_port()


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A webhook on loopback that says "ok" until it is told otherwise."""
    server = SlackServer()
    yield server
    server.stop()


def store(database: Database, finding: Finding) -> None:
    """Write a finding with its agreement, articles, sources and statements, as far as they are not there."""
    with database.writing() as session:
        session.merge(Agreement(id=finding.agreement_id, label=finding.label, kind=finding.kind, parties=list(finding.parties),
                                names=[], first_at=finding.opened_at, last_at=finding.opened_at))
        for evidence in (finding.first, finding.second):
            source_id = f"source-{evidence.article_id}"
            session.merge(Source(id=source_id, name=evidence.source, kind="press_office" if evidence.official else "outlet",
                                 side=evidence.side if evidence.official else None, languages=[], follow="feed",
                                 url="https://example.org/feed"))
            session.flush()
            session.merge(Article(id=evidence.article_id, source_id=source_id, url=evidence.url, fetched_at=evidence.said_at,
                                  title=evidence.title, text=evidence.quote, language=evidence.language, stage=Stage.judged))
            session.flush()
            session.merge(StatementRow(
                id=evidence.statement_id, article_id=evidence.article_id, position=0, speaker=evidence.speaker,
                role=evidence.role, side=evidence.side, stance=evidence.stance, evidence_start=0,
                evidence_end=len(evidence.quote), quote=evidence.quote, confidence=evidence.confidence, reasons=[],
                agreement_key="k1", kind=finding.kind, parties=list(finding.parties), names=[], said_at=evidence.said_at))
        if finding.type is FindingType.contradiction:
            session.merge(Contradiction(
                id=finding.id, agreement_id=finding.agreement_id, confirming_side=finding.first.side,
                denying_side=finding.second.side, confirming_statement=finding.first.statement_id,
                denying_statement=finding.second.statement_id, confidence=finding.confidence, reason=finding.reason,
                opened_at=finding.opened_at, updated_at=finding.opened_at))
        else:
            session.merge(Reversal(
                id=finding.id, agreement_id=finding.agreement_id, side=finding.second.side,
                before_statement=finding.first.statement_id, after_statement=finding.second.statement_id,
                reason=finding.reason, opened_at=finding.opened_at))
