"""Who a bare side or a role speaks through."""

import pytest

from extract.lexicon import lexicon
from extract.speakers import Person, is_bare, is_role, with_persons
from extract.statement import AgreementMention, Span, Stance, Statement

WORDS = lexicon("en")
PAZ, LIMA = Person("Ana Paz", "PE"), Person("Luis Rojas", "PE")


def said(speaker: str, stance: Stance = Stance.denies, side: str = "PE") -> Statement:
    return Statement(speaker, None, side, stance, AgreementMention("k", "gas", frozenset({side})), Span(0, 5), "quote", 0.8, ("why",))


def speakers(statements: list[Statement], people: list[Person]) -> list[str]:
    assert WORDS is not None
    return [s.speaker for s in with_persons(statements, people, "Ministry of Energy", WORDS)]


def test_a_country_speaks_through_the_person_who_makes_the_same_claim() -> None:
    assert speakers([said("Peru"), said("Ana Paz")], [PAZ]) == ["Ana Paz", "Ana Paz"]


def test_a_country_stays_where_its_person_says_something_else_or_two_say_it() -> None:
    assert speakers([said("Peru"), said("Ana Paz", Stance.confirms)], [PAZ]) == ["Peru", "Ana Paz"]
    assert speakers([said("Peru"), said("Ana Paz"), said("Luis Rojas")], [PAZ, LIMA])[0] == "Peru"


def test_an_institution_and_a_press_office_speak_for_themselves() -> None:
    assert speakers([said("Foreign Ministry"), said("Ministry of Energy"), said("Ana Paz")], [PAZ])[:2] == ["Foreign Ministry", "Ministry of Energy"]


def test_a_role_is_the_one_person_of_its_side_and_says_so() -> None:
    assert WORDS is not None
    found, = with_persons([said("Peruvian premier")], [PAZ], "", WORDS)
    assert (found.speaker, found.role) == ("Ana Paz", "Peruvian premier")
    assert found.reasons[-1] == "“Peruvian premier” is Ana Paz, the one person who speaks for PE"


@pytest.mark.parametrize(("speaker", "side", "bare"), [
    ("Peru", "PE", True), ("Peru's government", "PE", True), ("the Peruvian authorities", "PE", True), ("White House", "US", True),
    ("Foreign Ministry of Peru", "PE", False), ("Union of Dockers", "union-of-dockers", True), ("Harbour Ministry", "harbour", False)])
def test_a_bare_side_is_a_name_and_nothing_more(speaker: str, side: str, bare: bool) -> None:
    assert WORDS is not None
    assert is_bare(speaker, side, WORDS) is bare


def test_a_role_is_an_office_that_one_person_holds() -> None:
    assert WORDS is not None
    assert is_role("Peru's president", WORDS)
    assert not is_role("ministry of the president", WORDS)
