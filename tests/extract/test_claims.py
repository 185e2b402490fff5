import pytest

from extract.claims import Mood, find_claims
from extract.lexicon import lexicon

# text, positive, mood
ENGLISH = [
    ("both countries signed the agreement", True, Mood.fact),
    ("no accord on the dam had been concluded", False, Mood.fact),
    ("the government signed neither a pact nor any other accord", False, Mood.fact),
    ("we have signed nothing of the sort", False, Mood.fact),
    ("they will sign an agreement next week", True, Mood.unreal),
    ("the country will not sign the treaty", False, Mood.unreal),
    ("if the deal is signed, tariffs will go", True, Mood.unreal),
    ("not only did they sign the accord, they published it", True, Mood.fact),
    ("the deal does not exist", False, Mood.fact),
    ("there is no agreement of any kind", False, Mood.fact),
    ("the agreement is in force", True, Mood.fact),
    ("the report of a pact is false", False, Mood.fact),
]
SPANISH = [
    ("no suscribió ningún acuerdo de tercer país seguro", False, Mood.fact),
    ("ambos países firmaron el convenio", True, Mood.fact),
    ("no hemos firmado nada de eso", False, Mood.fact),
    ("firmarán un acuerdo el lunes", True, Mood.unreal),
    ("no aceptará el pacto", False, Mood.unreal),
    ("no existe acuerdo alguno", False, Mood.fact),
    ("un convenio de asilo no estuvo sobre la mesa", False, Mood.fact),
    ("no solo firmó el acuerdo, también lo publicó", True, Mood.fact),
]


@pytest.mark.parametrize(("language", "text", "positive", "mood"), [("en", *c) for c in ENGLISH] + [("es", *c) for c in SPANISH])
def test_the_first_claim_has_the_polarity_and_mood_of_its_clause(language: str, text: str, positive: bool, mood: Mood) -> None:
    words = lexicon(language)
    assert words is not None
    claim = find_claims(text, 0, len(text), words)[0]
    assert (claim.positive, claim.mood) == (positive, mood)


def test_a_negative_word_in_the_object_of_a_denial_is_concord() -> None:
    words = lexicon("es")
    assert words is not None
    text = "que se haya firmado ningún acuerdo"
    assert find_claims(text, 0, len(text), words, under_denial=True)[0].positive


def test_a_denial_that_nothing_was_signed_is_reversed() -> None:
    words = lexicon("en")
    assert words is not None
    text = "that it had not signed the accord"
    assert not find_claims(text, 0, len(text), words, under_denial=True)[0].positive
