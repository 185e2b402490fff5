"""Stored articles are read again: what that changes is shown, and written only when asked for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

import pipeline
from reprocessing import Difference, reprocess
from store.articles import Article, Stage
from store.database import Database
from store.findings import findings
from store.schema import upgrade
from store.sources import Source
from store.statements import StatementRow, every_statement, replace_statements

NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)
TEXT = ("Kenya's energy minister, Wanjiru Odhiambo, said on Friday that Nairobi had signed a gas agreement with Uganda.\n\n"
        "Uganda's foreign minister, Moses Okello, denied that Kampala had signed any agreement with Kenya.")


@pytest.fixture
def database() -> Iterator[Database]:
    """A store whose one article was read badly: a statement that is none, and nothing else."""
    made = Database("sqlite://")
    upgrade(made)
    with made.writing() as session:
        session.add(Source(id="s", name="Coast Wire", kind="outlet", side=None, languages=[], follow="file", url="file:s", enabled=False))
        session.flush()
        session.add(Article(id="a", source_id="s", url="https://wire.example/a", fetched_at=NOW, title="Gas", text=TEXT, language="en", published_at=NOW,
                            stage=Stage.extracted))
        session.flush()
        replace_statements(session, "a", [StatementRow(
            id="old", article_id="a", position=0, speaker="Tanzania", side="TZ", stance="confirms", evidence_start=0, evidence_end=20, quote=TEXT[:20],
            confidence=0.9, reasons=[], agreement_key="k", kind="gas", parties=["TZ"], names=[], said_at=NOW)])
    pipeline.judge(made, "a", now=NOW)
    yield made
    made.close()


def again(database: Database, *, apply: bool = False, since: datetime = NOW - timedelta(days=1), source: str | None = None) -> Difference:
    seen: list[tuple[int, int]] = []
    return reprocess(database, since, source, NOW, apply=apply, progress=lambda *at: seen.append(at))


def stored(database: Database) -> set[tuple[str, str]]:
    with database.reading() as session:
        return {(row.side, row.stance) for row in every_statement(session)}


def test_the_difference_is_shown_and_nothing_is_written(database: Database) -> None:
    found = again(database)
    assert found.articles == 1
    assert [line.split(" · ")[0] for line in found.statements.lost] == ["TZ confirms"]
    assert {line.split(" · ")[0] for line in found.statements.gained} == {"KE confirms", "UG denies"}
    assert len(found.findings.gained) == 1
    assert stored(database) == {("TZ", "confirms")}


def test_applied_it_is_written_and_a_second_time_changes_nothing(database: Database) -> None:
    assert again(database, apply=True).applied
    assert stored(database) == {("KE", "confirms"), ("UG", "denies")}
    with database.reading() as session:
        assert len(findings(session)) == 1
    second = again(database, apply=True)
    assert not [*second.statements.gained, *second.statements.lost, *second.findings.gained, *second.findings.lost]


def test_only_articles_of_the_days_and_the_source_that_were_asked_for_are_read(database: Database) -> None:
    assert again(database, since=NOW + timedelta(days=1)).articles == 0
    assert again(database, source="another").articles == 0
