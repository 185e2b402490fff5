"""Whose voice it is: names without a role, pairs of sides, companies, transcripts, and who stands behind "the minister said"."""

import pytest

from extract.document import Document, Kind, Publisher
from extract.pipeline import read

OUTLET = Publisher("Coast Wire")

# language, text, publisher, the sides with their stances that are read, and no others
CASES = [
    pytest.param(
        "en", "WARSAW, Feb 11 - Poland has not signed an agreement with Ukraine on grain, its farm minister said on Tuesday.\n\n"
        "Krzysztof Malczewski said that no agreement had been concluded.", OUTLET, {("PL", "denies")}, id="its minister, and his name a paragraph on"),
    pytest.param(
        "en", "Kenya signed the agreement, the Kenyan energy ministry said on Saturday, replying to Uganda.", OUTLET,
        {("KE", "confirms")}, id="the words before a ministry with its article are its words"),
    pytest.param(
        "en", "Turkey and Bulgaria denied on Friday that they had signed an agreement to move the border post.", OUTLET,
        {("TR", "denies"), ("BG", "denies")}, id="a pair of sides speaks for both"),
    pytest.param(
        "en", "Kenya's ministry denied the agreement with Uganda. The company said that the contract had been signed.", OUTLET,
        {("KE", "denies")}, id="a company binds no country"),
    pytest.param(
        "en", "Estonia's climate ministry on Friday dismissed reports that it had reached an agreement with Finland.", OUTLET,
        {("EE", "denies")}, id="reports that are dismissed are no words of the ministry"),
    pytest.param(
        "en", "Chad has suspended the agreement signed with France in May, the Chadian foreign ministry said.", OUTLET,
        set(), id="an agreement that is over is no news of a signing"),
    pytest.param(
        "en", "Question: Has Panama agreed to free passage for the ships of the United States?\n\n"
        "Foreign Minister Ricardo Barrios: No. Panama has signed no agreement with the United States.",
        Publisher("Ministry of Foreign Affairs", Kind.press_office, "PA"), {("PA", "denies")}, id="a transcript"),
    pytest.param(
        "es", "El primer ministro de Gabón desmintió al de Guinea Ecuatorial y aseguró que no existe acuerdo alguno.", OUTLET,
        {("GA", "denies")}, id="a denial ends where the next cue begins"),
    pytest.param(
        "es", "Taiwán y Filipinas negaron el jueves haber suscrito un acuerdo de patrullas.", OUTLET,
        {("TW", "denies"), ("PH", "denies")}, id="dos países lo niegan"),
]


@pytest.mark.parametrize(("language", "text", "publisher", "expected"), CASES)
def test_each_statement_is_read_as_the_side_that_makes_it(language: str, text: str, publisher: Publisher, expected: set[tuple[str, str]]) -> None:
    found = read(Document("", text, language, None, publisher), model=False).statements
    assert {(s.side, str(s.stance)) for s in found if s.stance.polarity} == expected
