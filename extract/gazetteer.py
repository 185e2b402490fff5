"""The gazetteer of sides as data: reads lexicon/sides/*.yaml and the names of countries in CLDR (babel), a language at a time.

A side's entry holds, under a language or under `all`, lists of forms by how they name it: `name`, `demonym`, `capital`, `seat`
and `institution`; further `title`, what people are shown where the CLDR name or the first name would not do, and `except`, CLDR
names that are not taken because they usually mean something else.

A form is written compactly: `stem|ending|ending` joins the stem to each ending, `(s)` and `(e|es)` may be left out, and a final
`~` marks the form as weak: it often means something else. So `franc|és|esa(s)|eses` is francés, francesa, francesas, franceses,
and `algérien(s|ne|nes)~` is four weak forms. A form that ends in a hyphen is the first half of a compound (`sino-`).
Capitals count: a capital letter in a form must be one in the text, a small letter may be either.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from extract.document import LANGUAGES

DATA = Path(__file__).with_name("lexicon") / "sides"
NOT_SIDES = "not_sides.yaml"
_LISTS = ("phrases", "place_nouns", "of", "with", "places", "given_names", "shouted")

# Spanish and Portuguese differ across the ocean (Romania, Vietnam), French a little: every name that any of them uses is taken.
_LOCALES = {"en": ("en",), "es": ("es", "es_MX", "es_419"), "fr": ("fr", "fr_CA"), "pt": ("pt", "pt_PT")}
_PLAIN = str.maketrans({"’": "'", "‑": "-", "\xa0": " ", "\u202f": " "})
_UNUSUAL = re.compile(r"[(),/]| - ")                         # "Congo - Kinshasa", "Myanmar (Burma)": nobody writes that
_GENERIC = re.compile(r"^(Islas?|Îles?|Ilhas?|Territori\w+|Territoires) ")
_GROUP = re.compile(r"\(([^()]*)\)")
_OUTER_BAR = re.compile(r"\|(?![^(]*\))")


class How(StrEnum):
    """How a form names its side."""

    name = "name"
    demonym = "demonym"
    capital = "capital"
    seat = "seat"
    institution = "institution"


@dataclass(frozen=True, slots=True)
class SideForm:
    """One way to name one side in one language; `weak` where it often means something else."""

    side: str
    text: str
    how: How
    weak: bool


@dataclass(frozen=True, slots=True)
class NotSides:
    """What keeps a form from naming a side in one language; see the head of not_sides.yaml."""

    phrases: tuple[str, ...]
    place_nouns: tuple[str, ...]
    nouns_follow: bool
    of: tuple[str, ...]
    with_: tuple[str, ...]
    places: tuple[str, ...]
    given_names: frozenset[str]
    shouted: frozenset[str]


class GazetteerError(ValueError):
    """A mistake in the data files: says which file, side and key, and what was expected."""


def expand(notation: str) -> list[str]:
    """All forms that a compact notation stands for, without the mark of weakness, in the order they are written."""
    stem, *endings = _OUTER_BAR.split(notation.removesuffix("~"))
    written = [stem + ending for ending in endings] or [stem]
    return [form for each in written for form in _with_groups(each)]


def read_forms(language: str) -> list[SideForm]:
    """Every form of every side in `language`, sides in the order of the files; what a file says overrides CLDR."""
    found: list[SideForm] = []
    for side, entry in _entries().items():
        own = _own_forms(side, entry, language)
        written = {form.text for form in own if form.how is How.name} | set(_texts(entry, language, "except"))
        found += [SideForm(side, name, How.name, False) for name in _cldr_forms(side, language) if name not in written]
        found += own
    return found


def read_titles(language: str) -> dict[str, str]:
    """What people are shown for each side: its `title`, else its CLDR name, else its first name in the files."""
    titles: dict[str, str] = {}
    for side, entry in _entries().items():
        candidates = (*_texts(entry, language, "title"), *_cldr_names(side, language)[:1], *_texts(entry, language, "name"))
        if not candidates:
            raise GazetteerError(f"side {side} has no name in {language}: give it a `name`")
        titles[side] = candidates[0]
    return titles


def read_not_sides(language: str) -> NotSides:
    """The phrases and contexts of `language` in which a form names no side."""
    whole: Mapping[str, Any] = _load(DATA / NOT_SIDES)
    try:
        raw = whole[language]
        lists = {key: tuple(_flat(raw[key])) for key in _LISTS}
    except KeyError as missing:
        raise GazetteerError(f"{NOT_SIDES}: {language} lacks the key {missing}") from None
    return NotSides(
        phrases=lists["phrases"],
        place_nouns=lists["place_nouns"],
        nouns_follow=bool(raw.get("nouns_follow")),
        of=lists["of"],
        with_=lists["with"],
        places=lists["places"],
        given_names=frozenset(lists["given_names"]),
        shouted=frozenset(lists["shouted"]),
    )


Entry = dict[str, dict[str, list[str]]]                       # language or `all` -> key -> notations


@cache
def _entries() -> dict[str, Entry]:
    """The sides of all files by code, checked: a code once, languages and keys that exist, lists of text."""
    entries: dict[str, Entry] = {}
    for path in sorted(DATA.glob("*.yaml")):
        if path.name == NOT_SIDES:
            continue
        for side, entry in _load(path).items():
            if not isinstance(side, str) or side in entries:
                raise GazetteerError(f"{path.name}: side {side!r} is no text (quote it) or stands twice")
            entries[side] = {}
            for language, keys in entry.items():
                where = f"{path.name}: side {side}"
                if language not in ("all", *LANGUAGES):
                    raise GazetteerError(f"{where}: {language!r} is no language; expected all, {', '.join(LANGUAGES)}")
                entries[side][language] = _checked(keys, f"{where}: {language}")
    return entries


def _checked(keys: Mapping[str, Any], where: str) -> dict[str, list[str]]:
    checked: dict[str, list[str]] = {}
    for key, value in keys.items():
        texts = value if isinstance(value, list) else [value]
        if key not in {*How, "title", "except"}:
            raise GazetteerError(f"{where}: unknown key {key!r}; expected {', '.join(How)}, title or except")
        for text in texts:
            if not isinstance(text, str) or not text.strip("~"):
                raise GazetteerError(f"{where}: {key}: {text!r} is no form (quote it?)")
        checked[key] = texts
    return checked


def _own_forms(side: str, entry: Entry, language: str) -> list[SideForm]:
    found: dict[tuple[str, How], SideForm] = {}
    for part in (language, "all"):
        for key, notations in entry.get(part, {}).items():
            if key not in How.__members__:
                continue
            for notation in notations:
                for text in expand(notation):
                    found.setdefault((text, How(key)), SideForm(side, text, How(key), notation.endswith("~")))
    return list(found.values())


def _texts(entry: Entry, language: str, key: str) -> list[str]:
    return [text for part in (language, "all") for notation in entry.get(part, {}).get(key, ()) for text in expand(notation)]


def _cldr_names(side: str, language: str) -> list[str]:
    """The names CLDR has for a country or territory, as they are printed there; none for a side that is no country."""
    if len(side) != len("GT"):
        return []
    names = (Locale.parse(locale).territories.get(side) for locale in _LOCALES[language])
    return list(dict.fromkeys(name.translate(_PLAIN) for name in names if name))


def _cldr_forms(side: str, language: str) -> list[str]:
    """The CLDR names as texts write them: "Îles Cook" is also "îles Cook", "St. Lucia" also "Saint Lucia"."""
    forms: list[str] = []
    for name in _cldr_names(side, language):
        if _UNUSUAL.search(name):
            continue
        plain = name[0].lower() + name[1:] if _GENERIC.match(name) else name
        for spelled in (plain, plain.replace("&", "and")):
            forms += [spelled, spelled.replace("St. ", "Saint "), spelled.replace("St. ", "St ")]
    return list(dict.fromkeys(forms))


def _with_groups(text: str) -> Iterator[str]:
    parts = _GROUP.split(text)
    choices = [["", *part.split("|")] if position % 2 else [part] for position, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))


def _flat(value: Iterable[str | list[str]]) -> Iterator[str]:
    for item in value:
        for notation in item if isinstance(item, list) else [item]:
            yield from expand(notation)


def _load(path: Path) -> dict[Any, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)     # the C parser: twelve times faster, where libyaml is there
    with path.open(encoding="utf-8") as file:
        try:
            return dict(yaml.load(file, loader))               # noqa: S506 (both are safe loaders)
        except yaml.YAMLError as error:
            raise GazetteerError(f"{path.name}: {error}") from error
