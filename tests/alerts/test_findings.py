from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import select

from ledger.finding import Finding
from store.database import Database
from store.findings import finding, findings
from store.sources import Source
from store.statements import StatementRow


def test_a_contradiction_is_read_as_it_was_found(database: Database, contradiction: Finding) -> None:
    with database.reading() as session:
        assert finding(session, contradiction.id) == contradiction


def test_a_reversal_is_as_sure_as_its_less_certain_sentence(database: Database, reversal: Finding) -> None:
    with database.reading() as session:
        found = finding(session, reversal.id)
    assert found == replace(reversal, confidence=0.93)


def test_a_finding_that_is_not_there_is_none(database: Database) -> None:
    with database.reading() as session:
        assert finding(session, "nothing") is None


def test_a_finding_whose_sentence_is_being_read_again_is_not_shown(database: Database, contradiction: Finding,
                                                                   reversal: Finding) -> None:
    with database.writing() as session:
        session.delete(session.get_one(StatementRow, contradiction.first.statement_id))
    with database.reading() as session:
        assert finding(session, contradiction.id) is None
        assert [found.id for found in findings(session)] == [reversal.id]


def test_another_sides_press_office_is_not_official_for_this_one(database: Database, contradiction: Finding) -> None:
    with database.writing() as session:
        for source in session.exec(select(Source)):
            source.side = "FR"
            session.add(source)
    with database.reading() as session:
        found = finding(session, contradiction.id)
    assert found is not None
    assert not found.first.official


def test_findings_come_newest_first_and_can_be_narrowed(database: Database, contradiction: Finding, reversal: Finding, now: datetime,
                                                        store_finding: Callable[[Database, Finding], None]) -> None:
    later = replace(contradiction, id="c047000000000009", agreement_id="a93e000000000009", opened_at=now)
    store_finding(database, later)
    with database.reading() as session:
        assert [found.id for found in findings(session)] == [later.id, *sorted([contradiction.id, reversal.id])]
        assert [found.id for found in findings(session, agreement_id=later.agreement_id)] == [later.id]
        assert [found.id for found in findings(session, since=now - timedelta(hours=1))] == [later.id]
        assert [found.id for found in findings(session, limit=1)] == [later.id]
