"""The names that an article has for its agreements: "the Samoa Agreement", "el Convenio de Bata", "l'accord de Bougival", "Proyecto Portero"."""

import re
from bisect import bisect_right
from functools import cache

from extract.lexicon import Lexicon
from extract.names import folded
from extract.sides import How, find_sides

_CAP = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zà-ÿ0-9]"
_RUN = rf"{_CAP}(?:[ -](?:(?:de|del|da|do|du|of|la)\s)?{_CAP}){{0,2}}"
_OF = {"en": r"\sof\s(?:the\s)?", "es": r"\s(?:de|del)\s(?:la\s)?", "fr": r"\s(?:de\s(?:la\s)?|du\s|d['’])", "pt": r"\s(?:de|do|da)\s"}
_PROJECT = re.compile(rf"\b(?:Project|Operation|Plan|Proyecto|Operación|Projet|Opération|Projeto|Operação)\s({_CAP})")
_MONTHS = re.compile(r"^(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|"
                     r"friday|saturday|sunday|the|this|that|no|any|such|its|their|our|an?|under|gobierno|governo|gouvernement|government|state|"
                     r"estado|etat|republica|republique|presidente?|president|ministerio|ministry|ministere|foreign|trade|peace)\b")
MOST = 4                # names of one article that are kept, the most frequent


def agreement_names(text: str, words: Lexicon) -> frozenset[str]:
    """The names of agreements in `text`, folded, without the noun. A country or its people name no agreement, a place does."""
    sides = sorted((m.start, m.end) for m in find_sides(text, words.language) if m.how in {How.name, How.demonym, How.institution})
    ends = [end for _, end in sides]                # mentions do not overlap, so that their ends are in order too
    counts: dict[str, int] = {}
    found = [(m.start(1), m.end(1)) for m in _PROJECT.finditer(text)]
    for noun in words["agreement"].finditer(text):
        after = _after(words.language).match(text, noun.end())
        before = _BEFORE.search(text, max(0, noun.start() - 40), noun.start()) if words.modifiers_before else None
        found += [match.span(1) for match in (after, before) if match is not None]
    found = [(start + (len(opener.group()) if (opener := _ARTICLE.match(text, start, end)) else 0), end) for start, end in found]
    for start, end in found:
        name = folded(text[start:end])
        next_side = bisect_right(ends, start)
        if name and not _MONTHS.match(name) and (next_side == len(sides) or end <= sides[next_side][0]):
            counts[name] = counts.get(name, 0) + 1
    return frozenset(sorted(counts, key=lambda name: (-counts[name], name))[:MOST])


_ARTICLE = re.compile(r"(?:The|This|That|An?|No)\s")


def named_in_title(title: str) -> str:
    """The title as a paragraph of its own; nothing where most of its words have capitals, so that these tell no names."""
    words = [word for word in title.split() if word[0].isalpha()]
    return "" if 2 * sum(word[0].isupper() for word in words) > len(words) else title + "\n"


_BEFORE = re.compile(rf"({_RUN})\s$")


@cache
def _after(language: str) -> re.Pattern[str]:
    return re.compile(rf"{_OF[language]}({_RUN})")
