"""The reader in French: elision, ne … pas, the press's conditional, inverted clauses, and short articles read whole."""

from datetime import UTC, datetime

import pytest

from extract.claims import Mood, find_claims
from extract.document import Document, Kind, Publisher
from extract.lexicon import lexicon
from extract.pipeline import read

PUBLISHED = datetime(2025, 6, 27, tzinfo=UTC)

# text, positive, mood
CLAIMS = [
    ("les deux pays ont signé l'accord", True, Mood.fact),
    ("aucun accord n'a été signé", False, Mood.fact),
    ("le gouvernement n'a signé ni pacte ni convention", False, Mood.fact),
    ("nous n’avons rien signé de tel", False, Mood.fact),
    ("il n'y a pas d'accord", False, Mood.fact),
    ("il n'en est rien", False, Mood.fact),
    ("l'accord est déjà en vigueur", True, Mood.fact),
    ("le pays aurait signé un accord", True, Mood.unreal),
    ("ils signeront un traité lundi", True, Mood.unreal),
    ("le pays n'acceptera pas le pacte", False, Mood.unreal),
    ("le ministre a annoncé la conclusion d'un accord", True, Mood.fact),
    ("le pays n'a pas seulement signé l'accord, il l'a publié", True, Mood.fact),
    ("les deux gouvernements se sont entendus sur une trêve", True, Mood.fact),
    ("Bangui vient de signer le traité", True, Mood.fact),
    ("l'information sur un accord est totalement fausse", False, Mood.fact),
]

# text, sides with their stances: each is read, and no other side confirms, denies or rejects
ARTICLES = [
    (
        "La ministre kényane de l'Énergie, Grace Wambui, a déclaré mardi que son pays et l'Ouganda avaient signé un accord sur "
        "l'électricité.\n\nÀ Kampala, le ministère ougandais de l'Énergie a démenti. « Aucun accord n'a été signé », a indiqué son "
        "porte-parole, Moses Okello.",
        {("KE", "confirms"), ("UG", "denies")},
    ),
    (
        "« Nous n'avons conclu aucun pacte de cette nature avec le Pérou », a assuré la ministre chilienne de la Défense, Ana Rojas, "
        "devant la presse.",
        {("CL", "denies")},
    ),
    (
        "L'accord de pêche avec le Sénégal, a-t-il dit, est en vigueur. Le ministre mauritanien des Pêches, Sidi Ould Ahmed, a "
        "confirmé mercredi la signature de l'accord avec Dakar.",
        {("MR", "confirms")},
    ),
    (
        "Le gouvernement polonais a rejeté tout accord de relocalisation avec l'Allemagne. Selon le ministère allemand de "
        "l'Intérieur, un accord a pourtant été trouvé en mai.",
        {("PL", "rejects"), ("DE", "confirms")},
    ),
    (
        "Le Maroc n'acceptera pas l'accord de réadmission proposé par la Belgique, a déclaré le ministre marocain de l'Intérieur, "
        "Driss Alami.",
        {("MA", "rejects")},
    ),
    (
        "Le ministère tunisien des Affaires étrangères s'est félicité de l'accord de réadmission conclu avec l'Italie, qui est entré "
        "en vigueur lundi.",
        {("TN", "confirms")},
    ),
    (
        "La Grèce nie avoir signé un accord avec la Libye, une affirmation que Tripoli juge surprenante.\n\nInterrogée, l'ambassade "
        "de Libye n'a pas souhaité commenter.",
        {("GR", "denies")},
    ),
]

NOTHING = [
    "L'an dernier, le Kenya et l'Ouganda avaient signé un accord sur l'électricité, a rappelé le ministre kényan de l'Énergie.",
    "Il n'y a pas d'accord entre le Kenya et l'Ouganda, estime l'économiste Jane Mutua, de l'université de Nairobi.",
    "Le porte-parole du gouvernement togolais n'a ni confirmé ni démenti la signature d'un accord avec le Bénin.",
    "Le Togo et le Bénin auraient signé un accord, selon des sources proches des négociations.",
    "Le footballeur sénégalais a signé un contrat de trois ans et des autographes après le match.",
]


@pytest.mark.parametrize(("text", "positive", "mood"), CLAIMS)
def test_the_first_french_claim_has_the_polarity_and_mood_of_its_clause(text: str, positive: bool, mood: Mood) -> None:
    words = lexicon("fr")
    assert words is not None
    claim = find_claims(text, 0, len(text), words)[0]
    assert (claim.positive, claim.mood) == (positive, mood)


@pytest.mark.parametrize(("text", "expected"), ARTICLES)
def test_a_french_article_is_read_with_its_sides_and_stances(text: str, expected: set[tuple[str, str]]) -> None:
    found = read(Document("", text, "fr", PUBLISHED, Publisher("Le Quotidien")), model=False).statements
    assert {(s.side, str(s.stance)) for s in found if s.stance.polarity} == expected


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_statement_in_french_is_not_read_as_one(text: str) -> None:
    found = read(Document("", text, "fr", PUBLISHED, Publisher("Le Quotidien")), model=False).statements
    assert not [s for s in found if s.stance.polarity]


def test_a_french_communique_denies_in_its_own_voice() -> None:
    text = ("Le ministère des Affaires étrangères a pris connaissance d'articles faisant état d'un arrangement avec le Royaume "
            "d'Espagne.\n\nAucun accord de cette nature n'a été conclu avec l'Espagne.")
    office = Publisher("Ministère des Affaires étrangères", Kind.press_office, "MR")
    found = read(Document("", text, "fr", PUBLISHED, office), model=False).statements
    assert {(s.side, str(s.stance)) for s in found} == {("MR", "denies")}


def test_a_quotation_is_given_to_whoever_an_inverted_verb_names() -> None:
    text = "« L'accord avec le Ghana est signé », a lancé Kossi Agbeko, le ministre togolais du Commerce."
    (statement,) = read(Document("", text, "fr", PUBLISHED, Publisher("Le Quotidien")), model=False).statements
    assert (statement.speaker, statement.side, str(statement.stance)) == ("Kossi Agbeko", "TG", "confirms")
