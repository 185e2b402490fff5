"""Finds the sides that a text names: countries and their capitals, seats of power, bodies, armed groups, in four languages.

One pass of an Aho-Corasick automaton over the text with its letters folded to small ones without accents and everything else to
spaces, one for one, so that offsets stay; each hit is then compared with the text as it was written. The longest match wins, and
phrases that only contain a side's name ("Central American", "Washington Post") win over it without naming anybody.

What a form usually means is known here; what it means in a sentence is not: mentions that need a second look are `weak`.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import ahocorasick

from extract.document import LANGUAGES
from extract.gazetteer import How, NotSides, SideForm, read_forms, read_not_sides, read_titles

__all__ = ["How", "SideForm", "SideMention", "find_sides", "forms", "known_sides", "side_name"]


@dataclass(frozen=True, slots=True)
class SideMention:
    """A side named at text[start:end]. `also`: the other sides that the same words can mean ("Congolese")."""

    start: int
    end: int
    side: str
    how: How
    weak: bool
    also: tuple[str, ...] = ()


def find_sides(text: str, language: str) -> list[SideMention]:
    """The sides named in `text`, in order and never overlapping. Offsets are code points of `text`.

    Raises KeyError where `language` is not one of LANGUAGES.
    """
    gazetteer = _gazetteer(language)
    composed, places = _compose(text)
    mentions = list(_mentions(_Text(composed, f" {_folded(composed)} "), gazetteer))
    if any(mention.also for mention in mentions):
        mentions = _settled(mentions)
    if places:
        mentions = [replace(each, start=_original(each.start, places), end=_original(each.end, places)) for each in mentions]
    return mentions


def forms(language: str) -> Sequence[tuple[str, SideForm]]:
    """Every surface that names a side in `language`, with what it names. Raises KeyError for an unknown language."""
    return _gazetteer(language).forms


def known_sides() -> frozenset[str]:
    """The codes of all sides in the gazetteer: ISO 3166-1 alpha-2, EU, UN, NATO, and slugs."""
    return frozenset(_titles("en"))


def side_name(code: str, language: str) -> str:
    """What people are shown for a side: "South Korea", "Union africaine".

    A slug that the gazetteer does not know (a firm, a union) is spelled out: "nippon-steel" is "Nippon Steel", "ups" is "UPS".
    Raises KeyError where `language` is not one of LANGUAGES.
    """
    known = _titles(language).get(code)
    return known or " ".join(word.upper() if len(word) <= len("UPS") else word.capitalize() for word in code.split("-"))


# Folding ----------------------------------------------------------------------------------------------------------------------


class _Fold(dict[int, str]):
    """A table for str.translate, filled as letters are met: letters and digits lose case and accent, the rest are spaces."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFD", character)[0].lower()[0] if character.isalnum() else " "
        self[code] = folded
        return folded


_FOLD = _Fold()
_MARKED = re.compile("[A-Za-z][\u0300-\u036f]{1,4}")
_STRAIGHT = str.maketrans("’‘ʼʻ‐‑–\xa0\u202f\t\n\r", "''''---     ")


