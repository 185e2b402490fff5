"""Which of an article's agreements a claim is about."""

import pytest

from extract.lexicon import lexicon
from extract.parties import is_this
from extract.story import Named, Story


def story() -> Story:
    words = lexicon("en")
    assert words is not None
    told = Story(words, "labour", {"union": 3, "dock-company": 3, "KE": 1})
    told.place("dock-company", Named(frozenset({"dock-company", "union"})), "labour", anaphoric=False)
    return told


def test_a_claim_that_names_no_agreement_is_about_the_one_its_side_is_a_party_of() -> None:
    told = story()
    told.place("KE", Named(frozenset({"KE", "UG"})), "fishing", anaphoric=False)
    assert told.place("union", Named(frozenset({"union"})), None, anaphoric=True).key == "labour+dock-company+union"


def test_a_third_party_in_the_sentence_does_not_make_another_agreement_of_it() -> None:
    assert story().place("union", Named(frozenset({"union", "KE"})), None, anaphoric=True, heard=True).key == "labour+dock-company+union"


def test_who_speaks_of_the_only_agreement_told_joins_it() -> None:
    found = story().place("pilots", Named(frozenset({"pilots"})), None, anaphoric=True, heard=True)
    assert found.key == "labour+dock-company+union"
    assert found.parties == {"dock-company", "union", "pilots"}


def test_a_country_that_speaks_of_such_an_agreement_speaks_of_one_of_its_own() -> None:
    assert story().place("KE", Named(frozenset({"KE"})), None, anaphoric=True, heard=True).key != "labour+dock-company+union"


def test_a_claim_that_names_its_agreement_opens_another() -> None:
    assert story().place("KE", Named(frozenset({"KE", "UG"})), "fishing", anaphoric=False).key == "fishing+KE+UG"


def test_a_side_that_only_stands_near_by_tells_which_agreement_is_meant_and_is_no_party() -> None:
    told = story()
    told.place("KE", Named(frozenset({"KE", "UG"})), "fishing", anaphoric=False)
    found = told.place("UG", Named(frozenset({"UG"}), frozenset({"KE", "NO"})), None, anaphoric=True, heard=True)
    assert found.parties == {"KE", "UG"}


def test_whom_an_article_is_about_is_named_more_than_once() -> None:
    assert story().context() == {"union", "dock-company"}


def test_a_country_that_speaks_of_this_agreement_speaks_of_the_one_told() -> None:
    found = story().place("KE", Named(frozenset({"KE"})), None, anaphoric=True, heard=True, this=True)
    assert found.key == "labour+dock-company+union"


@pytest.mark.parametrize(("language", "text", "this"), [
    ("en", "That accord does not exist.", True), ("en", "No such accord exists.", False), ("es", "Ese acuerdo es un invento.", True),
    ("fr", "Cet accord n'existe pas.", True), ("fr", "Aucun accord n'existe.", False), ("pt", "Este acordo não existe.", True)])
def test_this_points_at_an_agreement_and_such_does_not(language: str, text: str, this: bool) -> None:
    words = lexicon(language)
    assert words is not None
    assert is_this(text, words) is this
