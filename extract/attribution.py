"""Attributions: source span, cue span, content spans. "Paz — denied — that Honduras had signed such an agreement".

The terms are those of PARC and PolNeAR. A cue belongs to one of six groups of the lexicon; what stands inside quotation
marks holds no cue. A source is looked for beside its cue: after it where the clause is inverted ("…,” said Paz", "dijo
el funcionario"), before it otherwise, passing over relative clauses.
"""

import re
from dataclasses import dataclass

from extract.actors import Actor, ActorType
from extract.claims import Claim
from extract.lexicon import CUE_GROUPS, Lexicon
from extract.segment import Sentence

_RELATIVE = re.compile(r",\s(?:who|whose|whom|which|que|quien(?:es)?|cuy[oa]s?|qui|dont|cuj[oa]s?)\s[^,;]*,")
_CLOSED = re.compile(r"\s?(?:[\w’'-]+\s?){0,5}(?:[,.;:]|$)")
_INTRODUCES = re.compile(r"\s?(?:[\w’'-]+\s){0,4}?(?:(?:that|que|whether|si|en\sque)\s|qu['’])", re.IGNORECASE)
_NOUN_BEFORE = re.compile(r"(?:\b(?:the|an?|his|its|their|such|any|no|these|those|of|el|un|una|su|sus|del|ese|esa|este|esta|dicho)|['’]s?)"
                          r"\s(?:\w+\s)?$", re.IGNORECASE)
_PREPOSITION = re.compile(r"(?:^|\s)(?:in|to|at|near|from|on|of|with|against|between|for|by|under|among|about|into|over|towards?|"
                          r"en|a|ante|desde|de|del|con|contra|entre|para|por|sobre|al|hacia)\s(?:the\s|la\s|el\s|los\s|las\s)?$", re.IGNORECASE)
_PREPOSITION_EN = re.compile(r"(?:^|\s)(?:in|to|at|near|from|on|of|with|against|between|for|by|under|among|about|into|over|towards?)\s(?:the\s)?$",
                             re.IGNORECASE)     # English apart: its "a" is no preposition
_PREPOSITION_PT = re.compile(r"(?:^|\s)(?:(?:n|d|pel)[oa]s?|aos?|às?|(?:em|de|com|contra|entre|para|por|sobre|ante|até)(?:\s[oa]s?)?)\s$",
                             re.IGNORECASE)     # Portuguese apart: its prepositions swallow the article, and its "a" is one
_PREPOSITION_FR = re.compile(r"(?:^|\s)(?:(?:à|de|en|avec|contre|entre|pour|par|sur|chez|vers|dans|sous|envers|"
                             r"devant|depuis)\s(?:la\s|les?\s|une?\s|l['’])?|(?:aux?|du|des)\s|d['’](?:une?\s)?)$",
                             re.IGNORECASE)     # French apart: it elides
_PREPOSITIONS = {"en": _PREPOSITION_EN, "fr": _PREPOSITION_FR, "pt": _PREPOSITION_PT}
_BY = re.compile(r"^\s(?:by|por(?:\sparte\sde)?|pel[oa]s?|par)\s(?:the\s|el\s|la\s|le\s|l['’])?$", re.IGNORECASE)
# Portuguese puts place and means between cue and source: "disse, em Maseru, o ministro"
_ASIDE = re.compile(r"^(?:\s[\w-]+){0,3},\s(?:em|na|num|numa|por\s(?:e-mail|escrito|telefone))\b[^,;:]{0,40},", re.IGNORECASE)
_NEGATED = re.compile(r"(?:\b(?:not|never|n't|no|nunca|jamás|tampoco|não|nem|pas|jamais)|n't)\s(?:\w+\s){0,1}$", re.IGNORECASE)
BEFORE = 60      # characters before a word in which what governs it stands; patterns below end where the word begins
_NEGATED_AFTER = re.compile(r"\s(?:pas|jamais|nullement)\b", re.IGNORECASE)      # French "ne confirme pas"
_NOBODY = re.compile(r"\b(?:nobody|no one|none|nadie|ninguno|personne|ninguém)\s(?:\w+\s)?(?:n['’])?$", re.IGNORECASE)
_ACCORDING = re.compile(r"according to|segundo|de acordo com|conforme|nas palavras d[eoa]|"
                        r"in the words of|según|de acuerdo con|a juicio de|en palabras de|selon|d['’]après|à en croire|aux dires d[eu]|"
                        r"de l['’]avis d[eu]|par la voix d[eu]", re.IGNORECASE)
