"""The reader on whole articles: the seed story in full, traps, and text of any kind."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import Document, Kind, Publisher
from extract.encoder import WINDOWS, score
from extract.lexicon import lexicon
from extract.pipeline import is_candidate, read
from extract.segment import sentences
from extract.statement import Outcome, Stance, Statement
from extract.window import LONGEST

CASE = yaml.safe_load((Path(__file__).parents[1] / "cases" / "asylum-agreements-2025.yaml").read_text(encoding="utf-8"))
PARTIES = {a["id"]: frozenset(a["parties"]) for a in CASE["agreements"]}
ARTICLES = {a["id"]: a for a in CASE["articles"]}


def statements(article: dict) -> tuple[Statement, ...]:
    source, published = article["source"], article["published"]
    at = published if isinstance(published, datetime) else datetime.fromisoformat(published.replace("Z", "+00:00"))
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    document = Document(article["title"], article["text"], article["language"], at, Publisher(source["name"], Kind(source["kind"]), source["side"]))
    return read(document, model=False).statements


@pytest.mark.parametrize("gold", CASE["statements"], ids=lambda g: f"{g['article']}-{g['side']}-{g['stance']}-{g['agreement']}")
def test_the_rules_read_every_statement_of_the_seed_story_with_its_side_and_stance(gold: dict) -> None:
    found = [s for s in statements(ARTICLES[gold["article"]])
             if (s.side, s.stance, s.agreement.parties) == (gold["side"], Stance(gold["stance"]), PARTIES[gold["agreement"]])]
    assert found


@pytest.mark.parametrize("article", sorted(ARTICLES))
def test_no_statement_of_the_seed_story_is_about_an_uninvolved_country(article: str) -> None:
    for statement in statements(ARTICLES[article]):
        assert not statement.agreement.parties & {"SV", "PA", "CR", "CA"}
        if "MX" in statement.agreement.parties:
            assert statement.stance is Stance.rejects


NOTHING = [
    ("en", "A football transfer", "The striker signed autographs after the match. He agreed that it was a good evening for the club."),
    ("en", "Weather", "Rain will reach the coast on Friday, forecasters said. Winds ease by night."),
    ("en", "Background", "In 2019 Guatemala and the United States signed an asylum agreement. It was ended two years later."),
    ("en", "An analyst doubts", "There is no agreement between Kenya and Uganda, said Jane Moore, an analyst in Nairobi."),
    ("es", "Historia", "En 2002 Canadá y Estados Unidos firmaron un acuerdo de tercer país seguro."),
    ("es", "Un soborno", "El ministro de Obras de Perú negó haber recibido sobornos."),
]


@pytest.mark.parametrize(("language", "title", "text"), NOTHING)
def test_what_is_no_statement_is_not_read_as_one(language: str, title: str, text: str) -> None:
    published = datetime(2025, 6, 27, tzinfo=UTC)
    found = read(Document(title, text, language, published, Publisher("The Paper"))).statements
    assert not [s for s in found if s.stance.polarity]


PLAIN = [
    ("en", "UG", "Ugandan foreign minister Grace Okello denied on Wednesday that Uganda had signed a fishing agreement with Kenya."),
    ("en", "PE", "Peru's trade minister, Ana Quispe, denied on Monday that Lima had signed an extradition treaty with Chile."),
    ("es", "PE", "La ministra de Comercio de Perú, Ana Quispe, negó el lunes que Lima haya firmado un tratado de extradición con Chile."),
    ("fr", "TG", "Le ministre togolais du Commerce, Koffi Amegan, a démenti lundi avoir signé un accord de pêche avec le Bénin."),
    ("pt", "AO", "O ministro angolano do Comércio, Rui Falcão, negou na segunda-feira que Angola tenha assinado um acordo de pesca com a Namíbia."),
]


@pytest.mark.parametrize(("language", "side", "text"), PLAIN)
def test_a_plain_denial_is_read_whatever_the_model_says_of_it(language: str, side: str, text: str) -> None:
    found = [s for s in read(Document("", text, language, None, Publisher("The Paper"))).statements if s.stance is Stance.denies]
    assert [s.side for s in found] == [side]
    assert found[0].confidence >= 0.7


def test_who_is_known_to_speak_for_one_side_is_not_shown_as_the_speaker_of_another() -> None:
    text = ("El Gobierno de Guatemala negó este jueves haber aceptado a los solicitantes de asilo que Estados Unidos no quiera atender, pocas horas "
            "después de que la secretaria de Seguridad Nacional, Kristi Noem, afirmara en la capital que el acuerdo ya estaba firmado.")
    document = Document("Guatemala niega acuerdo de asilo", text, "es", datetime(2025, 6, 27, tzinfo=UTC), Publisher("The Paper"))
    assert {s.side: s.speaker for s in read(document).statements}["GT"] == "Gobierno de Guatemala"


def test_clocks_that_hardly_anybody_hears_is_no_statement() -> None:
    text = "Kenya said that it had signed a gas accord with Uganda. Kampala did not respond to a request for comment."
    found = read(Document("", text, "en", None, Publisher("The Paper"))).statements
    assert {(s.side, s.stance) for s in found} == {("KE", Stance.confirms), ("UG", Stance.no_comment)}
    assert all(s.confidence >= 0.3 for s in found)


def test_a_title_is_evidence_where_the_text_has_the_side_say_nothing_of_the_kind() -> None:
    title = "Kenya denies signing fishing agreement with Uganda"
    text = "NAIROBI - The agreement has been talked about on the lake for months.\n\nFishermen said that they had heard of it."
    denials = [s for s in read(Document(title, text, "en", None, Publisher("The Paper"))).statements if s.side == "KE" and s.stance.polarity < 0]
    assert [s.evidence.in_title for s in denials] == [True]
    again = f"{text}\n\nKenya's fisheries minister, Joseph Mwangi, denied that Kenya had signed a fishing agreement with Uganda."
    denials = [s for s in read(Document(title, again, "en", None, Publisher("The Paper"))).statements if s.side == "KE" and s.stance.polarity < 0]
    assert [s.evidence.in_title for s in denials] == [False]


def test_the_model_reads_a_bounded_part_of_a_long_text() -> None:
    words = lexicon("en")
    assert words is not None
    text = "\n\n".join(f"Kenya signed agreement number {n} with Uganda, its minister said on Monday after the talks." for n in range(900))
    document, cut = Document("", text, "en"), sentences(text)
    says = score(document, cut, words, {}).says
    assert 50 < len(says) < WINDOWS * LONGEST / 10


def assert_evidence(statement: Statement, title: str, text: str) -> None:
    """The evidence of a statement points at its quote, in the title or in the text."""
    where = title if statement.evidence.in_title else text
    assert where[statement.evidence.start:statement.evidence.end] == statement.quote != ""


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=600), st.sampled_from(["en", "es", None]))
def test_no_text_raises_and_evidence_always_points_into_the_text(text: str, language: str | None) -> None:
    for statement in read(Document("A title", text, language)).statements:
        assert_evidence(statement, "A title", text)
        assert 0 <= statement.confidence <= 1
        assert statement.reasons


WORDS = ["Guatemala", "the government of Kenya", "denied", "signed", "the agreement", "that", "“", "”", ",", ".", "not", "will", "both governments",
         "Noem", "said", "nothing of the sort", "no comment from", "The minister", "\n\n", "according to", "Washington"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_shuffled_words_of_the_trade_never_raise(words: list[str]) -> None:
    text = " ".join(words)
    for statement in read(Document("Kenya and Uganda sign a deal", text, "en")).statements:
        assert_evidence(statement, "Kenya and Uganda sign a deal", text)


def test_an_empty_text_has_its_own_outcome() -> None:
    assert read(Document("A title", "  \n ")).outcome is Outcome.no_text


def test_a_text_in_another_language_has_its_own_outcome() -> None:
    german = "Die Regierung hat am Montag mitgeteilt, dass kein Abkommen unterzeichnet worden sei. Der Sprecher wollte nichts weiter sagen."
    assert read(Document("Nachricht", german)).outcome is Outcome.unsupported_language


def test_an_article_without_a_word_for_an_agreement_is_no_candidate() -> None:
    words = lexicon("en")
    assert words is not None
    assert not is_candidate("It rained in Nairobi on Monday.", words)
