import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import StatementError
from sqlmodel import select

from store.articles import Article, Stage, claim_article
from store.database import Database
from store.health import Heartbeat
from store.interests import SubscriptionKey
from store.keys import AgreementName, AgreementPair, AgreementParty
from store.schema import _config, differences, upgrade
from store.sources import Source
from store.statements import StatementRow

NOW = datetime(2025, 6, 27, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty database of either kind."""
    made = Database(f"sqlite:///{tmp_path / 'store.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    yield made
    made.close()


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    upgrade(database)
    assert differences(database) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    upgrade(database)
    assert differences(database) == []


def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    upgrade(database)
    bogota = timezone(timedelta(hours=-5))
    with database.writing() as session:
        session.add(Heartbeat(name="crawler", at=datetime(2025, 6, 26, 19, tzinfo=bogota)))
    with database.reading() as session:
        assert session.get_one(Heartbeat, "crawler").at == NOW
        assert session.get_one(Heartbeat, "crawler").at.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(database: Database) -> None:
    upgrade(database)
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(Heartbeat(name="crawler", at=datetime(2025, 6, 27)))
        session.flush()


def test_an_error_rolls_the_whole_session_back(database: Database) -> None:
    upgrade(database)
    with pytest.raises(RuntimeError), database.writing() as session:
        session.add(Heartbeat(name="crawler", at=NOW))
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.get(Heartbeat, "crawler") is None


def test_of_two_that_claim_an_article_at_once_one_gets_it(database: Database) -> None:
    upgrade(database)
    with database.writing() as session:
        session.add(Source(id="s", name="S", kind="outlet", languages=["en"], follow="feed", url="https://s.example"))
        session.flush()
        session.add(Article(id="a", source_id="s", url="https://s.example/1", fetched_at=NOW))
    got: list[bool] = []
    barrier = threading.Barrier(2)

    def claim() -> None:
        barrier.wait()
        with database.writing() as session:
            got.append(claim_article(session, "a", (Stage.fetched,), NOW, NOW + timedelta(seconds=60)) is not None)

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, True]


COUNT = """
import sys
from datetime import UTC, datetime, timedelta
from store.database import Database
from store.health import Heartbeat
database = Database(sys.argv[1])
for _ in range(100):
    with database.writing() as session:
        row = session.get_one(Heartbeat, "counter")
        row.at = row.at + timedelta(seconds=1)
"""


def test_updates_of_several_processes_are_never_lost_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'count.db'}"
    database = Database(url)
    upgrade(database)
    with database.writing() as session:
        session.add(Heartbeat(name="counter", at=NOW))
    root = Path(__file__).parents[2]
    running = [subprocess.Popen([sys.executable, "-c", COUNT, url], cwd=root) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    with database.reading() as session:
        assert session.get_one(Heartbeat, "counter").at == NOW + timedelta(seconds=300)
    database.close()


FIRST = "956e5e264a46"
FILLED = (
    "INSERT INTO source (id, name, kind, languages, follow, url, interval, enabled, failures) VALUES ('s', 'Wire', 'outlet', '[]', 'feed', 'u', 900, {true}, 0)",
    "INSERT INTO article (id, source_id, url, version, fetched_at, text, stage, attempts) VALUES ('a', 's', 'u', 1, '2025-06-27 00:00:00', 'T', 'judged', 0)",
    "INSERT INTO page (article_id, content_type, body) VALUES ('a', 'text/html', {bytes})",
    "INSERT INTO agreement (id, label, kind, parties, names, first_at, last_at) "
    "VALUES ('g', 'gas', 'gas', '[\"KE\", \"UG\"]', '[\"Accord\"]', '2025-06-27 00:00:00', '2025-06-27 00:00:00')",
    "INSERT INTO agreement_party (agreement_id, side, last_at) VALUES ('g', 'KE', '2025-06-27 00:00:00'), ('g', 'UG', '2025-06-27 00:00:00')",
    "INSERT INTO statement (id, article_id, position, speaker, side, stance, evidence_start, evidence_end, in_title, quote, confidence, reasons, "
    "agreement_key, kind, parties, names, anaphoric, said_at, agreement_id) VALUES ('st', 'a', 0, 'Ana Paz', 'KE', 'confirms', 0, 1, {false}, 'T', 0.9, "
    "'[]', 'k', 'gas', '[\"KE\", \"UG\"]', '[]', {false}, '2025-06-27 00:00:00', 'g')",
    "INSERT INTO subscription (id, name, channel, address, sides, kinds, findings, min_confidence, enabled, created_at) "
    "VALUES (1, 'Desk', 'email', 'a@b.example', '[\"KE\"]', '[]', '[]', 0.5, {true}, '2025-06-27 00:00:00')",
)


def test_a_filled_database_of_the_first_revision_is_brought_to_the_newest(database: Database) -> None:
    words = {"true": "1", "false": "0", "bytes": "x'00'"} if database.is_sqlite else {"true": "true", "false": "false", "bytes": "'\\x00'"}
    with database.writing() as session:
        command.upgrade(_config(session.connection()), FIRST)
        for statement in FILLED:
            session.connection().exec_driver_sql(statement.format(**words))
    upgrade(database)
    assert differences(database) == []
    with database.reading() as session:
        assert {(row.side, row.kind, row.alone) for row in session.exec(select(AgreementParty))} == {("KE", "gas", False), ("UG", "gas", False)}
        assert [(row.pair, row.kind) for row in session.exec(select(AgreementPair))] == [("KE+UG", "gas")]
        assert [row.name for row in session.exec(select(AgreementName))] == ["Accord"]
        assert [row.key for row in session.exec(select(SubscriptionKey))] == ["ke|*|*"]
        assert session.get_one(StatementRow, "st").agreement_id == "g"
