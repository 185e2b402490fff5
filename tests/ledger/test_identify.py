from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from extract.statement import Stance
from ledger.claim import Claim
from ledger.identify import Candidate, identify

NOW = datetime(2025, 6, 27, tzinfo=UTC)


def claim(**changes: object) -> Claim:
    values: dict = {"id": "s1", "article_id": "a1", "side": "GT", "stance": Stance.denies, "parties": frozenset({"US", "GT"}), "kind": "asylum",
                    "names": frozenset(), "at": NOW, "confidence": 0.8, "official": False}
    return Claim(**values | changes)


def candidate(name: str, **changes: object) -> Candidate:
    values: dict = {"id": name, "parties": frozenset({"US", "GT"}), "kind": "asylum", "names": frozenset(), "first_at": NOW, "last_at": NOW}
    return Candidate(**values | changes)


def test_the_same_parties_and_kind_within_the_window_are_the_same_agreement() -> None:
    found = identify(claim(), [candidate("x")])
    assert found.agreement_id == "x"
    assert "GT and US" in found.reason


def test_two_agreements_of_the_same_parties_and_other_kinds_stay_two() -> None:
    assert identify(claim(), [candidate("airport", kind="security")]).agreement_id is None


def test_last_decades_agreement_of_the_same_kind_is_another() -> None:
    old = NOW - timedelta(days=2000)
    assert identify(claim(), [candidate("old", first_at=old, last_at=old)]).agreement_id is None


def test_other_parties_are_another_agreement() -> None:
    assert identify(claim(), [candidate("hn", parties=frozenset({"US", "HN"}))]).agreement_id is None


def test_a_shared_name_ties_what_is_told_under_another_kind() -> None:
    named = candidate("portero", kind="security", names=frozenset({"proyecto portero"}))
    assert identify(claim(names=frozenset({"proyecto portero"})), [named]).agreement_id == "portero"


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_choice_does_not_depend_on_the_order_of_candidates(order: list[str]) -> None:
    offered = {n: candidate(n, last_at=NOW - timedelta(days=i)) for i, n in enumerate("abcd")}
    assert identify(claim(), [offered[n] for n in order]).agreement_id == "a"


def test_a_claim_that_names_no_partner_is_about_an_agreement_of_its_side_on_the_same_kind() -> None:
    assert identify(claim(parties=frozenset({"GT"})), [candidate("x")]).agreement_id == "x"
    assert identify(claim(), [candidate("lone", parties=frozenset({"GT"}))]).agreement_id == "lone"
    assert identify(claim(parties=frozenset({"GT"})), [candidate("x", kind="trade")]).agreement_id is None
    assert identify(claim(parties=frozenset({"GT"}), kind="agreement"), [candidate("x", kind="agreement")]).agreement_id is None


def test_articles_of_one_story_that_name_other_parties_tell_of_one_agreement() -> None:
    told = candidate("bases", parties=frozenset({"CI", "UN"}), kind="military", context=frozenset({"CI", "UN", "ML"}), topics=frozenset({"military"}))
    denial = claim(side="ML", parties=frozenset({"ML", "UN"}), named=frozenset({"UN"}), kind="military", context=frozenset({"ML", "UN", "CI"}))
    assert identify(denial, [told]).agreement_id == "bases"
    assert "one story" in identify(denial, [told]).reason


def test_a_claim_whose_words_name_another_party_is_of_another_agreement() -> None:
    told = candidate("gt", context=frozenset({"US", "GT", "HN"}))
    other = claim(side="US", stance=Stance.confirms, parties=frozenset({"US", "HN"}), named=frozenset({"HN"}), context=frozenset({"US", "GT", "HN"}))
    assert identify(other, [told]).agreement_id is None


def test_a_story_is_over_after_three_weeks() -> None:
    told = candidate("bases", parties=frozenset({"CI", "UN"}), context=frozenset({"CI", "UN", "ML"}))
    late = claim(side="ML", parties=frozenset({"ML", "UN"}), context=frozenset({"ML", "UN", "CI"}), at=NOW + timedelta(days=22))
    assert identify(late, [told]).agreement_id is None


def test_a_kind_told_differently_is_the_same_only_where_they_share_a_name() -> None:
    told = candidate("x", kind="security", context=frozenset({"US", "GT"}), topics=frozenset({"security", "asylum"}), names=frozenset({"portero"}))
    ours = {"topics": ("asylum", "security"), "context": frozenset({"US", "GT"})}
    assert identify(claim(**ours, names=frozenset({"portero"})), [told]).agreement_id == "x"
    assert identify(claim(**ours), [told]).agreement_id is None