_WHICH = re.compile(r"\s(?:which|l[ao]s?\scual(?:es)?|lo\scual|lequel|laquelle|lesquel(?:le)?s|[oa]s?\squa(?:l|is))\b", re.IGNORECASE)
_NOUN_LIKE = re.compile(r"reports?|claims?|states|posts|notes|informa|comunica", re.IGNORECASE)     # no cue where nobody stands beside it
_CLITIC = re.compile(r"-(?:t-)?(?:ils?|elles?|on)\b")      # a French cue that is always put in: "…, a-t-il dit", "assure-t-on"
_NOT_A_CUE = re.compile(r"\b(?:as|been|be|was|were|is|are)\s$", re.IGNORECASE)     # "as announced", "he had been told"
_ARTICLE = re.compile(r"(?<=[,”\"»’—–\s])(?:the|an?|its|his|her|their|el|la|los|las|un|una|su|sus|le|les|une|son|sa|leurs?|"
                      r"os?|as?|um|uma|seu|sua|l['’])$", re.IGNORECASE)
_AND_SAID = re.compile(r"(?<=,\s)(?:den|disput|reject|contradict|confirm|dismiss|refut|add|say|insist|stat|not)\w*ing\b", re.IGNORECASE)
_WHO = re.compile(r",?\s(?:who|which|quien|quienes)\s(?:\w+\s){0,2}$", re.IGNORECASE)
_TELLS = re.compile(r"(?:tell(?:s|ing)?|told|inform(?:s|ed|ing)?)$", re.IGNORECASE)     # cues that whoever is told stands behind
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
    cues = _cues(sentence, lexicon, actors)
    outside = [a for a in actors if not sentence.quoted(sentence.start + a.start, sentence.start + a.end)]
    found: list[Attribution] = []
    for number, (start, end, group) in enumerate(cues):
        before = cues[number - 1][1] if number else 0
        if found and _AND_SAID.match(text, start):         # "…, it said, denying …": whoever spoke in the main clause
            source, inverted = found[-1].source, False
        else:
            source, inverted = _source(text, start, end, outside, before, _PREPOSITIONS.get(lexicon.language, _PREPOSITION))
        if _ACCORDING.fullmatch(text[start:end]) and not inverted:
            continue            # according to something that is nobody
        if source is None and _NOUN_LIKE.fullmatch(text[start:end]):
            continue
        left = min(start, source.start) if source and not inverted else start
        right = max(end, source.end) if source and inverted else end
        negated = _NEGATED.search(text, max(0, start - BEFORE), start) or _NEGATED_AFTER.match(text, end)
        found.append(Attribution(group, (start, end), source, _content(text, group, left, right),
                                 negated=group != "no_comment" and bool(negated)))
    return found


def _cues(sentence: Sentence, lexicon: Lexicon, actors: list[Actor]) -> list[tuple[int, int, str]]:
    text = sentence.text
    taken: list[tuple[int, int, str]] = []
    for group in sorted(CUE_GROUPS, key=_ORDER.__getitem__):
        for match in lexicon.cues[group].finditer(text):
            start, end = match.span()
            if sentence.quoted(sentence.start + start, sentence.start + end):
                continue
            # "the ministry reports", not "the reports"; no cue of Portuguese looks like a noun
            subject = lexicon.language == "pt" or any(a.end in {start - 1, start - 2} for a in actors)
            if group in {"speech", "deny", "confirm"} and not subject and _NOUN_BEFORE.search(text, max(0, start - BEFORE), start) \
                    and not _ACCORDING.fullmatch(match.group()):
                continue
            if _WHICH.match(text, end):                # "reports according to which …" are nobody's words
                continue
            infinitive = lexicon.language == "en" and text[max(0, start - 4):start].lower().endswith((" to ", " or "))
            if infinitive and group in {"speech", "deny", "confirm"}:
                continue
            if lexicon.language == "en" and group != "no_comment" and (_NOT_A_CUE.search(text, max(0, start - BEFORE), start)
                                             or (_NOUN_LIKE.fullmatch(match.group()) and not subject)):
                continue
            if _NOBODY.search(text, max(0, start - BEFORE), start):
                continue
            if all(end <= s or start >= e for s, e, _ in taken):
                taken.append((start, end, group))
    return sorted(taken)


