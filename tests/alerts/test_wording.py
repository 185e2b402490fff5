from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from alerts import wording
from ledger.finding import Finding


def test_the_headline_says_who_denies_what_who_announced(contradiction: Finding) -> None:
    assert wording.headline(contradiction) == "Guatemala denies the asylum agreement that the United States announced"


def test_the_headline_leads_with_the_side_that_spoke_last(contradiction: Finding) -> None:
    later = replace(contradiction.first, said_at=contradiction.second.said_at + timedelta(hours=1))
    assert wording.headline(replace(contradiction, first=later)) \
        == "The United States confirms the asylum agreement that Guatemala denies"


def test_the_headline_tells_a_refusal_from_a_denial(contradiction: Finding) -> None:
    refused = replace(contradiction, second=replace(contradiction.second, stance="rejects"))
    assert wording.headline(refused) == "Guatemala rejects the asylum agreement that the United States announced"


def test_the_headline_of_a_reversal_says_what_was_said_before(reversal: Finding) -> None:
    assert wording.headline(reversal) == "Guatemala now confirms the asylum agreement it had denied"


@pytest.mark.parametrize(("kind", "expected"), [
    ("asylum", "the asylum agreement"), ("ceasefire", "the ceasefire"), ("mou", "the memorandum of understanding"),
    ("Prisoner-Swap", "the prisoner swap"), ("border_demarcation", "the border demarcation agreement"), ("", "the agreement"),
    ("other", "the agreement"), ("trade\r\nX: y", "the trade x: y agreement"),
])
def test_an_agreement_is_called_by_its_kind(kind: str, expected: str) -> None:
    assert wording.agreement(kind) == expected


def test_a_headline_stays_short_whatever_the_sides_are_called(contradiction: Finding) -> None:
    wordy = replace(contradiction, kind="k" * 900, second=replace(contradiction.second, side="s" * 900))
    assert len(wording.headline(wordy)) <= wording.HEADLINE_LIMIT


@pytest.mark.parametrize(("share", "words"), [
    (0.91, "high (91%)"), (0.7, "good (70%)"), (0.5, "fair (50%)"), (0.1, "low (10%)"), (1.7, "high (100%)"), (-1, "low (0%)"),
])
def test_confidence_is_a_word_and_a_figure(share: float, words: str) -> None:
    assert wording.confidence(share) == words


def test_an_instant_is_told_in_utc() -> None:
    assert wording.moment(datetime(2025, 6, 26, 22, 40, tzinfo=UTC)) == "26 June 2025, 22:40 UTC"
    assert wording.moment(datetime(2025, 6, 26, 22, 40, tzinfo=timezone(timedelta(hours=-6)))) == "27 June 2025, 04:40 UTC"


@pytest.mark.parametrize(("code", "expected"), [("es", "Spanish"), ("PT", "Portuguese"), (None, None), ("q\n", None)])
def test_a_language_is_called_by_its_name(code: str | None, expected: str | None) -> None:
    assert wording.language(code) == expected


def test_words_are_listed_as_a_sentence_lists_them() -> None:
    assert [wording.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a or b", "a, b or c"]
