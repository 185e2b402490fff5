"""`sayso explain`: why a finding exists."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

import pipeline
from corrections import Person, reject_statement
from explanation import explain, why_told
from store.articles import Article, Stage
from store.database import Database
from store.findings import findings
from store.schema import upgrade
from store.sources import Source
from store.statements import StatementRow, replace_statements
from store.subscriptions import add_subscription

NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)


def told(database: Database, number: int, side: str, stance: str, confidence: float, quote: str) -> None:
    """An article with one statement, judged."""
    at, article = NOW + timedelta(hours=number), f"a{number}"
    with database.writing() as session:
        if session.get(Source, "s") is None:
            session.add(Source(id="s", name="Coast Wire", kind="outlet", side=None, languages=[], follow="file", url="file:s", enabled=False))
            session.flush()
        session.add(Article(id=article, source_id="s", url=f"https://wire.example/{number}", fetched_at=at, title="T", text=quote, language="en",
                            published_at=at, stage=Stage.extracted))
        session.flush()
        replace_statements(session, article, [StatementRow(
            id=f"st{number}", article_id=article, position=0, speaker="Ana Paz", side=side, stance=stance, evidence_start=0, evidence_end=len(quote),
            quote=quote, confidence=confidence, reasons=["“Ana Paz” names it"], agreement_key="k", kind="gas", parties=["KE", "UG"], names=[], said_at=at)])
    pipeline.judge(database, article, now=at)


@pytest.fixture
def database() -> Database:
    made = Database("sqlite://")
    upgrade(made)
    told(made, 1, "KE", "confirms", 0.9, "We signed the gas accord.")
    told(made, 2, "UG", "denies", 0.8, "We signed nothing.")
    told(made, 3, "UG", "denies", 0.3, "Perhaps not.")
    return made


def test_a_finding_is_told_with_each_sides_sentences_their_reasons_and_the_rule(database: Database) -> None:
    with database.reading() as session:
        only, = findings(session)
    shown = io.StringIO()
    assert explain(Console(file=shown, width=200), database, only.id)
    text = shown.getvalue()
    assert "Kenya confirms and Uganda denies the same agreement, 1 hour apart" in text
    for expected in ("“We signed the gas accord.”", "● denies 80% · Ana Paz", "· denies 30% · Ana Paz", "“Ana Paz” names it",
                     "this agreement: parties KE and UG shared, kind gas", "in 1 independent source (Coast Wire)", "within 60 days", "https://wire.example/2"):
        assert expected in text


def test_a_finding_that_no_longer_holds_says_so_and_why_a_side_has_no_words_left(database: Database) -> None:
    with database.reading() as session:
        only, = findings(session)
    for statement in ("st2", "st3"):
        reject_statement(database, statement, Person("ana", "he was misquoted"), NOW)
    shown = io.StringIO()
    assert explain(Console(file=shown, width=200), database, only.id)
    assert "Closed on" in shown.getvalue()
    assert "it no longer holds" in shown.getvalue()


def test_a_finding_that_is_not_there_is_said_to_be_missing(database: Database) -> None:
    assert not explain(Console(file=io.StringIO()), database, "no such id")


def test_why_somebody_is_told_is_said_with_what_became_of_the_message(database: Database) -> None:
    with database.writing() as session:
        heard = add_subscription(session, name="Desk", channel="email", address="desk@example.org", now=NOW, min_confidence=0.7)
        other = add_subscription(session, name="Sea desk", channel="email", address="sea@example.org", now=NOW, kinds=["fishing"])
        numbers = getattr(heard, "id", heard), getattr(other, "id", other)
    with database.reading() as session:
        only, = findings(session)
    told = []
    for number in numbers:
        shown = io.StringIO()
        assert why_told(Console(file=shown, width=200), database, only.id, number, NOW)
        told.append(shown.getvalue())
    assert "would be told: Your subscription “Desk” follows everything" in told[0]
    assert "would not be told: it follows fishing" in told[1]
    assert "No message was written" in told[0]
    assert not why_told(Console(file=io.StringIO()), database, only.id, 99, NOW)