def _source(text: str, start: int, end: int, actors: list[Actor], last_cue: int,
            preposition: re.Pattern[str]) -> tuple[Actor | None, bool]:
    """Whoever the cue belongs to, and whether they stand after it."""
    cue = text[start:end]
    inside = next((a for a in actors if start < a.start < end and text[a.start - 1] == "-"), None)
    if inside is not None:       # "a-t-il dit", "assure-t-elle"
        return inside, False
    after = next((a for a in actors if a.start >= end and not (a.type is ActorType.side and preposition.search(text[end:a.start]))), None)
    if after is not None:
        gap = text[end:after.start]
        if _ACCORDING.fullmatch(cue) and len(gap) < 30:
            return after, True
        if _BY.match(gap):
            return after, True
        opened = not text[:start].strip() or text[:start].rstrip()[-1] in ",;”\"»’—–"
        words = len(gap.split())
        free = not re.search(r"[,;:“\"«]|\b(?:that|que)\b", _ASIDE.sub("", gap))
        if re.match(r"(?:no|sin)\b.*\b(?:from|de)$", cue, re.IGNORECASE) and words <= 4:
            return after, True
        if opened and free and words <= 8 and not _TELLS.match(cue) and not preposition.search(text, max(0, after.start - BEFORE), after.start):
            return after, True
    masked = _RELATIVE.sub(lambda m: " " * len(m.group()), text[:start])
    if text[:start].endswith((" qui ", " qui l'", " qui l’")) or cue.endswith("ant"):      # "par le ministre, qui a affirmé"
        relative = [a for a in actors if a.end <= start and a.end >= start - 12]
        if relative:
            return relative[-1], False
    if (who := _WHO.search(text, max(0, start - BEFORE), start)) and not text[start:end].lower().endswith("ing"):
        relative = [a for a in actors if a.type is not ActorType.pronoun and who.start() - 2 <= a.end <= who.start() + 1]
        if relative:
            return relative[-1], False
    subjects = [a for a in actors if a.end <= start and not preposition.search(text, max(0, a.start - BEFORE), a.start)]
    visible = [a for a in subjects if masked[a.start:a.end].strip()]
    pool = [a for a in visible if a.start >= last_cue] or visible or subjects
    if pool:
        named = [a for a in pool if a.type is not ActorType.pronoun]
        nearest = pool[-1]
        if nearest.type is ActorType.pronoun and start - nearest.end > 25 and named:
            nearest = named[-1]
        return nearest, False
    if after is not None and not re.search(r"[,;:“\"«]|\b(?:that|que)\b", text[end:after.start]) and len(text[end:after.start].split()) <= 6 \
            and not _TELLS.match(cue) and not preposition.search(text, max(0, after.start - BEFORE), after.start):
        return after, True
    return None, False


def _content(text: str, group: str, left: int, right: int) -> tuple[tuple[int, int], ...]:
    """What the cue reports: all after it, or the rest of the sentence where the attribution is put in ("…, she said, …")."""
    if group == "no_comment":
        return ((0, len(text)),)
    if _INTRODUCES.match(text, right):
        return ((right, len(text)),)
    before = _ARTICLE.sub("", text[max(0, left - BEFORE):left].rstrip()).rstrip()
    if _CLITIC.search(text, left, right) and before:
        return ((0, left), (right, len(text)))
    if before and before[-1] in ",”\"»’—–" and _CLOSED.match(text, right):
        return ((0, left), (right, len(text)))
    if not text[right:].strip(" .,;”"):
        return ((0, left),)
    return ((right, len(text)),)


def innermost(claim: Claim, attributions: list[Attribution]) -> int | None:
    """Whose claim it is: the nearest cue before it that reports it, else the nearest after."""
    covering = [(n, a) for n, a in enumerate(attributions) if a.covers(claim.start, claim.end) or a.covers(claim.start, claim.start + 1)]
    before = [(n, a) for n, a in covering if a.cue[1] <= claim.start]
    if before:
        return before[-1][0]
    return covering[0][0] if covering else None
