"""What a person corrected is written as cases that can be read and scored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import corrections
import pipeline
from corrections import Person
from evaluation.cases import load_cases
from labels import export
from store.articles import Article, Stage
from store.database import Database
from store.findings import findings
from store.schema import upgrade
from store.sources import Source
from store.statements import StatementRow, replace_statements

NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)
QUOTES = {"a1": "Kenya said that it had signed the gas accord with the Dock Union.", "a2": "The Dock Union said that it had signed nothing."}


def store() -> Database:
    """Kenya confirms, a union denies, in two articles of two sources."""
    database = Database("sqlite://")
    upgrade(database)
    for name, side, stance, office in [("a1", "KE", "confirms", "KE"), ("a2", "dock-union", "denies", None)]:
        at = NOW + timedelta(hours=int(name[1]))
        with database.writing() as session:
            session.add(Source(id=name, name=f"Source {name}", kind="press_office" if office else "outlet", side=office, languages=[], follow="file",
                               url=f"file:{name}", enabled=False))
            session.flush()
            session.add(Article(id=name, source_id=name, url=f"https://wire.example/{name}", fetched_at=at, title="Gas", text=QUOTES[name], language="en",
                                published_at=at, stage=Stage.extracted))
            session.flush()
            replace_statements(session, name, [StatementRow(
                id=f"st-{name}", article_id=name, position=0, speaker="Ana Paz", side=side, side_name="Dock Union" if side.islower() else None,
                stance=stance, evidence_start=0, evidence_end=len(QUOTES[name]), quote=QUOTES[name], confidence=0.9, reasons=[], agreement_key="k",
                kind="gas", parties=["KE", "dock-union"], names=[], said_at=at)])
        pipeline.judge(database, name, now=at)
    return database


def test_nothing_corrected_writes_nothing(tmp_path: Path) -> None:
    assert export(store(), tmp_path / "labels") == []


def test_a_rejected_statement_is_missing_and_the_rest_is_a_case(tmp_path: Path) -> None:
    database = store()
    made = corrections.reject_statement(database, "st-a2", Person("ana", "a joke"), NOW)
    assert len(export(database, tmp_path / "one")) == 1
    case, = load_cases(tmp_path / "one")
    assert [(s.side, s.stance.value, s.evidence) for s in case.statements] == [("KE", "confirms", (QUOTES["a1"],))]
    assert not case.contradictions
    assert [a.source.side for a in case.articles] == ["KE", None]
    corrections.undo(database, made.id or 0, NOW)
    assert export(database, tmp_path / "none") == []


def test_a_rejected_contradiction_leaves_its_statements(tmp_path: Path) -> None:
    database = store()
    with database.reading() as session:
        only, = findings(session)
    corrections.reject_finding(database, only.id, Person("ana", "of two things"), NOW)
    export(database, tmp_path)
    case, = load_cases(tmp_path)
    assert {s.side for s in case.statements} == {"KE", "dock-union"}
    assert not case.contradictions
    assert case.aliases == {"dock-union": ("Dock Union",)}
