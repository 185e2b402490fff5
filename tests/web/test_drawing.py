"""The pure parts behind the pages: search by words, positions, the timeline, values in words."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger.finding import Evidence
from store.evidence import StatementReading
from store.readings import Standing
from web import timeline as drawing
from web.positions import positions
from web.search import matcher
from web.wording import ago, host, language_name, language_tag, side_code, side_name, span

START = datetime(2025, 6, 26, 22, 40, tzinfo=UTC)


def said(side, stance, hours, *, source="Paper", official=False):
    evidence = Evidence(
        statement_id=f"{side}-{stance}-{hours}", speaker="Speaker", role=None, side=side, stance=stance, quote="words",
        language="en", source=source, official=official, article_id=f"a{hours}", title="Title", url="https://paper.example/",
        said_at=START + timedelta(hours=hours), confidence=0.9)
    return StatementReading(evidence, "agreement", "Label", 0, 5, in_title=False, stage=None, reasons=(), identity_reason=None)


@pytest.mark.parametrize(("words", "found"), [
    ("asylum", True), ("ASYLUM guatemala", True), ("tercer pais", True), ("TERCER PAÍS seguro", True), ("gt", True),
    ("états-unis", True), ("etats unis", True), ("Vereinigte", False), ("mexico", False), ("  ", True), ("asylum mexico", False),
    ("%", False), ("_", False), ("\\", False),
])
def test_words_are_looked_for_in_labels_names_and_parties(words, found):
    names = ["asylum cooperation agreement", "acuerdo de tercer país seguro"]
    assert matcher(words)("Asylum agreement", names, ["GT", "US"]) is found


@pytest.mark.parametrize(("side", "name", "code"), [
    ("GT", "Guatemala", "GT"), ("GB", "United Kingdom", "GB"), ("EU", "European Union", "EU"), ("UN", "United Nations", "UN"),
    ("NATO", "NATO", "NATO"), ("XQ", "XQ", "XQ"), ("hamas", "Hamas", None), ("nippon-steel", "Nippon Steel", None),
    ("rsf", "RSF", None), ("african-union", "African Union", None), ("Rapid Support Forces", "Rapid Support Forces", None),
])
def test_sides_are_named_in_words(side, name, code):
    assert (side_name(side), side_code(side)) == (name, code)


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "0 seconds"), (1, "1 second"), (59.9, "59 seconds"), (60, "1 minute"), (7199, "1 hour"), (86_400, "1 day"),
    (-5, "0 seconds"),
])
def test_lengths_of_time_are_told_in_the_largest_unit(seconds, words):
    assert span(seconds) == words


def test_moments_are_told_from_now():
    told = [ago(START - timedelta(seconds=back), START) for back in (2, 65, -700)]
    assert told == ["just now", "1 minute ago", "in 11 minutes"]


@pytest.mark.parametrize(("code", "tag", "name"), [
    ("es", "es", "Spanish"), ("pt-BR", "pt-BR", "Portuguese"), (None, None, "unknown language"), ("", None, "unknown language"),
    ("xx\" onclick=", None, "xx\" onclick="),
])
def test_languages_become_tags_only_when_they_are(code, tag, name):
    assert (language_tag(code), language_name(code)) == (tag, name)


def test_a_link_is_named_by_its_host():
    assert host("https://www.paper.example/a/b?c") == "paper.example"
    assert host("javascript:x") == "javascript:x"


def test_positions_go_from_yes_to_no_and_the_unheard_come_last():
    standings = [Standing(side, stance, "s", "Speaker", START) for side, stance in
                 [("AR", "denies"), ("BR", "confirms"), ("CL", "negotiating"), ("PE", "rejects")]]
    assert [one.side for one in positions(["AR", "BR", "UY"], standings)] == ["BR", "CL", "PE", "AR", "UY"]


def test_turns_join_what_is_the_same_and_pass_over_silence():
    spoken = [said("HN", "denies", 9), said("HN", "negotiating", 1), said("HN", "denies", 5, source="Office", official=True),
              said("HN", "no_comment", 7), said("HN", "negotiating", 0)]
    (position,) = positions(["HN"], [], spoken)
    assert [(turn.stance, turn.statements) for turn in position.turns] == [("negotiating", 2), ("denies", 2)]
    assert position.turns[1].statement_id == "HN-denies-5"
    assert (position.sources, position.official) == (2, 1)
    (silent,) = positions(["HN"], [], [said("HN", "no_comment", 7)])
    assert [turn.stance for turn in silent.turns] == ["no_comment"]


def test_nothing_said_is_nothing_drawn():
    assert drawing.timeline([], ["US"]) is None


@pytest.mark.parametrize("hours", [0, 0.2, 5, 60, 24 * 40, 24 * 400, 24 * 365 * 30])
def test_a_timeline_fits_its_width_whatever_the_span(hours):
    drawn = drawing.timeline([said("US", "confirms", 0), said("GT", "denies", hours)], ["US", "GT"])
    places = [mark.x for row in drawn.rows for mark in row.marks] + [tick.x for tick in drawn.ticks]
    assert all(0 <= x <= 100 for x in places)
    assert 1 <= len(drawn.ticks) <= drawing.MOST_TICKS + 1
    assert len({tick.label for tick in drawn.ticks}) == len(drawn.ticks)


def test_marks_that_would_cover_each_other_are_stacked():
    drawn = drawing.timeline([said("US", "confirms", hours) for hours in (0, 0, 0.1, 30)], ["US"])
    (row,) = drawn.rows
    places = [(mark.x, mark.y) for mark in row.marks]
    assert len({y for _, y in places[:3]}) == 3
    assert places[3][1] == places[0][1]
    assert row.line_y > max(y for _, y in places)


def test_five_hundred_statements_at_once_are_drawn_at_a_bounded_height():
    drawn = drawing.timeline([said("US", "confirms", 0) for _ in range(500)], ["US"])
    assert drawn.height < 200


def test_a_side_stands_by_its_word_until_the_next():
    drawn = drawing.timeline([said("HN", "negotiating", 0), said("HN", "no_comment", 5), said("HN", "denies", 10)], ["HN"])
    first, second = drawn.rows[0].stretches
    assert (first.stance, second.stance) == ("negotiating", "denies")
    assert (first.x2, second.x2) == (second.x1, 100.0)
