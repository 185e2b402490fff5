"""A finding as the ledger makes it, a database that holds it, and servers that do as they are told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
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
    second=DENIED, reason="US confirms and GT denies the same agreement, 95 minutes apart", confidence=0.91,
    opened_at=datetime(2025, 6, 27, 0, 20, tzinfo=UTC),
)
REVERSAL = replace(
    CONTRADICTION, id="4e7e000000000001", type=FindingType.reversal, reason="GT denied and now confirms, 3 days apart",
    first=DENIED, second=replace(DENIED, statement_id="5a1d000000000003", stance="confirms", quote="Sí, se firmó.",
                                 said_at=DENIED.said_at + timedelta(days=3)), confidence=0.8,
)


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
