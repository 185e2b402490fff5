"""Names in a text, and which of them are forms of the same name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.document import LANGUAGES
from extract.names import find_names, folded


def clusters(text: str, language: str) -> list[set[str]]:
    found: dict[int, set[str]] = {}
    for name in find_names(text, language):
        found.setdefault(name.cluster, set()).add(name.text)
    return list(found.values())


@pytest.mark.parametrize(("language", "text", "cluster"), [
    ("en", "Port workers of the National Dock Council (NDC) met. The NDC said no.", {"National Dock Council", "NDC"}),
    ("en", "Marta Okello spoke. Later Okello left.", {"Marta Okello", "Okello"}),
    ("en", "Holm Shipping's board met; Holm declined.", {"Holm Shipping", "Holm"}),
    ("es", "El Sindicato de Trabajadores del Puerto (STP) negó todo. El STP no firmó.", {"Sindicato de Trabajadores del Puerto", "STP"}),
    ("es", "Habló Ana Quispe. Según Quispe, no hay pacto.", {"Ana Quispe", "Quispe"}),
    ("fr", "Le Front du Fleuve a démenti. Pour le Front du Fleuve, rien n’est signé.", {"Front du Fleuve"}),
    ("fr", "La société Ardelle a signé. Selon Ardelle, tout est prêt.", {"Ardelle"}),
    ("pt", "A Federação dos Estivadores negou. Para a Federação dos Estivadores, nada foi assinado.", {"Federação dos Estivadores"}),
    ("fr", "Le Front de libération du fleuve (FLF) a signé. Le FLF le dit.", {"Front de libération du fleuve", "FLF"}),
    ("fr", "Le Mouvement national de l’Azar (MNA) a signé.", {"Mouvement national de l’Azar", "MNA"}),
    ("en", "The Board of Control for Rowing in India (BCRI) spoke.", {"Board of Control for Rowing in India", "BCRI"}),
    ("pt", "Disse Rui Falcão. Para Falcão, não houve acordo.", {"Rui Falcão", "Falcão"}),
])
def test_forms_of_one_name_are_one_cluster(language: str, text: str, cluster: set[str]) -> None:
    assert cluster in clusters(text, language)


@pytest.mark.parametrize(("language", "text"), [
    ("en", "The agreement was signed."), ("en", "However, nothing was signed."), ("es", "El acuerdo se firmó."), ("fr", "L’accord est signé."),
    ("pt", "Não houve acordo."),
])
def test_the_capital_of_a_sentence_is_no_name(language: str, text: str) -> None:
    assert clusters(text, language) == []


@pytest.mark.parametrize(("language", "text", "names"), [
    ("en", "Holm and Ardelle have signed. Ardelle said so.", ["Holm", "Ardelle", "Ardelle"]),
    ("en", "The Ministry of Trade and Industry said so.", ["Ministry of Trade and Industry"]),
    ("en", "Marks and Spencer said so.", ["Marks and Spencer"]),
    ("en", "In Kabul the Haqqani office spoke.", ["Kabul", "Haqqani"]),
    ("en", "The Movement's Tesfaye Alemu wrote. The Movement did not.", ["Movement", "Tesfaye Alemu", "Movement"]),
    ("es", "Ayer Holm y CNTP firmaron.", ["Holm", "CNTP"]),
    ("es", "Ayer Unión Rural y el Gobierno firmaron.", ["Unión Rural", "Gobierno"]),
    ("es", "Habló Sociedad Química y Minera.", ["Sociedad Química y Minera"]),
    ("fr", "Hier Kinshasa et le MR21 ont signé.", ["Kinshasa", "MR21"]),
    ("pt", "Ontem Holm e a Federação dos Portuários assinaram.", ["Holm", "Federação dos Portuários"]),
])
def test_a_run_of_several_names_parts_where_the_text_tells_them_apart(language: str, text: str, names: list[str]) -> None:
    assert [name.text for name in find_names(text, language) if name.text not in {"Habló", "Ayer", "Hier", "Ontem"}] == names


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_names_of_any_text_stand_where_they_say(text: str, language: str) -> None:
    for name in find_names(text, language):
        assert text[name.start:name.end] == name.text


def test_a_folded_name_has_no_case_accent_or_mark() -> None:
    assert folded("Évêché de Saint-Brieuc, S.A.") == "eveche de saint brieuc s a"
