"""What a stretch of text says of an agreement: that it was made, that it was not, that it may be.

A claim is an event (somebody signs, concludes, agrees; or there is, or exists) tied to an agreement by a noun, by a word
that stands for one ("nothing of the sort"), or by the verb itself ("signed"). Its polarity is counted in its own clause,
and its mood says whether it is told as a fact.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from extract.lexicon import Lexicon

_INFINITIVE = {"en": re.compile(r"\bto\s$"), "es": re.compile(r"[aei]r(?:se)?$"),
               "pt": re.compile(r"(?:[aeio]r(?:-se)?|[áêí]-l[oa]s?)$"),
               "fr": re.compile(r"(?:er|(?<!avo)ir|(?<!t)(?<!tu)re)$")}
_COPULA = re.compile(r"(?:\b(?:is|are|was|were|as|be|been|es|son|era|fue|de|por|est|sont|"
                    r"était|étaient|n['’](?:a|ont|est)|é|são)\s(?:\w+\s)?|^\W*)$", re.IGNORECASE)
_HARD = re.compile(r"[;:—()]|\s–\s")
_ADJECTIVE = re.compile(r"\b(?:the|an?|any|its|their|previously|newly)\s$", re.IGNORECASE)
_CLEFT = re.compile(r"\b(?:what|lo\sque|ce\sque|ce\squi|o\sque)\s(?:\w+\s){0,2}$", re.IGNORECASE)
_SIGNATURE = re.compile(r"firma|compromete", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:^|\b(?:la|una|su|esta|esa|misma|cuya|de|con|para|y)\s)$", re.IGNORECASE)
_REACH = 45       # characters before an event in which a modal or a hope makes it unreal
_AFTER = 32       # characters after an event in which a negation still belongs to it ("signed neither …", "firmado nada")


class Mood(StrEnum):
    """Whether an event is told as a fact, or as wished for, planned, possible, asked."""

    fact = "fact"
    unreal = "unreal"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim; offsets into the text it was found in."""

    start: int
    end: int
    positive: bool
    mood: Mood
    noun: str | None              # the agreement noun, None where the verb stands for it or a word refers back
    anaphoric: bool               # the agreement is named elsewhere
    plural: bool                  # "agreements", or several who signed one each
    how: str                      # sign | make | exist | noun | falsehood


