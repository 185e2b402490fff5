"""Tells a labelled text of other countries: the same words, with one country put in the place of another throughout.

What a text says, and whose words it is, does not hang on which countries it is about. A network that has seen a text with its own
countries only can learn it by their names; told of others it has to read. Names of people, firms and cities that are no capitals stay.
"""

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from extract.sides import How, find_sides, forms

_COUNTRY = re.compile(r"[A-Z]{2}")
_ODD = re.compile(r"Unite|Unid|États|Rep|Isl|Emir|Nether|Philip|Maldiv|Baham|[ ’'-]|^(?:UK|US|EU|UN|UAE)", re.IGNORECASE)   # "the", or plural
_BODIES = frozenset({"EU", "UN", "AU"})
_VOWEL = re.compile(r"[AEIOUYÉÈÎÔH]", re.IGNORECASE)
TRIES = 40


def swapped(text: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """A labelled text with other countries for those that can be replaced in every form in which they occur; the rest stay."""
    language = text["language"]
    whole = "\n".join([text.get("title") or "", text["text"], text.get("source") or "", *(s["speaker"] for s in text["statements"])])
    found: dict[str, dict[str, How]] = defaultdict(dict)
    for mention in find_sides(whole, language):
        found[mention.side][whole[mention.start:mention.end]] = mention.how
    taken, words, codes = set(found), dict[str, str](), dict[str, str]()
    for side, surfaces in sorted(found.items()):
        if not _COUNTRY.fullmatch(side) or side in _BODIES:
            continue
        for target in chance.sample(_targets(language), min(TRIES, len(_targets(language)))):
            if target in taken:
                continue
            others = {surface: _other(surface, how, target, language) for surface, how in surfaces.items()}
            if all(others.values()):
                words |= {surface: other for surface, other in others.items() if other}
                codes[side] = target
                taken.add(target)
                break
    return _renamed(text, words, codes) if words else dict(text)


def _renamed(text: Mapping[str, Any], words: Mapping[str, str], codes: Mapping[str, str]) -> dict[str, Any]:
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")(?!\w)")

    def told(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(lambda match: words[match.group()], value)
        return [told(each) for each in value] if isinstance(value, list) else value

    renamed: dict[str, Any] = {key: told(text[key]) for key in ("title", "text", "source") if text.get(key)}
    statements = [{key: told(value) if key in {"evidence", "also", "speaker"} else value for key, value in statement.items()}
                  | {"side": codes.get(statement["side"], statement["side"])} for statement in text["statements"]]
    issuer = text.get("issuer")
    named = {codes.get(side, side): told(those) for side, those in (text.get("forms") or {}).items()}
    return {**text, **renamed, "issuer": codes.get(issuer, issuer) if issuer else issuer, "statements": statements, "forms": named}


@cache
def _targets(language: str) -> list[str]:
    """The countries that have a name, words for their people and a capital that mean nothing else."""
    kinds: dict[str, set[How]] = defaultdict(set)
    for _, form in forms(language):
        if not form.weak and _COUNTRY.fullmatch(form.side):
            kinds[form.side].add(form.how)
    return sorted(side for side, hows in kinds.items() if {How.name, How.demonym, How.capital} <= hows and side not in _BODIES)


@cache
def _surfaces(language: str) -> Mapping[tuple[str, How], list[str]]:
    found: dict[tuple[str, How], list[str]] = defaultdict(list)
    for text, form in forms(language):
        if not form.weak:
            found[form.side, form.how].append(text)
    return found


def _other(surface: str, how: How, target: str, language: str) -> str | None:
    """How `target` is named where a text names another country by `surface`; None where nothing stands in the same grammar."""
    if how not in {How.name, How.demonym, How.capital} or (how is not How.demonym and _ODD.search(surface)):
        return None
    for other in _surfaces(language)[target, how]:
        if how is not How.demonym and _ODD.search(other):
            continue
        if _grammar(surface, how, language) == _grammar(other, how, language):
            return other.upper() if surface.isupper() and len(surface) > len("US") else other
    return None


def _grammar(form: str, how: How, language: str) -> tuple[Any, ...]:
    """What other words of a sentence agree with: whether it opens with a vowel, a capital, and how it ends."""
    last = form.lower()
    if language == "en":
        ends: tuple[Any, ...] = (last.endswith("s") and how is How.demonym and not last.endswith("ese"), form[-1] == "-")
    elif how is How.capital:
        ends = ()
    elif how is How.name:
        ends = (last[-1] if last[-1] in "ae" else "",)
    else:
        plural = last.endswith("s") and not (language in {"es", "fr"} and last.endswith(("és", "ais", "ois")))
        singular = last[:-1] if plural else last
        ends = (plural, singular[-1] if singular[-1] in "aoe" else "")
    vowel = _VOWEL.match(form) is not None if language in {"en", "fr"} else False
    return form[0].isupper(), vowel, *ends
