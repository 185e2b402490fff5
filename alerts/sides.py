"""What a side is called in a sentence: "the United States" for `US`, and a side that is no country by its own name.

Country names are CLDR's (through babel), so that they are the names people read elsewhere; the few that CLDR writes for
lists rather than for sentences ("Congo - Kinshasa") are put right here. Names are English until messages are written in
the reader's language: then the locale becomes an argument of these three functions and nothing else changes.
"""

from functools import cache

from babel import Locale

from alerts.cleaning import one_line

NAME_LIMIT = 60  # longer than any country's name; a side that is no country comes from an article and may be any length

# CLDR names meant for a list, in the form that a sentence can carry.
IN_SENTENCES = {
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "UM": "U.S. Outlying Islands",
}

# Codes whose name takes an article in English: plurals, unions, and the republics, territories and islands named as such.
WITH_ARTICLE = frozenset({
    "AE", "AX", "BQ", "BS", "CC", "CD", "CF", "CG", "CK", "DO", "EU", "FK", "FO", "GB", "GM", "HM", "IC", "IM", "IO", "KM",
    "KY", "MH", "MP", "MV", "NL", "PH", "PN", "PS", "SB", "SC", "TC", "TF", "UM", "UN", "US", "VG", "VI",
})

# Two-letter keys of CLDR that are no side: pseudo-locales, the unknown, and groupings.
NO_SIDES = frozenset({"EZ", "QO", "XA", "XB", "ZZ"})


def name(side: str) -> str:
    """The side's name as it stands in a list or a heading: "United States", "European Union", "NATO", "hamas"."""
    return _countries().get(side) or one_line(side, NAME_LIMIT) or "an unnamed side"


def named(side: str) -> str:
    """The side's name inside a sentence, with the article English wants: "the United States", "Guatemala"."""
    return f"the {name(side)}" if side in WITH_ARTICLE else name(side)


def naming(side: str) -> str:
    """The side's name at the beginning of a sentence: "The United States", "Guatemala"."""
    return f"The {name(side)}" if side in WITH_ARTICLE else name(side)


@cache
def _countries() -> dict[str, str]:
    listed = {code: str(label).replace(" & ", " and ") for code, label in Locale("en").territories.items()
              if len(code) == 2 and code.isalpha() and code not in NO_SIDES}
    return listed | IN_SENTENCES