def _compose(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with letters and their separate accents joined, and where that moved it: (composed offset, difference)."""
    if text.isascii() or not _MARKED.search(text):
        return text, []
    parts, places, done, shift = [], [], 0, 0
    for match in _MARKED.finditer(text):
        joined = unicodedata.normalize("NFC", match.group())
        parts += [text[done : match.start()], joined]
        done = match.end()
        shift += len(match.group()) - len(joined)
        places.append((match.end() - shift, shift))
    return "".join((*parts, text[done:])), places


def _original(offset: int, places: list[tuple[int, int]]) -> int:
    position = bisect_right(places, offset, key=lambda place: place[0])
    return offset + (places[position - 1][1] if position else 0)


def _spelled(written: str, form: str) -> bool:
    """Whether `written` is how `form` may be written: capitals stay capitals, accents stay, but may drop from capitals."""
    if written == form:
        return True
    if len(written) < len(form):                             # the text ends where the form goes on ("OPEC" and "OPEC+")
        return False
    for seen, expected in zip(written.translate(_STRAIGHT), form, strict=True):
        if seen != expected and not (seen.isupper() and seen.lower() in (expected.lower(), expected.translate(_FOLD))):
            return False
    return True


# Matching ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """A form in the automaton; `form` is None for a phrase that names no side. `back` leads from the hit's end to its start."""

    text: str
    form: SideForm | None
    back: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as it was written, and folded with a space at either end, so that offset n of one is n + 1 of the other."""

    written: str
    folded: str


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    forms: tuple[tuple[str, SideForm], ...]
    automaton: Any                           # ahocorasick.Automaton: folded surface -> tuple of _Entry
    not_sides: NotSides
    before: tuple[str, ...]                  # folded: " acuerdo de ", with the space that ends at the capital
    after: tuple[str, ...]                   # folded: " talks ", with the space that follows the capital
    bound: tuple[str, ...]                   # folded: " con ", " talks with ": a capital that deals with somebody
    places: tuple[str, ...]                  # folded: " in "


@cache
def _gazetteer(language: str) -> _Gazetteer:
    if language not in LANGUAGES:
        raise KeyError(language)
    found = tuple((form.text, form) for form in read_forms(language))
    not_sides = read_not_sides(language)
    patterns: dict[str, list[_Entry]] = {}
    for text, form in (*found, *((phrase, None) for phrase in not_sides.phrases)):
        pattern = f" {_folded(text)} " if text[-1].isalnum() else f" {_folded(text)}"
        patterns.setdefault(pattern, []).append(_Entry(text, form, len(pattern)))
    automaton = ahocorasick.Automaton()
    for pattern, entries in patterns.items():
        automaton.add_word(pattern, tuple(entries))
    automaton.make_automaton()
    nouns = [_folded(noun) for noun in not_sides.place_nouns]
    after = [f" {noun} " for noun in nouns] if not_sides.nouns_follow else []
    bound = [f" {word} " for word in not_sides.with_]
    return _Gazetteer(
        forms=found, automaton=automaton, not_sides=not_sides, after=tuple(after),
        before=tuple(f" {noun} {of} " for noun in nouns for of in not_sides.of),
        bound=(*bound, *(noun.rstrip() + word for noun in after for word in bound)),
        places=tuple(f" {_folded(word)} " for word in not_sides.places),
    )


@cache
def _titles(language: str) -> dict[str, str]:
    if language not in LANGUAGES:
        raise KeyError(language)
    return read_titles(language)


def _folded(text: str) -> str:
    return text.translate(_FOLD)


def _mentions(text: _Text, gazetteer: _Gazetteer) -> Iterator[SideMention]:
    """The longest matches from left to right; phrases that name no side take their words with them."""
    longest: dict[int, list[_Entry]] = {}
    for last, entries in gazetteer.automaton.iter(text.folded):
        for entry in entries:
            start = last - entry.back + 1
            if _spelled(text.written[start : start + len(entry.text)], entry.text):
                rivals = longest.setdefault(start, [])
                if rivals and len(entry.text) > len(rivals[0].text):
                    rivals.clear()
                if not rivals or len(entry.text) == len(rivals[0].text):
                    rivals.append(entry)
    reached = 0
    for start in sorted(longest):
        if start < reached:
            continue
        reached = start + len(longest[start][0].text)
        mention = _mention(start, reached, longest[start], text, gazetteer)
        if mention is not None:
            yield mention


def _mention(start: int, end: int, entries: list[_Entry], text: _Text, gazetteer: _Gazetteer) -> SideMention | None:
    """What the forms written at start:end name there, if anything."""
    named = [entry.form for entry in entries if entry.form is not None]
    if len(named) < len(entries):
        return None
    if named[0].text in gazetteer.not_sides.given_names and _another_name_follows(text.written, end):
        return None
    if any(form.how is How.capital for form in named) and _is_place(start, end, text, gazetteer):
        named = [form for form in named if form.how is not How.capital]
    if not named:
        return None
    best = min(named, key=lambda form: (form.weak, form.text != text.written[start:end]))
    weak = best.weak or (best.text in gazetteer.not_sides.shouted and _is_shouted(text.written, start, end))
    if best.how is How.capital and not weak:
        weak = text.folded.endswith(gazetteer.places, 0, start + 1) or _is_dateline(text.written, start, end)
    also = dict.fromkeys(form.side for form in sorted(named, key=lambda form: form.weak) if form.side != best.side)
    return SideMention(start, end, best.side, best.how, weak, tuple(also))


def _is_place(start: int, end: int, text: _Text, gazetteer: _Gazetteer) -> bool:
    """Whether a capital only says where something was held or signed: "the Minsk agreements", "acuerdo de París"."""
    deals_with_somebody = text.folded.startswith(gazetteer.bound, end + 1)      # "acuerdo de Londres con Kigali"
    second_of_two = text.written[max(0, start - 1) : start] in ("-", "–", "—", "/")     # "the Moscow–Kyiv talks"
    if deals_with_somebody or second_of_two:
        return False
    return text.folded.endswith(gazetteer.before, 0, start + 1) or text.folded.startswith(gazetteer.after, end + 1)


def _another_name_follows(text: str, end: int) -> bool:
    return text[end : end + 1] == " " and text[end + 1 : end + 2].isupper() and text[end + 2 : end + 3].islower()


_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE_END = re.compile(r"[.,;:!?\n]")


def _is_shouted(text: str, start: int, end: int) -> bool:
    """Whether the words next to it, two on each side in its clause, are all capitals, so that a capital says nothing."""
    before = _WORD.findall(_CLAUSE_END.split(text[max(0, start - 40) : start])[-1])[-2:]
    after = _WORD.findall(_CLAUSE_END.split(text[end : end + 40], maxsplit=1)[0])[:2]
    return len(before) + len(after) > 1 and all(word.isupper() for word in (*before, *after))


_DATELINE = re.compile(
    r", (?:le |el |em )?\d{1,2}(?:er)?\.? (?:de )?[^\W\d]{3,10}\b"      # BOGOTÁ, 3 jun (EFE); Tiflis, 30 ago.
    r"|, [^\W\d]{3,9}\.? \d{1,2}\b"                                   # MOGADISHU, May 6 —
    r"|(?:, [^\n.]{1,40}?)? ?(?:\([^)\n]{2,40}\)|\.?[—–]|--|\.- ?| - )"  # WASHINGTON (Reuters) -; KABUL.-
)


def _is_dateline(text: str, start: int, end: int) -> bool:
    """Whether a capital opens a paragraph as its dateline: "BOGOTÁ, 3 jun (EFE) - "."""
    return (start == 0 or text[start - 1] == "\n") and _DATELINE.match(text, end) is not None


def _settled(mentions: list[SideMention]) -> list[SideMention]:
    """Words that can mean several sides mean the one that the rest of the text names outright, if it names just one of them."""
    outright = {mention.side for mention in mentions if not mention.weak and not mention.also}
    settled = []
    for mention in mentions:
        candidates = outright.intersection((mention.side, *mention.also))
        if len(candidates) == 1 and mention.side not in candidates:
            (side,) = candidates
            others = (mention.side, *(each for each in mention.also if each != side))
            mention = replace(mention, side=side, also=others)   # noqa: PLW2901
        settled.append(mention)
    return settled
