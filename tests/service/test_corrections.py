"""What a person corrects wins over the machine, survives a second reading, and can be taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tested
from hypothesis import strategies as st

import corrections
import pipeline
from corrections import CorrectionError, Person
from store.agreements import every_agreement
from store.articles import Article, Stage
from store.corrections import corrections as written
from store.database import Database
from store.findings import findings
from store.schema import upgrade
from store.sources import Source
from store.statements import StatementRow, replace_statements, statements_on

NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)
ANA = Person("ana", "it is so")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A ledger of two agreements: gas between Kenya and Uganda, over which they quarrel, and a ceasefire."""
    made = Database(f"sqlite:///{tmp_path / 'store.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    upgrade(made)
    with made.writing() as session:
        session.add(Source(id="s", name="Coast Wire", kind="outlet", side=None, languages=[], follow="file", url="file:s", enabled=False))
    for number, side, stance, kind in [(1, "KE", "confirms", "gas"), (2, "UG", "denies", "gas"), (3, "KE", "denies", "ceasefire")]:
        with made.writing() as session:
            session.add(Article(id=f"a{number}", source_id="s", url=f"https://wire.example/{number}", fetched_at=NOW, title="T", text="Text",
                                language="en", published_at=NOW + timedelta(hours=number), stage=Stage.extracted))
        read(made, number, side, stance, kind)
    yield made
    made.close()


def read(database: Database, number: int, side: str, stance: str, kind: str, parties: list[str] | None = None) -> None:
    """Read and judge an article, as often as one likes."""
    with database.writing() as session:
        session.get_one(Article, f"a{number}").stage = Stage.extracted
        replace_statements(session, f"a{number}", [StatementRow(
            id=f"st{number}", article_id=f"a{number}", position=0, speaker="Ana Paz", side=side, stance=stance, evidence_start=0, evidence_end=4,
            quote="Text", confidence=0.9, reasons=[], agreement_key=kind, kind=kind, parties=parties or ["KE", "UG"], names=[], said_at=NOW + timedelta(hours=number))])
    pipeline.judge(database, f"a{number}", now=NOW)


def state(database: Database) -> tuple[list[tuple[str, str | None]], list[str], list[str]]:
    """Which statement is on which agreement, which findings are open, and the labels."""
    with database.reading() as session:
        agreements = sorted(every_agreement(session), key=lambda a: a.id)
        placed = [(row.id, row.agreement_id) for a in agreements for row in statements_on(session, a.id)]
        standing = [f.id for f in findings(session) if not closed(database, f.id)]
        return sorted(placed), sorted(standing), [a.label for a in agreements]


def test_a_rejected_statement_of_an_organisation_that_the_ledger_calls_otherwise_stays_rejected(database: Database) -> None:
    for number, side, stance in [(4, "partido-da-reforma-democratica", "confirms"), (5, "prd", "denies")]:
        with database.writing() as session:
            session.add(Article(id=f"a{number}", source_id="s", url=f"https://wire.example/{number}", fetched_at=NOW, title="T", text="Text",
                                language="pt", published_at=NOW + timedelta(hours=number), stage=Stage.extracted))
        read(database, number, side, stance, "power-sharing", parties=["GW", side])
    with database.reading() as session:
        row = session.get_one(StatementRow, "st5")
        assert (row.side, row.agreement_id) == ("partido-da-reforma-democratica", on(database, "st4"))
    corrections.reject_statement(database, "st5", ANA, NOW)
    read(database, 5, "prd", "denies", "power-sharing", parties=["GW", "prd"])
    with database.reading() as session:
        assert session.get_one(StatementRow, "st5").rejected


def closed(database: Database, finding: str) -> bool:
    from store.findings import Contradiction
    with database.reading() as session:
        row = session.get(Contradiction, finding)
        return row is not None and row.closed_at is not None


def on(database: Database, statement: str) -> str:
    with database.reading() as session:
        return session.get_one(StatementRow, statement).agreement_id or ""


def test_a_rejected_finding_is_closed_and_does_not_come_back(database: Database) -> None:
    (_, (only,), _) = before = state(database)
    made = corrections.reject_finding(database, only, ANA, NOW)
    read(database, 2, "UG", "denies", "gas")
    assert closed(database, only)
    corrections.undo(database, made.id or 0, NOW)
    assert state(database) == before


def test_a_rejected_statement_counts_no_more_even_when_its_article_is_read_again(database: Database) -> None:
    (_, (only,), _) = before = state(database)
    made = corrections.reject_statement(database, "st2", ANA, NOW)
    assert closed(database, only)
    read(database, 2, "UG", "denies", "gas")
    assert closed(database, only)
    corrections.undo(database, made.id or 0, NOW)
    assert state(database) == before


def test_merged_agreements_are_one_for_what_comes_too_and_two_again_when_undone(database: Database) -> None:
    before, gas, ceasefire = state(database), on(database, "st1"), on(database, "st3")
    made = corrections.merge(database, gas, ceasefire, ANA, NOW)
    assert on(database, "st3") == gas
    read(database, 3, "KE", "denies", "ceasefire")
    assert on(database, "st3") == gas
    with pytest.raises(CorrectionError, match="was merged into"):
        corrections.merge(database, gas, ceasefire, ANA, NOW)
    corrections.undo(database, made.id or 0, NOW)
    assert state(database) == before


def test_statements_that_are_split_off_have_an_agreement_of_their_own_for_good(database: Database) -> None:
    gas = on(database, "st1")
    (_, (only,), _) = state(database)
    made = corrections.split(database, gas, ["st2"], ANA, NOW)
    read(database, 2, "UG", "denies", "gas")
    assert on(database, "st2") not in {gas, on(database, "st3")}
    assert closed(database, only)
    corrections.undo(database, made.id or 0, NOW)
    assert on(database, "st2") == gas
    assert not closed(database, only)


def test_an_agreement_is_renamed_and_has_its_name_back(database: Database) -> None:
    before = state(database)
    made = corrections.rename(database, on(database, "st1"), " The Turkana gas accord ", ANA, NOW)
    assert "The Turkana gas accord" in state(database)[2]
    corrections.undo(database, made.id or 0, NOW)
    assert state(database) == before


def test_who_corrected_what_and_why_stays_on_record(database: Database) -> None:
    corrections.rename(database, on(database, "st1"), "Gas", Person("ana", "shorter"), NOW)
    with database.reading() as session:
        only, = written(session)
        assert (only.who, only.why, only.action, only.undone_at) == ("ana", "shorter", "rename", None)


@pytest.mark.parametrize("mistaken", [
    lambda d: corrections.merge(d, "x", "y", ANA, NOW), lambda d: corrections.merge(d, on(d, "st1"), on(d, "st1"), ANA, NOW),
    lambda d: corrections.split(d, on(d, "st1"), ["st3"], ANA, NOW), lambda d: corrections.rename(d, on(d, "st1"), " ", ANA, NOW),
    lambda d: corrections.reject_statement(d, "x", ANA, NOW), lambda d: corrections.reject_finding(d, "x", ANA, NOW), lambda d: corrections.undo(d, 99, NOW)])
def test_a_mistake_changes_nothing_and_says_what_to_do(database: Database, mistaken) -> None:
    before = state(database)
    with pytest.raises(CorrectionError):
        mistaken(database)
    assert state(database) == before


@tested(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["merge", "split", "statement", "finding"]), max_size=4))
def test_whatever_was_corrected_undoing_it_backwards_restores_the_ledger(database: Database, actions: list[str]) -> None:
    before, made = state(database), []
    for action in actions:
        gas, ceasefire = on(database, "st1"), on(database, "st3")
        try:
            made.append({"merge": lambda gas=gas, ceasefire=ceasefire: corrections.merge(database, gas, ceasefire, ANA, NOW),
                         "split": lambda gas=gas: corrections.split(database, gas, ["st2"], ANA, NOW),
                         "statement": lambda: corrections.reject_statement(database, "st1", ANA, NOW),
                         "finding": lambda: corrections.reject_finding(database, before[1][0], ANA, NOW)}[action]())
        except CorrectionError:
            continue
    for each in reversed(made):
        corrections.undo(database, each.id or 0, NOW)
    after = state(database)
    assert after[:2] == before[:2]
