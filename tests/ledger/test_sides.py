"""Which names of organisations are one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.statement import Stance
from ledger.claim import Claim
from ledger.sides import alike, with_known_sides

SAME = [
    ("nlc", "national-longshore-council"), ("frente-del-agua", "frente-de-agua"), ("comite-del-agua", "comite-nacional-del-agua"),
    ("cgt-puertos", "cgt-puertos-y-muelles"), ("prd", "partido-da-reforma-democratica"),
]
OTHERS = [
    ("nlc", "northern-coal"), ("frente", "frente-del-agua"), ("union-of-dockers", "union-of-teachers"), ("harbour-bank", "river-bank"), ("of", "the"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_initials_and_longer_forms_are_the_same_name(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_a_word_in_common_is_not_enough(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


@given(st.from_regex(r"[a-z]{1,6}(-[a-z]{1,6}){0,4}", fullmatch=True))
def test_likeness_goes_both_ways(code: str) -> None:
    long = "partido-da-reforma-democratica"
    assert alike(code, long) == alike(long, code)


def claim(side: str, parties: set[str]) -> Claim:
    return Claim("s", "a", side, Stance.denies, frozenset(parties), "labour", frozenset(), datetime(2025, 6, 1, tzinfo=UTC), 0.8, official=False)


def test_a_claim_calls_an_organisation_as_the_ledger_does() -> None:
    told, renamed = with_known_sides(claim("prd", {"prd", "GW"}), {"GW", "partido-da-reforma-democratica"})
    assert told.side == "partido-da-reforma-democratica"
    assert told.parties == {"GW", "partido-da-reforma-democratica"}
    assert renamed == {"prd": "partido-da-reforma-democratica"}


def test_where_two_are_alike_neither_is_taken() -> None:
    told, renamed = with_known_sides(claim("prd", {"prd", "GW"}), {"partido-da-reforma-democratica", "partido-dos-rios-e-deltas"})
    assert (told.side, renamed) == ("prd", {})


def test_a_side_of_the_gazetteer_keeps_its_code() -> None:
    assert with_known_sides(claim("imf", {"imf", "AR"}), {"AR", "iron-miners-federation"})[1] == {}
