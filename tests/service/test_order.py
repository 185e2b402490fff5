"""The ledger is the same in whatever order the articles of one day arrive."""

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tested
from hypothesis import strategies as st

import corrections
import pipeline
from analysis import ArticleLine, _store
from evaluation.cases import load_cases
from store.agreements import Agreement, every_agreement
from store.alerts import NO_LONGER, SENTENCES_GONE, alerts_of, withdraw_alert
from store.articles import Article, Stage
from store.database import Database
from store.findings import contradictions_in, holds, reversals_in
from store.schema import upgrade
from store.sources import Source
from store.statements import StatementRow, every_statement
from store.subscriptions import add_subscription
from store.types import row_id

TESTS = Path(__file__).parents[1]
SHUFFLES = 20
DAY = datetime(2025, 6, 27, tzinfo=UTC)


def ledger(database: Database) -> tuple[Any, ...]:
    """What a ledger holds: the findings that stand, with their evidence, and which statements are about one agreement."""
    with database.reading() as session:
        opposed = sorted((c.id, c.confirming_statement, c.denying_statement) for c in contradictions_in(session) if holds(session, c.id))
        turned = sorted((r.id, r.before_statement, r.after_statement) for r in reversals_in(session))
        together: dict[str | None, list[str]] = defaultdict(list)
        for row in every_statement(session):
            together[row.agreement_id].append(row.id)
    return opposed, turned, sorted((str(key), *sorted(ids)) for key, ids in together.items())


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, datetime]]:
    """The articles of all stories, by id and time."""
    return []


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, datetime]]) -> Path:
    """A database in which the articles of all stories are read and none is judged."""
    path = tmp_path_factory.mktemp("order") / "read.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    articles = [ArticleLine.model_validate({"id": f"{case.id}/{a.id}", "source": {"name": a.source.name, "kind": a.source.kind, "side": a.source.side},
                                            "language": a.language, "published": a.published, "title": a.title, "text": a.text})
                for folder in ("cases", "second-cases") for case in load_cases(TESTS / folder) for a in case.articles]
    for article in sorted(articles, key=lambda a: (a.published, a.id)):
        article_id = row_id(article.id, 1)
        _store(database, article_id, article)
        pipeline.process(database, article_id, now=article.published)
        lines.append((article_id, article.published))
    database.close()
    return path


def judged(read: Path, order: Sequence[tuple[str, datetime]], folder: Path) -> tuple[Any, ...]:
    """The ledger after judging in this order."""
    path = folder / "judged.db"
    shutil.copy(read, path)
    database = Database(f"sqlite:///{path}")
    for article_id, at in order:
        pipeline.judge(database, article_id, now=at)
    found = ledger(database)
    database.close()
    return found


def test_twenty_shuffles_of_every_day_of_the_cases_find_the_same(read_once: Path, lines: list[tuple[str, datetime]], tmp_path: Path) -> None:
    expected = judged(read_once, lines, tmp_path)
    assert len(expected[0]) > 20
    for seed in range(SHUFFLES):
        chance = random.Random(seed)
        shuffled = sorted(lines, key=lambda line: (line[1].date(), chance.random()))
        assert judged(read_once, shuffled, tmp_path) == expected, f"shuffle {seed}"


TOLD = st.fixed_dictionaries({
    "side": st.sampled_from(["KE", "UG", "TZ"]), "stance": st.sampled_from(["confirms", "denies", "rejects", "negotiating"]),
    "kind": st.sampled_from(["gas", "border", "agreement"]), "parties": st.sets(st.sampled_from(["KE", "UG", "TZ"]), min_size=2),
    "context": st.sets(st.sampled_from(["KE", "UG", "TZ"])), "hour": st.integers(0, 23),
})


