"""Attributions: source span, cue span, content spans. "Paz — denied — that Honduras had signed such an agreement".

The terms are those of PARC and PolNeAR. A cue belongs to one of six groups of the lexicon; what stands inside quotation
marks holds no cue. A source is looked for beside its cue: after it where the clause is inverted ("…,” said Paz", "dijo
el funcionario"), before it otherwise, passing over relative clauses.
"""

import re
from dataclasses import dataclass

from extract.actors import Actor, ActorType
from extract.lexicon import CUE_GROUPS, Lexicon
from extract.segment import Sentence

_RELATIVE = re.compile(r",\s(?:who|whose|whom|which|que|quien(?:es)?|cuy[oa]s?|qui|dont|cuj[oa]s?)\s[^,;]*,")
_CLOSED = re.compile(r"\s?(?:[\w’'-]+\s?){0,5}(?:[,.;:]|$)")
_INTRODUCES = re.compile(r"\s?(?:[\w’'-]+\s){0,4}?(?:that|que|whether|si|en\sque|qu['’])\s", re.IGNORECASE)
_NOUN_BEFORE = re.compile(r"(?:\b(?:the|an?|his|its|their|such|any|no|these|those|of|el|un|una|su|sus|del|ese|esa|este|esta|dicho)|['’]s?)"
                          r"\s(?:\w+\s)?$", re.IGNORECASE)
_PREPOSITION = re.compile(r"(?:^|\s)(?:in|to|at|near|from|on|of|with|against|between|for|by|under|among|about|into|over|towards?|"
                          r"en|a|ante|desde|de|del|con|contra|entre|para|por|sobre|al|hacia)\s(?:the\s|la\s|el\s|los\s|las\s)?$", re.IGNORECASE)
_BY = re.compile(r"^\s(?:by|por(?:\sparte\sde)?)\s(?:the\s|el\s|la\s)?$", re.IGNORECASE)
_NEGATED = re.compile(r"(?:\b(?:not|never|n't|no|nunca|jamás|tampoco)|n't)\s(?:\w+\s){0,1}$", re.IGNORECASE)
_NOBODY = re.compile(r"\b(?:nobody|no one|none|nadie|ninguno|personne|ninguém)\s(?:\w+\s)?$", re.IGNORECASE)
_ACCORDING = re.compile(r"according to|in the words of|según|de acuerdo con|a juicio de|en palabras de", re.IGNORECASE)
_ORDER = {"no_comment": 0, "withdraw": 1, "deny": 2, "reject": 3, "confirm": 4, "speech": 5}


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue with whoever it belongs to and what it reports; offsets into the sentence."""

    group: str                              # which group of cues: speech, confirm, deny, reject, withdraw, no_comment
    cue: tuple[int, int]
    source: Actor | None                    # None: the sentence names nobody (Spanish drops its subjects)
    content: tuple[tuple[int, int], ...]    # what is reported
    negated: bool = False                   # "did not deny"

    def covers(self, start: int, end: int) -> bool:
        """Whether the content holds [start, end)."""
        return any(a <= start and end <= b for a, b in self.content)


def find_attributions(sentence: Sentence, lexicon: Lexicon, actors: list[Actor]) -> list[Attribution]:
    """Every attribution of one sentence, in the order of their cues."""
    text = sentence.text
    cues = _cues(sentence, lexicon)
    outside = [a for a in actors if not sentence.quoted(sentence.start + a.start, sentence.start + a.end)]
    found = []
    for number, (start, end, group) in enumerate(cues):
        before = cues[number - 1][1] if number else 0
        source, inverted = _source(text, start, end, outside, before)
        if _ACCORDING.fullmatch(text[start:end]) and not inverted:
            continue            # according to something that is nobody
        left = min(start, source.start) if source and not inverted else start
        right = max(end, source.end) if source and inverted else end
        found.append(Attribution(group, (start, end), source, _content(text, group, left, right),
                                 negated=group != "no_comment" and bool(_NEGATED.search(text[:start]))))
    return found


def _cues(sentence: Sentence, lexicon: Lexicon) -> list[tuple[int, int, str]]:
    text = sentence.text
    taken: list[tuple[int, int, str]] = []
    for group in sorted(CUE_GROUPS, key=_ORDER.__getitem__):
        for match in lexicon.cues[group].finditer(text):
            start, end = match.span()
            if sentence.quoted(sentence.start + start, sentence.start + end):
                continue
            if group in {"speech", "deny", "confirm"} and _NOUN_BEFORE.search(text[:start]) and not _ACCORDING.fullmatch(match.group()):
                continue
            if _NOBODY.search(text[:start]):
                continue
            if all(end <= s or start >= e for s, e, _ in taken):
                taken.append((start, end, group))
    return sorted(taken)


def _source(text: str, start: int, end: int, actors: list[Actor], last_cue: int) -> tuple[Actor | None, bool]:
    """Whoever the cue belongs to, and whether they stand after it."""
    cue = text[start:end]
    after = next((a for a in actors if a.start >= end), None)
    if after is not None:
        gap = text[end:after.start]
        if _ACCORDING.fullmatch(cue) and len(gap) < 30:
            return after, True
        if _BY.match(gap):
            return after, True
        opened = not text[:start].strip() or text[:start].rstrip()[-1] in ",;”\"»’—–"
        words = len(gap.split())
        free = not re.search(r"[,;:“\"«]|\b(?:that|que)\b", gap)
        if re.match(r"(?:no|sin)\b.*\b(?:from|de)$", cue, re.IGNORECASE) and words <= 4:
            return after, True
        if opened and free and words <= 8 and not _PREPOSITION.search(text[:after.start]):
            return after, True
    masked = _RELATIVE.sub(lambda m: " " * len(m.group()), text[:start])
    subjects = [a for a in actors if a.end <= start and not _PREPOSITION.search(text[:a.start])]
    visible = [a for a in subjects if masked[a.start:a.end].strip()]
    pool = [a for a in visible if a.start >= last_cue] or visible or subjects
    if pool:
        named = [a for a in pool if a.type is not ActorType.pronoun]
        nearest = pool[-1]
        if nearest.type is ActorType.pronoun and start - nearest.end > 25 and named:
            nearest = named[-1]
        return nearest, False
    if after is not None and not re.search(r"[,;:“\"«]|\b(?:that|que)\b", text[end:after.start]) and len(text[end:after.start].split()) <= 6 \
            and not _PREPOSITION.search(text[:after.start]):
        return after, True
    return None, False


def _content(text: str, group: str, left: int, right: int) -> tuple[tuple[int, int], ...]:
    """What the cue reports: all after it, or the rest of the sentence where the attribution is put in ("…, she said, …")."""
    if group == "no_comment":
        return ((0, len(text)),)
    if _INTRODUCES.match(text, right):
        return ((right, len(text)),)
    before = text[:left].rstrip()
    if before and before[-1] in ",”\"»’—–" and _CLOSED.match(text, right):
        return ((0, left), (right, len(text)))
    if not text[right:].strip(" .,;”"):
        return ((0, left),)
    return ((right, len(text)),)
