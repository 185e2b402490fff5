"""Portuguese of both sides of the ocean: what a clause claims, and whole short articles with who says what."""

from datetime import UTC, datetime

import pytest

from extract.claims import Mood, find_claims
from extract.document import Document, Kind, Publisher
from extract.lexicon import lexicon
from extract.pipeline import read
from extract.statement import Outcome

# text, positive, mood
CLAIMS = [
    ("os dois países assinaram o acordo", True, Mood.fact),
    ("nenhum contrato foi assinado", False, Mood.fact),
    ("não assinámos nada disso", False, Mood.fact),
    ("não existe acordo algum", False, Mood.fact),
    ("foi alcançado um entendimento", True, Mood.fact),
    ("os governos chegaram a acordo", True, Mood.fact),
    ("o tratado entrou hoje em vigor", True, Mood.fact),
    ("assinarão um acordo na segunda-feira", True, Mood.unreal),
    ("vão firmar um memorando de entendimento", True, Mood.unreal),
    ("assinariam o pacto", True, Mood.unreal),
    ("o acordo teria sido assinado em Lisboa", True, Mood.unreal),
    ("o país não aceitará a trégua", False, Mood.unreal),
    ("não vamos assiná-lo", False, Mood.unreal),
    ("não só assinou o acordo como o publicou", True, Mood.fact),
    ("não foi, contudo, alcançado acordo", False, Mood.fact),
    ("não procede a informação de que o Brasil tenha firmado o acordo", False, Mood.fact),
    ("é falso que se tenha assinado um acordo", False, Mood.fact),
    ("o ministério havia fechado um contrato", True, Mood.fact),
]
NO_CLAIM = ["de acordo com o porta-voz, choveu", "o chanceler acordou cedo", "a secretaria assinalou a data", "há três anos a estrada fechou"]

# what it tries, who published it, text, statements: side and stance
ARTICLES = [
    ("both say it, the verb before its subject", None,
     "O Quénia e o Uganda chegaram a acordo sobre a pesca no lago, anunciou esta terça-feira o ministro queniano das Pescas, Daniel Mwangi.\n\n"
     "“O texto foi assinado pelas duas delegações”, confirmou em Campala a ministra ugandesa, Grace Nabirye.",
     {("KE", "confirms"), ("UG", "confirms")}),
    ("a denial with an infinitive", None,
     "O Ministério das Relações Exteriores da Bolívia negou ter assinado com o Paraguai um acordo de gás.\n\n"
     "Em Assunção, o chanceler paraguaio, Blas Ayala, afirmou que o contrato foi firmado na véspera.",
     {("BO", "denies"), ("PY", "confirms")}),
    ("a seat of power and a fronted quotation", None,
     "“Não existe acordo algum com o Suriname sobre deportados”, disse o porta-voz do Itamaraty, Heráclito Bandeira.\n\n"
     "O governo do Suriname insistiu que os dois países assinaram o documento.",
     {("BR", "denies"), ("SR", "confirms")}),
    ("a refusal and a conclusion that the other tells", None,
     "A Etiópia não assinará o acordo sobre a barragem, declarou hoje o ministro da Água etíope, Tesfaye Gebremariam.\n\n"
     "O governo do Egito rejeitou qualquer acordo sem a Etiópia e recusou comentar os prazos.",
     {("ET", "rejects"), ("EG", "rejects")}),
    ("a press office in its own voice", "CV",
     "O Governo de Cabo Verde esclarece que não celebrou com a Dinamarca qualquer acordo sobre requerentes de asilo.",
     {("CV", "denies")}),
    ("reported against a source's word", None,
     "Segundo o governo de Angola, o memorando com a Zâmbia foi assinado no Lobito.\n\n"
     "O governo da Zâmbia desmentiu a notícia. “Não assinámos nenhum memorando com Angola”, disse o porta-voz.",
     {("AO", "confirms"), ("ZM", "denies")}),
    ("the parties deny together", None,
     "Cuba e Belize negaram ter renovado o acordo sobre médicos.",
     {("CU", "denies"), ("BZ", "denies")}),
    ("talks, silence and hearsay are no claim", None,
     "A Suíça e a Argentina negoceiam um acordo fiscal que poderá ficar pronto em maio, disse a ministra suíça Corinne Amstutz.\n\n"
     "Segundo um jornal, o acordo teria sido assinado em Berna. O governo da Argentina não quis comentar o acordo.",
     set()),
    ("an analyst binds nobody", None,
     "Para a Nigéria, “não há acordo com o Níger”, disse o analista Pedro Lima, professor da universidade de Coimbra.",
     set()),
]


@pytest.mark.parametrize(("text", "positive", "mood"), CLAIMS)
def test_the_first_claim_of_a_portuguese_clause_has_its_polarity_and_mood(text: str, positive: bool, mood: Mood) -> None:
    words = lexicon("pt")
    assert words is not None
    claim = find_claims(text, 0, len(text), words)[0]
    assert (claim.positive, claim.mood) == (positive, mood)


@pytest.mark.parametrize("text", NO_CLAIM)
def test_words_that_only_look_like_an_agreement_are_no_claim(text: str) -> None:
    words = lexicon("pt")
    assert words is not None
    assert not [c for c in find_claims(text, 0, len(text), words) if c.noun is not None]


@pytest.mark.parametrize(("publisher", "text", "expected"), [a[1:] for a in ARTICLES], ids=[a[0] for a in ARTICLES])
def test_a_portuguese_article_is_read_with_its_sides_and_stances(publisher: str | None, text: str, expected: set[tuple[str, str]]) -> None:
    source = Publisher("Ministério", Kind.press_office, publisher) if publisher else Publisher("O Jornal")
    found = read(Document("", text, "pt", datetime(2025, 6, 27, tzinfo=UTC), source), model=False)
    assert {(s.side, str(s.stance)) for s in found.statements if s.stance.polarity} == expected
    assert all(text[s.evidence.start:s.evidence.end] == s.quote for s in found.statements)


def test_a_portuguese_text_is_recognised_and_read_without_being_told_its_language() -> None:
    text = "O governo da Bolívia negou ter assinado um acordo com o Paraguai sobre o preço do gás natural."
    found = read(Document("", text))
    assert (found.language, found.outcome) == ("pt", Outcome.statements)
