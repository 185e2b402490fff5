"""People whom articles have placed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.database import Database
from store.people import remember_people, sides_of_people
from store.schema import upgrade

NOW = datetime(2025, 6, 27, tzinfo=UTC)


def test_a_person_is_known_by_the_side_they_were_last_heard_for_and_forgotten_after_two_years(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(database)
    with database.writing() as session:
        remember_people(session, [("ana paz", "Ana Paz", "PE")], NOW)
        remember_people(session, [("ana paz", "Ana Paz", "UN")], NOW + timedelta(days=30))
        remember_people(session, [("ana paz", "Ana Paz", "CL")], NOW - timedelta(days=30))
    with database.reading() as session:
        assert sides_of_people(session, {"ana paz", "luis rojas"}, NOW + timedelta(days=60)) == {"ana paz": "UN"}
        assert sides_of_people(session, {"ana paz"}, NOW + timedelta(days=800)) == {}
        assert sides_of_people(session, set(), NOW) == {}
    database.close()
