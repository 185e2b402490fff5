import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from store.articles import Article, Stage, claim_article
from store.database import Database
from store.health import Heartbeat
from store.schema import differences, upgrade
from store.sources import Source

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
