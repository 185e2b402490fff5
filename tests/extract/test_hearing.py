"""What may be heard in a sentence beside what the rules read."""

import pytest

from extract.document import Document, Publisher
from extract.hearing import claim_like, whole
from extract.judging import Judgement
from extract.lexicon import lexicon
from extract.pipeline import read
from extract.statement import Stance
from extract.worth import touches


@pytest.mark.parametrize(("language", "text", "expected"), [
    ("en", "“One fence on one border will not keep anybody safe,” said the minister.", False), ("en", "Nobody initialled any such pact.", True),
    ("es", "El ministro viajará el lunes a la costa.", False), ("es", "El ministro desmintió la versión.", True),
    ("fr", "La ministre se rendra lundi à la frontière.", False), ("fr", "La ministre a démenti.", True),
    ("pt", "A ministra viaja na segunda-feira.", False), ("pt", "A ministra nega o acordo.", True),
])
def test_only_a_sentence_with_a_word_for_an_agreement_or_a_stand_can_be_heard(language: str, text: str, expected: bool) -> None:
    words = lexicon(language)
    assert words is not None
    assert touches(text, words) is expected


def test_what_is_heard_takes_the_claim_of_its_polarity() -> None:
    words = lexicon("en")
    assert words is not None
    text = "It signed the ferry treaty; it has not signed the fishing accord."
    denied = claim_like(Judgement("TO", Stance.denies, 0.9, "Tonga", None), text, words)
    confirmed = claim_like(Judgement("TO", Stance.confirms, 0.9, "Tonga", None), text, words)
    assert (confirmed.positive, denied.positive) == (True, False)
    assert claim_like(Judgement("TO", Stance.denies, 0.9, "Tonga", None), "He shrugged.", words) == whole("He shrugged.")


def test_a_sentence_about_something_else_between_statements_is_none() -> None:
    text = ("Tonga's fisheries minister Sione Vaka said his country had signed a fishing agreement with Fiji.\n\n"
            "“One boat in one lagoon was never going to feed anybody,” Vaka said.")
    assert {s.stance for s in read(Document("Tonga signs", text, "en", None, Publisher("The Paper"))).statements} == {Stance.confirms}


def test_a_person_is_no_side() -> None:
    text = "Opposition deputy Óscar Ramírez denied that Tonga had signed a fishing agreement with Fiji. Ramírez rejected the agreement."
    assert all("ramirez" not in s.side for s in read(Document("Tonga", text, "en", None, Publisher("The Paper"))).statements)