@tested(max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(articles=st.lists(st.lists(TOLD, min_size=1, max_size=3), min_size=2, max_size=2))
def test_judging_one_article_and_then_another_equals_judging_them_the_other_way_round(articles: list[list[dict[str, Any]]]) -> None:
    assert _of(articles, [0, 1]) == _of(articles, [1, 0])


def _of(articles: list[list[dict[str, Any]]], order: Sequence[int]) -> tuple[Any, ...]:
    database = Database("sqlite://")
    upgrade(database)
    with database.writing() as session:
        session.add(Source(id="s", name="Coast Wire", kind="outlet", side=None, languages=[], follow="file", url="file:s", enabled=False))
        session.flush()
        for number, told in enumerate(articles):
            at = DAY + timedelta(hours=told[0]["hour"])
            session.add(Article(id=f"a{number}", source_id="s", url=f"https://wire.example/{number}", fetched_at=at, title="T", text="Text",
                                language="en", published_at=at, stage=Stage.extracted))
            session.flush()
            session.add_all(StatementRow(
                id=f"st{number}-{n}", article_id=f"a{number}", position=n, speaker="Ana Paz", side=one["side"], stance=one["stance"],
                evidence_start=n, evidence_end=n + 4, quote="Text", confidence=0.9, reasons=[], agreement_key=one["kind"], kind=one["kind"],
                parties=sorted(one["parties"] | {one["side"]}), names=[], context=sorted(one["context"] | one["parties"]), topics=[one["kind"]],
                said_at=at) for n, one in enumerate(told))
    for number in order:
        pipeline.judge(database, f"a{number}", now=DAY)
    found = ledger(database)
    database.close()
    return found


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Database]:
    """A store with one subscriber."""
    made = Database(f"sqlite:///{tmp_path / 'store.db'}")
    upgrade(made)
    with made.writing() as session:
        add_subscription(session, name="Desk", channel="email", address="desk@example.org", now=DAY)
        session.add(Source(id="s", name="Coast Wire", kind="outlet", side=None, languages=[], follow="file", url="file:s", enabled=False))
    yield made
    made.close()


def tell(database: Database, name: str, hour: float, side: str, stance: str, kind: str, url: str | None = None, version: int = 1) -> list[str]:
    """Judge an article with one statement on an agreement of Kenya and Uganda; the alerts that it gave."""
    at = DAY + timedelta(hours=hour)
    with database.writing() as session:
        session.add(Article(id=name, source_id="s", url=url or f"https://wire.example/{name}", version=version, fetched_at=at, title="T", text="Text",
                            language="en", published_at=at, stage=Stage.extracted))
        session.flush()
        session.add(StatementRow(
            id=f"st-{name}", article_id=name, position=0, speaker="Ana Paz", side=side, stance=stance, evidence_start=0, evidence_end=4,
            quote="Text", confidence=0.9, reasons=[], agreement_key=kind, kind=kind, parties=["KE", "UG"], names=[], context=["KE", "UG"],
            topics=[kind], said_at=at))
    return list(pipeline.judge(database, name, now=at).alerts)


def test_who_was_told_is_not_told_again_where_an_earlier_article_gives_the_agreement_another_name(day: Database) -> None:
    alerts = [*tell(day, "a1", 10, "KE", "confirms", "agreement"), *tell(day, "a2", 11, "UG", "denies", "agreement"),
              *tell(day, "a0", 9, "KE", "confirms", "gas")]
    with day.reading() as session:
        only, = contradictions_in(session)
        agreement = session.get_one(Agreement, only.agreement_id)
        row, = [alert for alert, _ in alerts_of(session, only.id)]
        assert [agreement.kind, [row.id]] == ["gas", alerts]
        assert [a.id for a in every_agreement(session)] == [agreement.id]


def test_nor_where_only_the_two_sentences_move_and_the_agreement_stays(day: Database) -> None:
    tell(day, "before", -20, "KE", "negotiating", "trade")
    alerts = [*tell(day, "a1", 10, "KE", "confirms", "agreement"), *tell(day, "a2", 11, "UG", "denies", "agreement"),
              *tell(day, "a0", 8, "KE", "confirms", "security")]
    with day.reading() as session:
        only, = contradictions_in(session)
        assert [alert.id for alert, _ in alerts_of(session, only.id)] == alerts
        assert len(alerts) == 1


