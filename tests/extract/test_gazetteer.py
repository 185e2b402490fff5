"""The gazetteer as data: that it is whole, clean and unambiguous, and that every form of it can be found."""

import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from extract import gazetteer
from extract.document import LANGUAGES
from extract.gazetteer import GazetteerError, expand, read_not_sides
from extract.sides import How, SideForm, find_sides, forms

UNITED_NATIONS = """
AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ
DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP
KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI
NL NO NP NR NZ OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL
TM TN TO TR TT TV TZ UA UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW
""".split()
OBSERVERS = {"VA"}                       # in the list above for its demonym and capital, but no member

OTHERS = """
XK PS TW VA HK GL EH EU UN NATO somaliland iaea imf world-bank who unhcr iom wto icc african-union asean opec mercosur caricom oas
ecowas arab-league gcc hamas hezbollah houthis taliban ttp eln farc-dissidents m23 rsf polisario pkk isis al-shabaab sdf hts
wagner-group abkhazia transnistria bougainville kurdistan-region
""".split()

# Forms that several sides have by right, each with the side that is meant where nothing else in the text tells.
# A plural or a feminine is its own form: the entry is the beginning that they share.
SHARED = {
    "en": {"Congo": "CD", "Guinean": "GN", "Dominican": "DO", "Korea": "KR", "Brussels": "EU", "National Palace": "MX"},
    "es": {"Congo": "CD", "congol": "CD", "guinean": "GN", "dominican": "DO", "Corea": "KR", "corean": "KR", "Bruselas": "EU",
           "Palacio Nacional": "MX", "Casa Presidencial": "CR", "Casa Amarilla": "CR", "Instituto Nacional de Migración": "MX",
           "Secretaría de Relaciones Exteriores": "MX", "FDA": "US"},
    "fr": {"Congo": "CD", "congol": "CD", "guinéen": "GN", "Corée": "KR", "coréen": "KR", "Bruxelles": "EU",
           "Palais national": "MX", "guyanais": "GF"},
    "pt": {"Congo": "CD", "congol": "CD", "guineense": "GW", "dominican": "DO", "Coreia": "KR", "corean": "KR", "Bruxelas": "EU",
           "Palácio Nacional": "MX"},
}


def is_swallowed(surface: str, language: str) -> bool:
    """Whether a phrase that names no side is spelled like this form: "Lusa", the agency, and "lusa", Portuguese."""
    return surface.lower() in {phrase.lower() for phrase in read_not_sides(language).phrases}


def by_side(language: str) -> dict[str, dict[How, list[SideForm]]]:
    found: dict[str, dict[How, list[SideForm]]] = defaultdict(lambda: defaultdict(list))
    for _, form in forms(language):
        found[form.side][form.how].append(form)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_of_the_united_nations_has_name_demonym_and_capital(language):
    found = by_side(language)
    assert len(set(UNITED_NATIONS) - OBSERVERS) == 193
    lacking = [(side, how.value) for side in UNITED_NATIONS for how in (How.name, How.demonym, How.capital) if not found[side][how]]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_most_reported_others_have_names(language):
    found = by_side(language)
    assert [side for side in OTHERS if not found[side][How.name]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_names_two_sides_unless_it_is_declared_and_all_but_one_are_weak(language):
    owners: dict[str, list[SideForm]] = defaultdict(list)
    for surface, form in forms(language):
        owners[surface].append(form)
    for surface, rivals in owners.items():
        if len({form.side for form in rivals}) == 1:
            continue
        assert len({form.side for form in rivals if not form.weak}) <= 1, (surface, rivals)
        meant = [side for start, side in SHARED[language].items() if surface.startswith(start)]
        assert meant == [find_sides(f" {surface} ", language)[0].side], (surface, rivals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_found_where_it_stands_alone(language):
    for surface, form in forms(language):
        text = f"({surface})"
        mentions = [mention for mention in find_sides(text, language) if (mention.start, mention.end) == (1, 1 + len(surface))]
        assert mentions, surface
        assert form.side in (mentions[0].side, *mentions[0].also), (surface, mentions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_is_found_in_capitals_with_and_without_accents(language):
    for surface, form in forms(language):
        capitals = surface.upper()
        bare = "".join(character for character in unicodedata.normalize("NFD", capitals) if not unicodedata.combining(character))
        for written in (capitals, bare):
            if len(written) == len(surface):             # "ß" grows, "Løgting" keeps its own letter
                mentions = find_sides(f"({written})", language)
                found = any(form.side in (mention.side, *mention.also) for mention in mentions)
                assert found or is_swallowed(surface, language), (written, mentions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_are_clean_text_in_latin_letters(language):
    for surface, _ in forms(language):
        assert surface == unicodedata.normalize("NFC", surface).strip()
        assert "  " not in surface
        for character in surface:
            assert character in " '-.,&+/" or character.isdigit() or unicodedata.name(character).startswith("LATIN"), surface


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        ("Guatemalan(s)", ["Guatemalan", "Guatemalans"]),
        ("guatemaltec|o(s)|a(s)", ["guatemalteco", "guatemaltecos", "guatemalteca", "guatemaltecas"]),
        ("franc|és|esa(s)|eses", ["francés", "francesa", "francesas", "franceses"]),
        ("hongrois(e|es)", ["hongrois", "hongroise", "hongroises"]),
        ("allemand(e)(s)", ["allemand", "allemands", "allemande", "allemandes"]),
        ("Georgia~", ["Georgia"]),
        ("EE. UU.", ["EE. UU."]),
    ],
)
def test_a_compact_notation_stands_for_its_forms(notation, expected):
    assert expand(notation) == expected


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("FR:\n  en: {demonyms: French}\n", "europe.yaml: side FR: en: unknown key 'demonyms'"),
        ("FR:\n  it: {name: Francia}\n", "europe.yaml: side FR: 'it' is no language"),
        ("NO:\n  en: {name: Norway}\n", "europe.yaml: side False is no text"),
        ("FR:\n  en: {name: [1]}\n", "europe.yaml: side FR: en: name: 1 is no form"),
        ("FR: {en: {name: France}\n", "europe.yaml: "),
    ],
)
def test_a_mistake_in_the_data_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content, complaint):
    (tmp_path / "europe.yaml").write_text(content, encoding="utf-8")
    monkeypatch.setattr(gazetteer, "DATA", tmp_path)
    gazetteer._entries.cache_clear()
    try:
        with pytest.raises(GazetteerError, match=r"europe\.yaml") as raised:
            gazetteer.read_forms("en")
        assert str(raised.value).startswith(complaint)
    finally:
        gazetteer._entries.cache_clear()
