"""The names of agreements."""

import pytest

from extract.lexicon import lexicon
from extract.naming import agreement_names, named_in_title

NAMES = [
    ("en", "The Kolda Agreement was signed in June; the treaty of Bissora was not.", {"kolda", "bissora"}),
    ("en", "A Peruvian deal, the Friday deal and the Peru agreement have no name, Project Tamar has.", {"tamar"}),
    ("es", "El Convenio de Ancud nunca fue firmado y el acuerdo con México no tiene nombre.", {"ancud"}),
    ("fr", "L'accord de Tivaouane et le protocole d'Aflou tiennent; l'accord de la France est sans nom.", {"tivaouane", "aflou"}),
    ("pt", "O Acordo de Cacheu foi assinado, o acordo do Governo não.", {"cacheu"}),
]


def test_a_title_in_capitals_tells_no_names() -> None:
    assert named_in_title("Kenya and Uganda Sign Gas Exchange Agreement") == ""
    assert named_in_title("Uganda denies the Kolda agreement") == "Uganda denies the Kolda agreement\n"


@pytest.mark.parametrize(("language", "text", "names"), NAMES)
def test_a_place_or_a_project_names_an_agreement_and_a_country_does_not(language: str, text: str, names: set[str]) -> None:
    words = lexicon(language)
    assert words is not None
    assert agreement_names(text, words) == names
