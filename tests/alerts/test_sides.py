import pytest

from alerts import sides


@pytest.mark.parametrize(("side", "name", "named"), [
    ("US", "United States", "the United States"),
    ("GT", "Guatemala", "Guatemala"),
    ("GB", "United Kingdom", "the United Kingdom"),
    ("PH", "Philippines", "the Philippines"),
    ("EU", "European Union", "the European Union"),
    ("UN", "United Nations", "the United Nations"),
    ("NATO", "NATO", "NATO"),
    ("CD", "Democratic Republic of the Congo", "the Democratic Republic of the Congo"),
    ("MM", "Myanmar", "Myanmar"),
    ("BA", "Bosnia and Herzegovina", "Bosnia and Herzegovina"),
    ("hamas", "hamas", "hamas"),
    ("Nippon Steel", "Nippon Steel", "Nippon Steel"),
    ("ZZ", "ZZ", "ZZ"),
])
def test_a_side_is_called_what_people_call_it(side: str, name: str, named: str) -> None:
    assert sides.name(side) == name
    assert sides.named(side) == named


def test_a_side_at_the_beginning_of_a_sentence_has_a_capital_article() -> None:
    assert sides.naming("US") == "The United States"
    assert sides.naming("HN") == "Honduras"


def test_a_side_that_an_article_named_badly_stays_on_one_short_line() -> None:
    assert sides.name("a\r\nBcc: b\u202e" + "x" * 500) == "a Bcc: b" + "x" * 51 + "…"
    assert sides.name(" \n ") == "an unnamed side"
