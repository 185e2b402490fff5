"""Which of an article's agreements a claim is about."""

from extract.lexicon import lexicon
from extract.story import Story


def story() -> Story:
    words = lexicon("en")
    assert words is not None
    told = Story(words, "labour", {"union": 3, "dock-company": 3, "KE": 1})
    told.place("dock-company", frozenset({"dock-company", "union"}), "labour", anaphoric=False)
    return told


def test_a_claim_that_names_no_agreement_is_about_the_one_its_side_is_a_party_of() -> None:
    told = story()
    told.place("KE", frozenset({"KE", "UG"}), "fishing", anaphoric=False)
    assert told.place("union", frozenset({"union"}), None, anaphoric=True).key == "labour+dock-company+union"


def test_a_third_party_in_the_sentence_does_not_make_another_agreement_of_it() -> None:
    assert story().place("union", frozenset({"union", "KE"}), None, anaphoric=True, heard=True).key == "labour+dock-company+union"


def test_who_speaks_of_the_only_agreement_told_joins_it() -> None:
    found = story().place("pilots", frozenset({"pilots"}), None, anaphoric=True, heard=True)
    assert found.key == "labour+dock-company+union"
    assert found.parties == {"dock-company", "union", "pilots"}


def test_a_country_that_speaks_of_such_an_agreement_speaks_of_one_of_its_own() -> None:
    assert story().place("KE", frozenset({"KE"}), None, anaphoric=True, heard=True).key != "labour+dock-company+union"


def test_a_claim_that_names_its_agreement_opens_another() -> None:
    assert story().place("KE", frozenset({"KE", "UG"}), "fishing", anaphoric=False).key == "fishing+KE+UG"
