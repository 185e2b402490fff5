from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from extract.statement import Stance
from ledger.claim import Claim, telling_words
from ledger.contradictions import find_contradictions, find_reversals

NOW = datetime(2025, 6, 27, tzinfo=UTC)


def claim(name: str, side: str, stance: Stance, *, days: float = 0, confidence: float = 0.8, official: bool = False, article: str | None = None) -> Claim:
    return Claim(name, article or f"article-{name}", side, stance, frozenset({"US", "GT"}), "asylum", frozenset(), NOW + timedelta(days=days), confidence, official)


def test_two_sides_opposed_are_one_contradiction_with_the_best_evidence_of_each() -> None:
    claims = [claim("1", "US", Stance.confirms), claim("2", "US", Stance.confirms, official=True), claim("3", "GT", Stance.denies)]
    only, = find_contradictions("x", claims)
    assert (only.confirming.id, only.denying.id) == ("2", "3")
    assert "United States confirms and Guatemala denies" in only.reason


def test_sides_that_deny_together_do_not_contradict_each_other() -> None:
    assert not find_contradictions("x", [claim("1", "US", Stance.denies), claim("2", "GT", Stance.rejects)])


def test_a_side_does_not_contradict_itself() -> None:
    assert not find_contradictions("x", [claim("1", "US", Stance.confirms), claim("2", "US", Stance.denies)])


def test_statements_more_than_sixty_days_apart_open_nothing() -> None:
    assert not find_contradictions("x", [claim("1", "US", Stance.confirms), claim("2", "GT", Stance.denies, days=61)])


def test_statements_below_the_threshold_open_nothing() -> None:
    assert not find_contradictions("x", [claim("1", "US", Stance.confirms, confidence=0.4), claim("2", "GT", Stance.denies)])


def test_talks_and_silence_contradict_nobody() -> None:
    assert not find_contradictions("x", [claim("1", "US", Stance.confirms), claim("2", "GT", Stance.no_comment), claim("3", "GT", Stance.negotiating)])


def test_a_side_that_confirms_and_then_denies_has_gone_back_on_its_word() -> None:
    only, = find_reversals("x", [claim("1", "US", Stance.confirms), claim("2", "US", Stance.denies, days=2)])
    assert (only.before.id, only.after.id) == ("1", "2")


def test_two_statements_of_one_article_are_no_reversal() -> None:
    assert not find_reversals("x", [claim("1", "US", Stance.confirms, article="a"), claim("2", "US", Stance.denies, days=1, article="a")])


CLAIMS = st.lists(st.builds(claim, st.uuids().map(str), st.sampled_from(["US", "GT", "HN"]), st.sampled_from(list(Stance)),
                            days=st.floats(0, 90), confidence=st.floats(0, 1), official=st.booleans()), max_size=12, unique_by=lambda c: c.id)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_order_of_claims(claims: list[Claim], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    key = lambda found: (found.id, found.confirming.id, found.denying.id)  # noqa: E731
    assert sorted(map(key, find_contradictions("x", claims))) == sorted(map(key, find_contradictions("x", shuffled)))
    assert find_reversals("x", claims) == find_reversals("x", shuffled)


def test_who_confirms_and_denies_in_one_article_denies_a_term_and_has_not_changed_its_mind() -> None:
    claims = [claim("1", "GT", Stance.denies, article="a"), claim("2", "GT", Stance.confirms, article="a"),
              claim("3", "GT", Stance.confirms, days=2, article="b")]
    assert not find_reversals("x", claims)


def test_a_term_that_a_party_denies_contradicts_the_other_party_and_no_mediator() -> None:
    claims = [claim("1", "GT", Stance.denies, article="a"), claim("2", "GT", Stance.confirms, article="a"),
              claim("3", "US", Stance.confirms), claim("4", "QA", Stance.confirms)]
    assert [c.confirming.side for c in find_contradictions("x", claims, ["GT", "US"])] == ["US"]


def test_what_has_more_in_common_with_what_is_granted_than_with_the_term_that_is_denied_contradicts_nobody() -> None:
    words = {"1": "the corridor has no place in it", "2": "the railway will be built from Horadiz", "3": "the railway is agreed, both said", "4": "the corridor is in it"}
    said = [claim("1", "GT", Stance.denies, article="a"), claim("2", "GT", Stance.confirms, article="a"), claim("3", "US", Stance.confirms),
            claim("4", "US", Stance.confirms)]
    told = [replace(c, words=telling_words(words[c.id])) for c in said]
    assert not find_contradictions("x", told[:3], ["GT", "US"])
    assert [c.confirming.id for c in find_contradictions("x", told, ["GT", "US"])] == ["4"]


def test_a_contradiction_ends_where_a_side_comes_round_and_that_is_its_reversal_too() -> None:
    claims = [claim("1", "US", Stance.confirms), claim("2", "GT", Stance.denies), claim("3", "GT", Stance.confirms, days=3)]
    only, = find_contradictions("x", claims)
    assert only.ended is not None
    assert (only.ended.id, only.ended_reason) == ("3", "Guatemala came round: it confirms the agreement now")
    assert [(r.before.side, r.after.id) for r in find_reversals("x", claims)] == [("GT", "3")]


def test_it_is_open_again_where_the_side_turns_again() -> None:
    claims = [claim("1", "US", Stance.confirms), claim("2", "GT", Stance.denies), claim("3", "GT", Stance.confirms, days=3),
              claim("4", "GT", Stance.rejects, days=5)]
    assert [found.ended for found in find_contradictions("x", claims)] == [None]


def test_it_ends_too_where_the_side_that_confirmed_takes_its_word_back() -> None:
    claims = [claim("1", "US", Stance.confirms), claim("2", "GT", Stance.denies), claim("3", "US", Stance.denies, days=1)]
    assert [found.ended and found.ended.id for found in find_contradictions("x", claims)] == ["3"]


@given(CLAIMS)
def test_what_ended_is_a_reversal_of_the_side_that_came_round(claims: list[Claim]) -> None:
    turned = {found.before.side for found in find_reversals("x", claims)}
    assert {found.ended.side for found in find_contradictions("x", claims) if found.ended} <= turned
