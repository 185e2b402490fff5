"""An edited page takes the place of what its article said before, and the ledger follows it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

import clocks
import corrections
import pipeline
from extract.statement import Outcome
from store.articles import Article, FetchedPage, store_page
from store.clocks import ClockReading, clocks_of
from store.database import Database
from store.findings import contradictions_in
from store.keys import AgreementPair
from store.schema import upgrade
from store.sources import Source
from store.statements import every_statement
from store.versions import edit_of, store_version

NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)
TWO_DAYS = timedelta(hours=48)
CLAIM = "Kenya and Uganda have signed a fishing agreement for the lake, Kenyan fisheries minister Joseph Mwangi said on Tuesday in Nairobi."
DENIAL = "Ugandan foreign minister Grace Okello denied on Wednesday that Uganda had signed a fishing agreement with Kenya, or would do so."
OTHER = "Ugandan foreign minister Grace Okello spoke on Wednesday about the water level of the lake and about the rain of the last weeks."


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'store.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    upgrade(made)
    with made.writing() as session:
        session.add(Source(id="paper", name="The Paper", kind="outlet", languages=["en"], follow="feed", url="https://paper.example"))
        session.add(Source(id="ug-mofa", name="Uganda's Foreign Ministry", kind="press_office", side="UG", languages=["en"], follow="feed",
                           url="https://mofa.example", healthy_since=NOW - timedelta(days=9), checked_at=NOW + timedelta(hours=60)))
    yield made
    made.close()


def fetched(name: str, text: str) -> FetchedPage:
    url = f"https://paper.example/{name}"
    body = f"<html lang='en'><head><title>The lake</title></head><body><article><h1>The lake</h1><p>{text}</p></article></body></html>"
    return FetchedPage("paper", url, url, "The lake", NOW - timedelta(hours=2), NOW, None, None, "text/html", body.encode())


def taken_in(database: Database, page: FetchedPage, *, edited: bool = False) -> str | None:
    with database.writing() as session:
        article_id = store_version(session, page) if edited else store_page(session, page)
    if article_id is not None:
        pipeline.process(database, article_id, now=NOW)
        pipeline.judge(database, article_id, now=NOW)
    return article_id


def opposed(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(c.confirming_side, c.denying_side) for c in contradictions_in(session)]


def test_an_edit_that_takes_the_denial_out_closes_the_contradiction_and_says_what_changed(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    first = taken_in(database, fetched("denial", DENIAL))
    assert opposed(database) == [("KE", "UG")]
    second = taken_in(database, fetched("denial", OTHER), edited=True)
    assert opposed(database) == []
    with database.reading() as session:
        edit = edit_of(session, second or "")
        assert edit is not None
        assert [change[:16] for change in edit.changes] == ["Uganda denies: “"]
        assert edit.changes[0].endswith("was taken out")
        assert session.get_one(Article, first or "").superseded_by == second
        assert session.get_one(Article, second or "").outcome == Outcome.no_statements
        assert {row.agreement_id is None for row in every_statement(session) if row.article_id == first} == {True}


def test_an_edit_that_brings_the_denial_opens_the_contradiction(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    taken_in(database, fetched("denial", OTHER + " The agreement on the ports of 2019 was not mentioned."))
    assert opposed(database) == []
    taken_in(database, fetched("denial", DENIAL), edited=True)
    assert opposed(database) == [("KE", "UG")]


def test_a_page_that_is_the_same_makes_no_version_and_one_with_the_same_text_ends_there(database: Database) -> None:
    taken_in(database, fetched("denial", DENIAL))
    assert taken_in(database, fetched("denial", DENIAL), edited=True) is None
    page = fetched("denial", DENIAL)
    restyled = FetchedPage(page.source_id, page.url, page.link, page.hinted_title, page.hinted_at, page.fetched_at, None, None, "text/html",
                           page.body.replace(b"<body>", b"<body class='new'>"))
    again = taken_in(database, restyled, edited=True)
    with database.reading() as session:
        assert session.get_one(Article, again or "").outcome_reason == "the same text as version 1"


def test_a_version_that_is_judged_after_a_later_one_changes_nothing(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    taken_in(database, fetched("denial", OTHER))
    with database.writing() as session:
        second = store_version(session, fetched("denial", OTHER + " It rains."))
    with database.writing() as session:
        third = store_version(session, fetched("denial", DENIAL))
    for each in (third, second):
        pipeline.process(database, each or "", now=NOW)
        pipeline.judge(database, each or "", now=NOW)
    assert opposed(database) == [("KE", "UG")]


def test_a_version_that_says_the_same_in_between_does_not_keep_the_words_of_the_first(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    taken_in(database, fetched("denial", DENIAL))
    page = fetched("denial", DENIAL)
    taken_in(database, FetchedPage(page.source_id, page.url, page.link, page.hinted_title, page.hinted_at, page.fetched_at, None, None, "text/html",
                                   page.body.replace(b"<body>", b"<body class='new'>")), edited=True)
    assert opposed(database) == [("KE", "UG")]
    third = taken_in(database, fetched("denial", OTHER), edited=True)
    assert opposed(database) == []
    with database.reading() as session:
        assert len(edit_of(session, third or "").changes) == 1


def test_a_first_version_is_judged_though_a_second_one_with_the_same_text_came_before_that(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    page = fetched("denial", DENIAL)
    with database.writing() as session:
        first = store_page(session, page) or ""
    pipeline.process(database, first, now=NOW)
    taken_in(database, FetchedPage(page.source_id, page.url, page.link, page.hinted_title, page.hinted_at, page.fetched_at, None, None, "text/html",
                                   page.body + b" "), edited=True)
    pipeline.judge(database, first, now=NOW)
    assert opposed(database) == [("KE", "UG")]


def test_an_agreement_of_which_only_the_old_version_spoke_is_found_by_nothing_any_more(database: Database) -> None:
    first = taken_in(database, fetched("claim", CLAIM))
    with database.reading() as session:
        agreement = next(row.agreement_id for row in every_statement(session) if row.article_id == first)
    taken_in(database, fetched("claim", OTHER), edited=True)
    with database.reading() as session:
        assert session.exec(select(AgreementPair).where(AgreementPair.agreement_id == agreement)).all() == []


def test_and_it_is_found_again_when_somebody_claims_it_anew(database: Database) -> None:
    first = taken_in(database, fetched("claim", CLAIM))
    with database.reading() as session:
        agreement = next(row.agreement_id for row in every_statement(session) if row.article_id == first)
    taken_in(database, fetched("claim", OTHER), edited=True)
    taken_in(database, fetched("another", CLAIM))
    taken_in(database, fetched("denial", DENIAL))
    assert opposed(database) == [("KE", "UG")]
    with database.reading() as session:
        assert [row.pair for row in session.exec(select(AgreementPair).where(AgreementPair.agreement_id == agreement))] == ["KE+UG"]


def test_a_statement_that_a_person_rejected_stays_rejected_in_an_edited_article_and_comes_back_with_the_undo(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    first = taken_in(database, fetched("denial", DENIAL))
    with database.reading() as session:
        denied = next(row.id for row in every_statement(session) if row.article_id == first)
    made = corrections.reject_statement(database, denied, corrections.Person("ana", "he was misquoted"), NOW)
    assert opposed(database) == []
    for weather in (" It rained.", " It rained twice."):
        taken_in(database, fetched("denial", DENIAL + weather), edited=True)
        assert opposed(database) == []
    corrections.undo(database, made.id or 0, NOW)
    assert opposed(database) == [("KE", "UG")]


def test_an_agreement_of_which_nobody_speaks_is_found_again_when_a_person_merges_another_into_it(database: Database) -> None:
    first = taken_in(database, fetched("claim", CLAIM))
    with database.reading() as session:
        silent = next(row.agreement_id or "" for row in every_statement(session) if row.article_id == first)
    taken_in(database, fetched("claim", OTHER), edited=True)
    second = taken_in(database, fetched("gas", CLAIM.replace("fishing agreement for the lake", "gas agreement")))
    with database.reading() as session:
        spoken_of = next(row.agreement_id or "" for row in every_statement(session) if row.article_id == second)
    corrections.merge(database, silent, spoken_of, corrections.Person("ana", "one text"), NOW)
    with database.reading() as session:
        assert [row.pair for row in session.exec(select(AgreementPair).where(AgreementPair.agreement_id == silent))] == ["KE+UG"]


def test_undoing_a_merge_revives_no_words_of_an_older_version(database: Database) -> None:
    first = taken_in(database, fetched("claim", CLAIM))
    taken_in(database, fetched("gas", CLAIM.replace("fishing agreement for the lake", "gas agreement")))
    with database.reading() as session:
        kept, other = (next(row.agreement_id or "" for row in every_statement(session) if (row.article_id == first) is mine) for mine in (False, True))
    made = corrections.merge(database, kept, other, corrections.Person("ana", "one text"), NOW)
    taken_in(database, fetched("claim", OTHER), edited=True)
    corrections.undo(database, made.id or 0, NOW)
    with database.reading() as session:
        assert {row.agreement_id for row in every_statement(session) if row.article_id == first} == {None}


def answers(database: Database) -> dict[str, ClockReading]:
    with database.reading() as session:
        rows = every_statement(session)
        return {clock.side: clock for row in rows if row.agreement_id for clock in clocks_of(session, row.agreement_id)}


def test_a_party_that_says_nothing_for_two_days_is_silent_and_its_word_ends_that(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    assert clocks.look(database, TWO_DAYS, NOW + timedelta(hours=40)) == []
    assert answers(database)["UG"].answer == "waiting"
    assert len(clocks.look(database, TWO_DAYS, NOW + timedelta(hours=50))) == 1
    assert clocks.look(database, TWO_DAYS, NOW + timedelta(hours=60)) == []
    assert answers(database)["UG"].answer == "silent"
    assert answers(database)["UG"].reason == "Uganda said nothing of it for 48 hours, while Uganda's Foreign Ministry could be read all the time"
    taken_in(database, fetched("denial", DENIAL))
    assert answers(database)["UG"].answer == "denied"


def test_a_side_whose_press_office_fails_is_not_called_silent(database: Database) -> None:
    with database.writing() as session:
        session.get_one(Source, "ug-mofa").healthy_since = None
    taken_in(database, fetched("claim", CLAIM))
    assert clocks.look(database, TWO_DAYS, NOW + timedelta(hours=60)) == []
    assert "stands still" in answers(database)["UG"].reason


def test_a_side_at_whose_press_office_nobody_looked_lately_is_not_called_silent(database: Database) -> None:
    taken_in(database, fetched("claim", CLAIM))
    assert clocks.look(database, TWO_DAYS, NOW + timedelta(days=9)) == []
    assert "stands still" in answers(database)["UG"].reason
