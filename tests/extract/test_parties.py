"""Which sides of a sentence are parties of what it claims."""

import pytest

from extract.document import Document, Publisher
from extract.pipeline import read

# language, text, the parties of its first statement
PARTIES = [
    pytest.param("en", "Kenya said before the court of Norway that it had signed an agreement with Uganda.", {"KE", "UG"}, id="with"),
    pytest.param("en", "Qatar said that Kenya and Uganda had signed a ceasefire agreement.", {"KE", "UG"}, id="a mediator is no party"),
    pytest.param("es", "Perú aseguró ante el embajador de Noruega que firmó un acuerdo con Chile.", {"PE", "CL"}, id="ante"),
    pytest.param("fr", "Le Qatar a déclaré que le gouvernement sénégalais et le Togo avaient signé un accord.", {"SN", "TG"}, id="médiateur"),
    pytest.param("pt", "O Governo de Angola afirmou que assinou um acordo com Portugal, na presença do embaixador da Noruega.", {"AO", "PT"}, id="com"),
]


@pytest.mark.parametrize(("language", "text", "parties"), PARTIES)
def test_the_parties_are_those_that_the_words_make_parties(language: str, text: str, parties: set[str]) -> None:
    found = read(Document("", text, language, None, Publisher("Coast Wire")), model=False).statements
    assert found[0].agreement.parties == parties
