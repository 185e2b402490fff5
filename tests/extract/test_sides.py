"""Finding sides in a text: the traps are passed in each language, and offsets never lie."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.document import LANGUAGES
from extract.sides import How, find_sides, forms, known_sides, side_name


def named(text: str, language: str) -> list[str]:
    """The sides of a text in order, weak ones with a question mark."""
    return [mention.side + "?" * mention.weak for mention in find_sides(text, language)]


TRAPS = [
    # a longer name wins: the Guineas, the Congos, the Sudans, the Koreas, the Dominicas
    ("en", "Guinea-Bissau, Equatorial Guinea and Papua New Guinea", ["GW", "GQ", "PG"]),
    ("en", "Guinea signed it", ["GN?"]),
    ("es", "Guinea-Bisáu, Guinea Ecuatorial y Papúa Nueva Guinea; República de Guinea-Bissau", ["GW", "GQ", "PG", "GW"]),
    ("fr", "la Guinée-Bissau, la Guinée équatoriale et la Papouasie-Nouvelle-Guinée", ["GW", "GQ", "PG"]),
    ("pt", "Guiné-Bissau, Guiné Equatorial, Papua-Nova Guiné e Guiné-Conacri", ["GW", "GQ", "PG", "GN"]),
    ("en", "the Republic of the Congo and the Democratic Republic of the Congo", ["CG", "CD"]),
    ("es", "la República del Congo y la República Democrática del Congo", ["CG", "CD"]),
    ("fr", "la République du Congo et la République démocratique du Congo, la RDC", ["CG", "CD", "CD"]),
    ("pt", "a República do Congo e a República Democrática do Congo", ["CG", "CD"]),
    ("en", "South Sudan and Sudan, South Sudanese and Sudanese", ["SS", "SD", "SS", "SD"]),
    ("es", "Sudán del Sur y Sudán, sursudaneses y sudaneses", ["SS", "SD", "SS", "SD"]),
    ("fr", "le Soudan du Sud et le Soudan, sud-soudanais et soudanais", ["SS", "SD", "SS", "SD"]),
    ("pt", "o Sudão do Sul e o Sudão, sul-sudaneses e sudaneses", ["SS", "SD", "SS", "SD"]),
    ("en", "North Korea and South Korean officials", ["KP", "KR"]),
    ("fr", "la Corée du Nord et le gouvernement sud-coréen", ["KP", "KR"]),
    ("pt", "o governo norte-coreano e a Coreia do Sul", ["KP", "KR"]),
    ("en", "Dominica and the Dominican Republic", ["DM", "DO"]),
    ("es", "Dominica y la República Dominicana; el presidente dominicano", ["DM", "DO", "DO"]),
    ("fr", "la Dominique et la République dominicaine ; le gouvernement dominiquais", ["DM?", "DO", "DM"]),
    ("en", "Niger and Nigeria, Nigerien and Nigerian", ["NE", "NG", "NE", "NG"]),
    ("es", "Níger y Nigeria, nigerinos y nigerianos", ["NE", "NG", "NE", "NG"]),
    ("fr", "le Niger et le Nigeria, nigérien et nigérian", ["NE", "NG", "NE", "NG"]),
    ("pt", "o Níger e a Nigéria, nigerino e nigeriano", ["NE", "NG", "NE", "NG"]),
    ("en", "American Samoa and Samoa", ["AS", "WS"]),
    ("en", "French Guiana and Guyana", ["GF", "GY"]),
    ("fr", "la Guyane et le Guyana, guyanien", ["GF", "GY", "GY"]),
    ("en", "Northern Ireland and Ireland", ["northern-ireland", "IE"]),
    ("en", "the Republic of China and the People's Republic of China", ["TW", "CN"]),
    ("en", "the Pakistani Taliban, the Afghan Taliban", ["ttp", "taliban"]),
    ("es", "los talibanes paquistaníes y los talibanes", ["ttp", "taliban"]),
    ("en", "the U.N. nuclear watchdog and the U.N.", ["iaea", "UN"]),
    ("en", "OPEC+ and OPEC", ["opec-plus", "opec"]),
    ("es", "las disidencias de las FARC y las FARC", ["farc-dissidents", "farc"]),
    # continents are no countries
    ("en", "Central American and Latin American leaders, African-Americans", []),
    ("es", "presidentes centroamericanos, latinoamericanos y hispano-americanos", []),
    ("fr", "latino-américain, sud-américaine, nord-américains, afro-américain", []),
    ("pt", "latino-americano, sul-americanas, centro-americanos, ibero-americana", []),
    ("pt", "um diplomata norte-americano", ["US"]),
    ("en", "the Indo-Pacific, the Indian Ocean, the English Channel, the Gulf of Guinea", []),
    ("en", "British Columbia, New Mexico, New England, New South Wales, South China Sea, Lake Chad, the Niger Delta", []),
    ("es", "Columbia Británica, Nuevo México, el golfo de México, el lago Chad, el río Congo, el mar de China Meridional", []),
    ("fr", "la Colombie-Britannique, le Nouveau-Mexique, le golfe de Guinée, le lac Tchad, la mer de Chine, l'océan Indien", []),
    ("pt", "a Colúmbia Britânica, o Novo México, o golfo da Guiné, o rio Congo, o mar da China Meridional", []),
    # people, papers, things
    ("en", "Michael Jordan, Jim Jordan, Chad Wolf, George Washington, Israel Katz, Georgia Meloni", []),
    ("en", "Jordan and Chad", ["JO?", "TD?"]),
    ("es", "Francia Márquez, Santiago Peña, Israel Vallarta y Mauricio Macri", []),
    ("es", "Francia y Santiago", ["FR", "CL?"]),
    ("fr", "Maurice Ravel, Dominique Ouattara, François Hollande", []),
    ("fr", "l'île Maurice", ["MU"]),
    ("pt", "Luís Montenegro, Márcio França, Salvador Allende", []),
    ("pt", "segundo a Lusa, o governo luso", ["PT"]),
    ("en", "the Washington Post, the Panama Papers, Guinea pigs, the US Open", []),
    ("es", "el Washington Post, Real Madrid, en inglés, Miguel Alemán, sombrero panamá", []),
    ("en", "the National Security Council and the Security Council", ["UN"]),
    # a capital is a government, unless it is the place of something
    ("en", "Washington denied it", ["US"]),
    ("en", "the Paris Agreement, the Treaty of Washington, the Minsk agreements, Doha talks, a Washington-based analyst", []),
    ("es", "el Acuerdo de París, los acuerdos de Minsk, las conversaciones de Doha, el alcalde de Bogotá", []),
    ("fr", "l'accord de Paris, les accords d'Alger, le sommet du Caire, le maire de Paris", []),
    ("pt", "o Acordo de Paris, o acordo de Argel, a cimeira de Lisboa", []),
    ("en", "the London agreement with Kigali", ["GB", "RW"]),
    ("es", "el acuerdo de Londres con Kigali", ["GB", "RW"]),
    ("en", "the Moscow–Kyiv talks", ["RU", "UA"]),
    ("en", "signed in London", ["GB?"]),
    ("es", "firmado en Madrid", ["ES?"]),
    ("fr", "signé à Rabat", ["MA?"]),
    ("pt", "assinado em Brasília", ["BR?"]),
    ("en", "KABUL, March 3 - Afghan officials", ["AF?", "AF"]),
    ("es", "BOGOTÁ, 3 jun (EFE) - Colombia niega", ["CO?", "CO"]),
    ("fr", "PARIS, 3 mars (AFP) - La France dément", ["FR?", "FR"]),
    ("pt", "Luanda, 04 mar (Lusa) - Angola nega", ["AO?", "AO"]),
    ("en", "Mexico City denied it; Guatemala City too", ["MX", "GT"]),
    ("fr", "Le Caire et le gouvernement du Caire", ["EG", "EG"]),
    # seats of power and institutions
    ("en", "the White House, the Kremlin, Downing Street, the Élysée, Itamaraty, Zhongnanhai, the Knesset", "US RU GB FR BR CN IL".split()),
    ("en", "the State Department, DHS, CBP, the IDF, the SBU, the European Commission", "US US US IL UA EU".split()),
    ("es", "la Casa Blanca, el Kremlin, La Moneda, la Casa Rosada, Itamaraty, la SRE, la Casa de Nariño", "US RU CL AR BR MX CO".split()),
    ("fr", "la Maison Blanche, l'Élysée, le Quai d'Orsay, le Conseil fédéral, Tsahal, l'Elysée", "US FR FR CH IL FR".split()),
    ("pt", "a Casa Branca, o Itamaraty, o Palácio do Planalto, a Comissão Europeia, o Eliseu", "US BR BR EU FR".split()),
    # spelling: capitals, accents, apostrophes, abbreviations, words that look like them
    ("en", "they told us who un-did it in turkey and guinea", []),
    ("en", "the US, the U.S., the U.S.'s, U.S.-backed, the WHO", ["US", "US", "US", "US", "who"]),
    ("en", "IT TOLD US WHO SIGNED", ["US?", "who?"]),
    ("en", "GUATEMALA DENIES DEAL", ["GT"]),
    ("es", "EE. UU., EE.UU., EEUU y EE UU", ["US", "US", "US", "US"]),
    ("es", "MEXICO NIEGA, MÉXICO NIEGA, México niega", ["MX", "MX", "MX"]),
    ("es", "los gobiernos mexicanos, el chile, la china, un mexico", ["MX", "CN"]),
    ("es", "la paz de La Paz, LA PAZ ES POSIBLE", ["BO", "BO?"]),
    ("fr", "l'Allemagne, d'Israël, l’Élysée, ETATS-UNIS, Etats-Unis, états-unis", ["DE", "IL", "FR", "US", "US"]),
    ("fr", "un accord au Niger, l'eau, UN ACCORD", ["NE"]),
    ("pt", "a índia bebeu; a Índia negou; Polônia e Polónia; Irã e Irão", ["IN", "PL", "PL", "IR", "IR"]),
    ("en", "Côte d’Ivoire, Cote d'Ivoire, Ivory Coast", ["CI", "CI", "CI"]),
    ("en", "Israel's army, Turkey’s president, the women of Oman, Romania", ["IL", "TR", "OM", "RO"]),
    ("en", "Bosnia & Herzegovina, Trinidad and Tobago, Antigua and Barbuda, St Lucia", ["BA", "TT", "AG", "LC"]),
    ("en", "New\u00a0Zealand and South\nAfrica", ["NZ", "ZA"]),
    # compounds
    ("en", "Sino-Indian, Franco-German, U.S.-China", ["CN", "IN", "FR", "DE", "US", "CN"]),
    ("es", "ruso-ucraniano, colombo-venezolana, hispano-marroquí", ["RU", "UA", "CO", "VE", "ES", "MA"]),
    ("fr", "algéro-marocain, israélo-palestinien, sino-américain", ["DZ", "MA", "IL", "PS", "CN", "US"]),
    ("pt", "sino-russo, luso-brasileiro", ["CN", "RU", "PT", "BR"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), TRAPS)
def test_a_trap_is_passed(language, text, expected):
    assert named(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "side"),
    [
        ("en", "Congolese troops left", "CD"), ("en", "Brazzaville says Congolese troops left", "CG"),
        ("en", "Kinshasa says Congolese troops left", "CD"), ("fr", "À Brazzaville, le gouvernement congolais dément; Brazzaville", "CG"),
        ("en", "Roseau, capital of Dominica, says the Dominican minister", "DM"), ("es", "Pionyang y el ejército coreano", "KP"),
        ("es", "Malabo negó; el gobierno guineano", "GQ"), ("en", "Brussels and the Belgian government", "BE"),
        ("en", "Brussels and the European Commission", "EU"), ("en", "Brussels", "EU"),
    ],
)  # fmt: skip
def test_what_the_rest_of_the_text_names_settles_a_shared_form(language, text, side):
    (shared,) = [mention for mention in find_sides(text, language) if mention.also]
    assert shared.side == side


def test_a_shared_form_tells_what_else_it_can_mean():
    (mention,) = find_sides("the Congolese army", "en")
    assert (mention.side, mention.also, mention.weak, mention.how) == ("CD", ("CG",), True, How.demonym)


def test_offsets_point_into_text_with_separate_accents():
    text = unicodedata.normalize("NFD", "México y Perú niegan; el Elíseo también")
    assert [(text[each.start : each.end], each.side) for each in find_sides(text, "es")] == [
        (unicodedata.normalize("NFD", "México"), "MX"), (unicodedata.normalize("NFD", "Perú"), "PE"),
        (unicodedata.normalize("NFD", "Elíseo"), "FR"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_side_has_a_name_to_show(language):
    for side in known_sides():
        shown = side_name(side, language)
        assert shown, side
        assert not set("(,") & set(shown), shown


@pytest.mark.parametrize(
    ("code", "language", "shown"),
    [
        ("KR", "en", "South Korea"), ("KR", "fr", "Corée du Sud"), ("US", "es", "Estados Unidos"), ("GB", "pt", "Reino Unido"),
        ("HK", "en", "Hong Kong"), ("HK", "es", "Hong Kong"), ("CD", "en", "DR Congo"), ("CG", "pt", "República do Congo"),
        ("PS", "fr", "Palestine"), ("MM", "pt", "Mianmar"), ("CI", "es", "Costa de Marfil"), ("EU", "fr", "Union européenne"),
        ("UN", "en", "United Nations"), ("NATO", "es", "OTAN"), ("african-union", "fr", "Union africaine"), ("hamas", "es", "Hamás"),
        ("imf", "pt", "Fundo Monetário Internacional"), ("rsf", "en", "Rapid Support Forces"),
        ("nippon-steel", "en", "Nippon Steel"), ("ups", "fr", "UPS"),
    ],
)  # fmt: skip
def test_a_side_is_shown_by_its_usual_name(code, language, shown):
    assert side_name(code, language) == shown


@pytest.mark.parametrize("call", [lambda: find_sides("", "de"), lambda: forms("xx"), lambda: side_name("FR", "it")])
def test_a_language_that_is_not_read_is_an_error(call):
    with pytest.raises(KeyError):
        call()


# Properties ---------------------------------------------------------------------------------------------------------------------

pieces = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=st.characters(categories=("Cs", "Mn", "Lu", "Ll", "Po", "Zs", "Cc")), max_size=6),
    st.sampled_from([surface for language in LANGUAGES for surface, _ in forms(language)[::7]]),
    st.sampled_from(["\u0301", "\u0307", "İ", "ß", "ﬁ", "'", "’", "-", "\n", "\x00", "\ud800", " talks ", " acuerdo de ", "en ", "🇫🇷"]),
)


@given(st.lists(pieces, max_size=12).map("".join), st.sampled_from(LANGUAGES))
def test_no_text_raises_and_mentions_are_in_order_and_inside(text, language):
    reached = 0
    for mention in find_sides(text, language):
        assert reached <= mention.start < mention.end <= len(text)
        assert mention.side in known_sides()
        reached = mention.end


@given(st.data(), st.sampled_from(LANGUAGES), st.text(max_size=20), st.text(max_size=20))
def test_offsets_slice_to_the_surface(data, language, before, after):
    surface, form = data.draw(st.sampled_from(forms(language)))
    text = f"{before} § {surface} § {after}"
    found = [each for each in find_sides(text, language) if text[each.start : each.end] == surface]
    assert any(form.side in (each.side, *each.also) for each in found)