def clauses(text: str, start: int, end: int, lexicon: Lexicon, at: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Cut text[start:end] at semicolons, dashes, brackets, words that begin a clause of another mood, and at the offsets `at`."""
    cuts = [start, *(a for a in at if start < a < end)]
    cuts += [m.start() for m in _HARD.finditer(text, start, end)]
    cuts += [m.start() for m in lexicon["boundary"].finditer(text, start, end)]
    cuts = sorted({*cuts, end})
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def find_claims(text: str, start: int, end: int, lexicon: Lexicon, *, under_denial: bool = False,
                at: Sequence[int] = ()) -> list[Claim]:
    """The claims in text[start:end]; `at` are offsets where a clause ends all the same, such as those of cues.

    `under_denial`: the text is what a denying cue reports, where a negative word inside the object is concord ("negó
    que se haya firmado ningún acuerdo") and only one right at the verb reverses ("denied that no talks were held").
    """
    found = []
    for a, b in clauses(text, start, end, lexicon, at):
        found += _in_clause(text, a, b, lexicon, under_denial)
    return found


def _in_clause(text: str, a: int, b: int, lexicon: Lexicon, under_denial: bool) -> list[Claim]:
    clause = lexicon["not_negation"].sub(lambda m: "·" * len(m.group()), text[a:b])
    nouns = list(lexicon["agreement"].finditer(clause))
    referring = list(lexicon["anaphora"].finditer(clause))
    negations = list(lexicon["negation"].finditer(clause))
    found: list[Claim] = []
    asked = lexicon["questions"].search(clause)
    for how in ("sign", "make", "exist"):
        for event in lexicon[how].finditer(clause):
            if asked and asked.end() <= event.start():       # "asked whether a deal was signed" says nothing of it
                continue
            if how != "exist" and lexicon.language == "en" and _ADJECTIVE.search(clause[:event.start()]) \
                    and event.group().lower().endswith("ed"):
                continue                                         # "the agreed quantity"
            if _CLEFT.search(clause, max(0, event.start() - 25), event.start()) or (
                    _SIGNATURE.fullmatch(event.group()) and _ARTICLE.search(clause, max(0, event.start() - 12), event.start())):
                continue                                         # "what had been signed was …", "la firma"
            noun = _nearest(event, nouns)
            refers = _nearest(event, referring)
            if noun and refers and refers.start() <= noun.start() < refers.end():    # "such an agreement"
                noun = None
            if how != "sign" and noun is None and refers is None:
                continue
            if any(event.start() < c.end - a and event.end() > c.start - a for c in found):
                continue
            positive = not _negated(clause, event, noun, negations, strict=under_denial)
            infinitive = _is_infinitive(clause, event, lexicon.language) and how != "exist"
            mood = Mood.unreal if not under_denial and (infinitive or _unreal(clause, event, lexicon)) else Mood.fact
            spans = [event.span(), *([noun.span()] if noun else []), *([refers.span()] if refers and not noun else [])]
            found.append(Claim(
                a + min(s for s, _ in spans), a + max(e for _, e in spans), positive, mood, noun.group() if noun else None,
                anaphoric=noun is None, plural=bool(noun and noun.group().lower().endswith("s")), how=how))
    for false in lexicon["falsehood"].finditer(clause):
        if not found and _predicated(clause, false, lexicon):
            found.append(Claim(a + false.start(), a + false.end(), under_denial, Mood.fact, None, True, False, "falsehood"))
    if not found and (nouns or referring):
        first = (nouns or referring)[0]
        negative = any(n.end() <= first.start() + 1 and first.start() - n.end() < _REACH for n in negations)
        found.append(Claim(a + first.start(), a + first.end(), not negative, Mood.fact, nouns[0].group() if nouns else None,
                           anaphoric=not nouns, plural=bool(nouns and nouns[0].group().lower().endswith("s")), how="noun"))
    return found


def _predicated(clause: str, false: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether "false" is said of a claim ("the report is false", "tachó de falso"), and not of a thing ("false documents")."""
    before = clause[max(0, false.start() - 25):false.start()]
    return bool(_COPULA.search(before)) and any(lexicon[group].search(clause) for group in ("claim_nouns", "anaphora", "agreement"))


def _nearest(event: re.Match[str], others: list[re.Match[str]]) -> re.Match[str] | None:
    outside = [m for m in others if m.end() <= event.start() or m.start() >= event.end() or m.start() > event.start()]
    return min(outside, key=lambda m: abs(m.start() - event.start()), default=None)


def _negated(clause: str, event: re.Match[str], noun: re.Match[str] | None, negations: list[re.Match[str]], *, strict: bool) -> bool:
    for negation in negations:
        gap = clause[negation.end():event.start()] if negation.end() <= event.start() else None
        if gap is not None:
            if strict:
                if len(gap.split()) <= 2 and "," not in gap:
                    return True
            elif len(gap) < 4 * _REACH:
                return True
        elif strict:
            continue
        elif negation.start() >= event.start() and negation.start() - event.end() < _AFTER:
            return True
        elif noun is not None and negation.start() < noun.start() and noun.start() - negation.end() < 12:
            return True
    return False


def _is_infinitive(clause: str, event: re.Match[str], language: str) -> bool:
    pattern = _INFINITIVE[language]
    if language == "en":
        return bool(pattern.search(clause[:event.start()]))
    first = event.group().split()[0]
    done = r"\bv(?:ien|en)\w*\sde\s(?:\w+\s)?$" if language == "fr" else r"\b(?:haber|tras|al|por|de)\s(?:\w+\s)?$"
    return bool(pattern.search(first)) and not re.search(done, clause[:event.start()], re.IGNORECASE)


def _unreal(clause: str, event: re.Match[str], lexicon: Lexicon) -> bool:
    window = clause[max(0, event.start() - _REACH):event.start()]
    window = window[window.rfind(",") + 1:] if "," in window else window
    if lexicon["irrealis"].search(window):
        return True
    return bool(lexicon["irrealis"].fullmatch(event.group()))