def test_a_finding_that_a_person_rejected_stays_rejected_when_a_late_article_comes(day: Database) -> None:
    tell(day, "a1", 10, "KE", "confirms", "agreement")
    tell(day, "a2", 11, "UG", "denies", "agreement")
    with day.reading() as session:
        only, = contradictions_in(session)
    made = corrections.reject_finding(day, only.id, corrections.Person("ana", "two different texts"), DAY)
    assert tell(day, "a0", 8, "KE", "confirms", "security") == []
    with day.reading() as session:
        assert contradictions_in(session) == []
    corrections.undo(day, made.id or 0, DAY)
    with day.reading() as session:
        assert [c.id for c in contradictions_in(session)] == [only.id]


def test_an_alert_that_was_withdrawn_because_its_finding_did_not_hold_is_sent_after_all_when_it_does(day: Database) -> None:
    tell(day, "a1", 10, "KE", "confirms", "gas")
    alert, = tell(day, "a2", 11, "UG", "denies", "gas")
    made = corrections.reject_statement(day, "st-a2", corrections.Person("ana", "misquoted"), DAY)
    with day.writing() as session:
        assert withdraw_alert(session, alert, DAY + timedelta(hours=12), NO_LONGER)
    corrections.undo(day, made.id or 0, DAY + timedelta(hours=13))
    with day.reading() as session:
        only, = contradictions_in(session)
        assert [(row.id, row.state) for row, _ in alerts_of(session, only.id)] == [(alert, "pending")]


def test_an_edit_whose_old_agreement_comes_to_nothing_is_judged_all_the_same(day: Database) -> None:
    tell(day, "a1", 8, "KE", "confirms", "trade", url="https://wire.example/page")
    tell(day, "a2", 11, "UG", "denies", "agreement")
    tell(day, "a3", 8, "KE", "confirms", "security", url="https://wire.example/page", version=2)
    with day.reading() as session:
        assert session.get_one(Article, "a3").stage == Stage.judged
        assert [session.get_one(Agreement, c.agreement_id).kind for c in contradictions_in(session)] == ["security"]


def test_who_was_told_before_an_agreement_got_another_name_is_not_told_when_the_finding_holds_again(day: Database) -> None:
    tell(day, "a1", 10, "KE", "confirms", "agreement")
    alert, = tell(day, "a2", 11, "UG", "denies", "agreement")
    assert tell(day, "a0", 9, "KE", "confirms", "gas") == []
    made = corrections.reject_statement(day, "st-a2", corrections.Person("ana", "misquoted"), DAY)
    corrections.undo(day, made.id or 0, DAY)
    with day.reading() as session:
        only, = contradictions_in(session)
        assert [row.id for row, _ in alerts_of(session, only.id)] == [alert]


def test_a_new_finding_is_told_on_the_agreement_that_an_older_one_left(day: Database) -> None:
    tell(day, "before", -20, "KE", "negotiating", "trade")
    tell(day, "a1", 10, "KE", "confirms", "agreement")
    tell(day, "a2", 11, "UG", "denies", "agreement")
    tell(day, "a0", 8, "KE", "confirms", "security")
    tell(day, "b1", 34, "KE", "confirms", "trade")
    assert len(tell(day, "b2", 35, "UG", "denies", "trade")) == 1


def test_a_reversal_whose_alert_was_withdrawn_is_told_after_all(day: Database) -> None:
    tell(day, "a1", 10, "KE", "confirms", "gas")
    alert, = tell(day, "a2", 11, "KE", "denies", "gas")
    made = corrections.reject_statement(day, "st-a2", corrections.Person("ana", "misquoted"), DAY)
    with day.writing() as session:
        assert withdraw_alert(session, alert, DAY + timedelta(hours=40), SENTENCES_GONE)
    corrections.undo(day, made.id or 0, DAY + timedelta(hours=41))
    with day.reading() as session:
        only, = reversals_in(session)
        assert [(row.id, row.state) for row, _ in alerts_of(session, only.id)] == [(alert, "pending")]
