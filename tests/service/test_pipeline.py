"""One article's way, step by step, on a database of its own: every end has its name, and doing work twice changes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import pipeline
from extract.statement import Outcome
from store.agreements import every_agreement
from store.articles import Article, FetchedPage, Stage, store_page
from store.database import Database
from store.findings import contradictions_in
from store.schema import upgrade
from store.sources import Source
from store.statements import every_statement

NOW = datetime(2025, 3, 5, 12, tzinfo=UTC)
CLAIM = ("Kenya and Uganda have signed a fishing agreement for the lake, Kenyan fisheries minister Joseph Mwangi said on Tuesday. "
         "He spoke after a meeting in Nairobi that had lasted for most of the day and that was followed by a short news conference.")
DENIAL = ("Ugandan foreign minister Grace Okello denied on Wednesday that Uganda had signed a fishing agreement with Kenya. "
          "She told reporters in Kampala that officials had met to compare figures and that they would meet again before the summer.")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'pipeline.db'}")
    upgrade(made)
    with made.writing() as session:
        session.add(Source(id="paper", name="The Paper", kind="outlet", languages=["en"], follow="feed", url="https://paper.example"))
    yield made
    made.close()


def stored(database: Database, name: str, text: str, *, title: str = "News from the lake", language: str = "en") -> str:
    url = f"https://paper.example/{name}"
    body = f"<html lang='{language}'><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    with database.writing() as session:
        article_id = store_page(session, FetchedPage("paper", url, url, title, NOW - timedelta(hours=2), NOW, None, None, "text/html", body.encode()))
    assert article_id is not None
    return article_id


def article(database: Database, article_id: str) -> Article:
    with database.reading() as session:
        return session.get_one(Article, article_id)


def test_two_articles_that_disagree_make_one_contradiction(database: Database) -> None:
    for name, text in (("claim", CLAIM), ("denial", DENIAL)):
        article_id = stored(database, name, text)
        assert pipeline.process(database, article_id, now=NOW) is Outcome.statements
        pipeline.judge(database, article_id, now=NOW)
        assert article(database, article_id).stage == Stage.judged
    with database.reading() as session:
        only, = contradictions_in(session)
        assert (only.confirming_side, only.denying_side) == ("KE", "UG")


def test_the_order_in_which_articles_arrive_changes_no_row(database: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    upgrade(other)
    with other.writing() as session:
        session.add(Source(id="paper", name="The Paper", kind="outlet", languages=["en"], follow="feed", url="https://paper.example"))
    rows = []
    for where, order in ((database, ("claim", "denial")), (other, ("denial", "claim"))):
        for name in order:
            article_id = stored(where, name, CLAIM if name == "claim" else DENIAL)
            pipeline.process(where, article_id, now=NOW)
            pipeline.judge(where, article_id, now=NOW)
        with where.reading() as session:
            rows.append(([a.id for a in every_agreement(session)], [(c.id, c.confirming_statement, c.denying_statement) for c in contradictions_in(session)],
                         [(s.id, s.agreement_id) for s in every_statement(session)]))
    other.close()
    assert rows[0] == rows[1]


def test_doing_it_twice_does_nothing_the_second_time(database: Database) -> None:
    article_id = stored(database, "claim", CLAIM)
    pipeline.process(database, article_id, now=NOW)
    pipeline.judge(database, article_id, now=NOW)
    assert pipeline.process(database, article_id, now=NOW) is None
    assert pipeline.judge(database, article_id, now=NOW) == pipeline.Judged()


def test_a_held_article_is_left_to_who_holds_it(database: Database) -> None:
    article_id = stored(database, "claim", CLAIM)

    def dies(_point: str) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        pipeline.process(database, article_id, now=NOW, crash=dies)
    assert pipeline.process(database, article_id, now=NOW + timedelta(seconds=59)) is None
    assert pipeline.process(database, article_id, now=NOW + timedelta(seconds=61)) is Outcome.statements


def test_an_article_whose_reading_always_fails_is_put_aside_with_a_reason(database: Database) -> None:
    article_id = stored(database, "claim", CLAIM)

    def dies(_point: str) -> None:
        raise RuntimeError

    for attempt in range(pipeline.MAX_ATTEMPTS):
        with pytest.raises(RuntimeError):
            pipeline.process(database, article_id, now=NOW + timedelta(minutes=2 * attempt), crash=dies)
    assert pipeline.process(database, article_id, now=NOW + timedelta(hours=1)) is Outcome.error
    assert "3 attempts" in (article(database, article_id).outcome_reason or "")


def test_an_article_whose_judging_always_fails_is_put_aside_with_a_reason(database: Database) -> None:
    article_id = stored(database, "claim", CLAIM)
    pipeline.process(database, article_id, now=NOW)

    def dies(_point: str) -> None:
        raise RuntimeError

    for attempt in range(pipeline.MAX_ATTEMPTS):
        with pytest.raises(RuntimeError):
            pipeline.judge(database, article_id, now=NOW + timedelta(minutes=2 * attempt), crash=dies)
    assert pipeline.judge(database, article_id, now=NOW + timedelta(hours=1)) == pipeline.Judged()
    ended = article(database, article_id)
    assert (ended.outcome, ended.stage) == (Outcome.error, Stage.judged)
    with database.reading() as session:
        assert every_agreement(session) == []


def test_a_copy_of_an_article_ends_as_a_duplicate_that_names_its_original(database: Database) -> None:
    first, copy = stored(database, "claim", CLAIM), stored(database, "copy", CLAIM)
    pipeline.process(database, first, now=NOW)
    assert pipeline.process(database, copy, now=NOW) is Outcome.duplicate
    assert article(database, copy).duplicate_of == first


@pytest.mark.parametrize(("text", "outcome"), [
    ("", Outcome.no_text),
    ("Rain will reach the lake on Friday, the weather office said, and winds will ease by night.", Outcome.no_statements),
    ("Die Regierung hat am Montag mitgeteilt, dass kein Abkommen unterzeichnet worden sei. Der Sprecher wollte dazu nichts weiter sagen.",
     Outcome.unsupported_language),
])
def test_every_other_end_has_its_name(database: Database, text: str, outcome: Outcome) -> None:
    article_id = stored(database, "other", text, language="de" if outcome is Outcome.unsupported_language else "en")
    assert pipeline.process(database, article_id, now=NOW) is outcome
    assert article(database, article_id).stage == Stage.judged
