"""The parties of an agreement as far as the sentence that claims it names them.

A side is a party where the words make it one: "with Peru", "between Peru and Chile", "Peru and Chile signed", "the Peruvian–Chilean
accord", "Peru's agreement". A side that is only named near by (a court, a mediator, the place) is none, but tells which of the
agreements told so far may be meant.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from extract.claims import Claim
from extract.lexicon import Lexicon
from extract.sides import How, SideMention
from extract.story import Named
from extract.voices import Voice, Voices

_WITH = {"en": r"with|between", "es": r"con|entre", "fr": r"avec|entre", "pt": r"com|entre"}
_AND = {"en": r"and|&", "es": r"y|e", "fr": r"et", "pt": r"e"}
_FEW = r"(?:\s[\w’'.-]+){0,4}?"      # "with the government of", "avec les autorités de"
_OWNER = re.compile(r"['’]s?\s(?:\w+\s)?$")
_BREAK = re.compile(r"[,;:—]")
SUBJECT = 10                        # words between a subject and what it signs
BESIDE = 24                         # characters between the noun of an agreement and the adjective of its party


def parties_of(voice: Voice, claim: Claim, text: str, mentions: Sequence[SideMention], voices: Voices) -> list[Named]:
    """What a claim names: one answer for each agreement that it is about."""
    lo, hi = _clause_around(text, claim, voices.lexicon)
    within = [m for m in mentions if lo <= m.start < hi and not is_place(text, m)]
    groups = _coordinated(text, within, voices.lexicon)
    before = [group for group in groups if group[-1].end <= claim.start]
    groups = [group for group in groups
              if any(_is_party(text, m, voices.lexicon) or (group in before[-1:] and _signs(text, m, claim, voices.lexicon)) for m in group)]
    named = list(dict.fromkeys(m.side for group in groups for m in group))
    near = frozenset(m.side for m in within) - {voice.side, *named}
    if not voice.joint and voices.lexicon["both"].search(text, lo, hi):
        named += [s for s in voices.both(voice.side) if s not in named]
    others = [side for side in named if side != voice.side]
    if not named and not near:      # a place is a hint where nothing else is: "In Guatemala, she said, a signed agreement …"
        places = [m.side for m in mentions if is_place(text, m) and m.side != voice.side]
        others = [s for s in places if voices.story.partners(voice.side, s) or claim.noun][:1]
    if voice.side not in named and not claim.plural and any(len({m.side for m in group}) > 1 for group in groups):
        return [Named(frozenset(others))]       # a mediator tells of two others; of several agreements, each is with the one that speaks
    if len(others) >= 2 and (claim.plural or claim.how == "sign"):
        return [Named(frozenset({voice.side, other})) for other in others]
    return [Named(frozenset({voice.side, *others}), near)]


def _coordinated(text: str, mentions: Sequence[SideMention], lexicon: Lexicon) -> list[list[SideMention]]:
    """Mentions in groups that "and" or a comma joins: "Peru, Chile and the government of Bolivia"."""
    groups: list[list[SideMention]] = [[m] for m in mentions[:1]]
    for one, two in pairwise(mentions):
        if _joint(lexicon.language).fullmatch(text, one.end, two.start):
            groups[-1].append(two)
        else:
            groups.append([two])
    return groups


def _is_party(text: str, mention: SideMention, lexicon: Lexicon) -> bool:
    """Whether the words around a mention make it a party: "with Peru", "the Peruvian accord", "Peru's accord"."""
    if _with(lexicon.language).search(text[:mention.start][-60:]):
        return True
    noun = lexicon["agreement"].search(text, max(0, mention.start - BESIDE), mention.end + BESIDE)
    return noun is not None and (mention.how == How.demonym or _OWNER.match(text[mention.end:noun.start()] + " ") is not None)


def _signs(text: str, mention: SideMention, claim: Claim, lexicon: Lexicon) -> bool:
    """Whether a mention, the last before what is claimed, is its subject: "Kenya and Uganda had signed"."""
    around = text[max(0, mention.start - BESIDE):mention.end + BESIDE]
    speaks = mention.how != How.demonym or lexicon["institutions"].search(around) is not None      # "le gouvernement congolais"
    between = text[mention.end:claim.start]
    return speaks and claim.how in {"sign", "make"} and not _BREAK.search(between) and len(between.split()) <= SUBJECT \
        and not _OBLIQUE.search(text[:mention.start])


_OBLIQUE = re.compile(r"(?:^|\s)(?:of|to|from|before|against|by|de|del|ante|contra|desde|para|según|devant|contre|selon|du|des|au|aux|à|"
                      r"d['’]|do|da|dos|das|perante|segundo|ao)\s(?:the\s|la\s|el\s|los\s|las\s|les?\s|l['’])?$", re.IGNORECASE)


@cache
def _with(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_WITH[language]}){_FEW}\s(?:[ld]['’])?$", re.IGNORECASE)


@cache
def _joint(language: str) -> re.Pattern[str]:
    return re.compile(rf",?\s(?:(?:{_AND[language]}){_FEW})\s(?:[ld]['’])?|,\s(?:the\s|el\s|la\s|le\s|les\s|o\s|a\s|l['’])?|[–/-]", re.IGNORECASE)


_THIS = re.compile(r"\b(?:this|that|these|those|the said|ese|este|esos|estos|dicho|esse|este|cet|ce|cette|ledit|ladite)\s(?:\w+\s)?$", re.IGNORECASE)


def is_this(text: str, lexicon: Lexicon) -> bool:
    """Whether a sentence points at an agreement told before: "that accord does not exist", and not "no such accord"."""
    return any(_THIS.search(text, max(0, noun.start() - 20), noun.start()) for noun in lexicon["agreement"].finditer(text))


def _clause_around(text: str, claim: Claim, lexicon: Lexicon) -> tuple[int, int]:
    """The part of the sentence in which a claim's parties are looked for."""
    lo = max((m.end() for m in lexicon["boundary"].finditer(text, 0, claim.start)), default=0)
    hi = min((m.start() for m in lexicon["boundary"].finditer(text, claim.end)), default=len(text))
    return lo, hi


def is_place(text: str, mention: SideMention) -> bool:
    """Whether a capital or a country is only where something happens: "in Washington", "en Guatemala"."""
    before = text[:mention.start].rstrip().lower()
    return mention.how in {"capital", "name"} and before.endswith((" in", " at", " near", " en", "in", "en", "em", " na")) \
        and (before.split() or [""])[-1] in {"in", "at", "near", "en", "em", "na"}
