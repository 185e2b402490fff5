"""Whose voice an actor is: the person or body to show, and the side their words bind.

"Paz said", "the ministry said" and "both governments" are resolved here, from who was named before (`Cast`), who spoke
last, where the article speaks from, and which sides it is about.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from extract.actors import Actor, ActorType, Cast
from extract.attribution import BEFORE
from extract.document import Document
from extract.lexicon import Lexicon
from extract.segment import Sentence
from extract.sides import SideMention
from extract.story import Story

_DEFINITE = re.compile(r"(?:^|\s)(?:the|el|la|le|l['’]|o|a)\s?$", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:groups?|movement|rebels?|alliance|coalition|faction|league|association|grupo|movimiento|guerrilla|alianza|"
                    r"asociación)\b", re.IGNORECASE)
_ITSELF = re.compile(r"^(?:Company|Union|Group|Movement|Federation|Alliance|Coalition|Association|Empresa|Compañía|Sindicato|Movimiento|"
                     r"Federación|Confederación|Cooperativa|Grupo)$")       # how an organisation names itself in its own release
_AND = re.compile(r"\s(?:et\s(?:les?\s|la\s|l['’])|(?:and|y|e|et)\s(?:the\s)?|e\s(?:d[aeo]s?|[oa]s?)\s)", re.IGNORECASE)
_IN = re.compile(r"\b(?:in|from|en|desde|à|em)\s$", re.IGNORECASE)
_OBLIQUE_PT = re.compile(r"(?:^|\s)(?:d[oa]s?|pel[oa]s?|aos?|às?|(?:de|com|contra|para|por)(?:\s[oa]s?)?)\s$",
                         re.IGNORECASE)     # its "a" is an article
_OBLIQUE = re.compile(r"\b(?:with|of|from|to|against|for|by|con|de|del|contra|para|por|a|avec|contre|com)\s"
                      r"(?:the\s|la\s|el\s|los\s|las\s)?$", re.IGNORECASE)
_OBLIQUE_FR = re.compile(r"(?:^|\s)(?:(?:à|de|avec|contre|pour|par)\s(?:la\s|les?\s|l['’])?|(?:aux?|du|des)\s|d['’])$",
                         re.IGNORECASE)    # it elides
_OBLIQUES = {"fr": _OBLIQUE_FR, "pt": _OBLIQUE_PT}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, resolved: a name to show, and the side it binds."""

    speaker: str
    role: str | None
    side: str
    how: str                      # how the side was found, in words
    joint: bool = False           # one of "both governments": each speaks of its own agreement
    grade: str = "named"          # how sure the side is: named, carried (whoever spoke before) or context


class Voices:
    """Who has spoken so far in one document, and who speaks in the sentence at hand."""

    def __init__(self, document: Document, lexicon: Lexicon, story: Story, from_place: str | None) -> None:
        self.document = document
        self.lexicon = lexicon
        self.story = story
        self.cast = Cast(document)
        self.home = document.publisher.side or from_place or max(story.sides, key=lambda side: story.sides[side], default=None)
        self.focus: str | None = self.home                     # the side last named in this paragraph, else the article's main one
        self.last: Voice | None = None                         # who spoke last
        self.last_paragraph = -1

    def of(self, actor: Actor | None, sentence: Sentence, mentions: list[SideMention]) -> list[Voice]:
        """Who an actor is: none where their words bind no side, two for "both governments"."""
        publisher = self.document.publisher
        if actor is None:
            if publisher.side is not None and sentence.paragraph - self.last_paragraph > 0:
                return [Voice(publisher.name, None, publisher.side, "the press office's own voice")]
            return [self.last] if self.last else []
        if publisher.side is not None and publisher.side.islower() and actor.side is None and _ITSELF.search(actor.text):
            return [Voice(publisher.name, None, publisher.side, "the press office's own voice")]
        if actor.critic:
            return []
        if actor.type is ActorType.pronoun:
            if actor.text.lower() in {"we", "i", "nous", "je"} and publisher.side:
                return [Voice(publisher.name, None, publisher.side, "the press office's own voice")]
            return [self.last] if self.last else []
        if actor.type is ActorType.both:
            return [Voice(actor.text, None, side, f"“{actor.text}” in the article's story", joint=True)
                    for side in self.both(self.last.side if self.last else None)]
        if actor.side and actor.type is ActorType.role and (person := self.cast.only_person_of(actor.side)):
            return [Voice(shown(person), person.role, actor.side, f"“{actor.text}” is {person.name}, the one person of {actor.side} named")]
        if actor.side and (pair := self._pair(actor, sentence, mentions)):
            return [Voice(self._titled(side, sentence, mentions), None, side, f"one of “{sentence.text[pair[0].start:pair[1].end]}”", joint=True)
                    for side in (pair[0].side, pair[1].side)]
        if actor.side:
            return [Voice(shown(actor), actor.role, actor.side, f"“{actor.text}” names {actor.side}")]
        if _GROUP.search(actor.role or actor.text):        # a movement that no country's name goes with is a side of its own
            return []
        if placed := self._placed(sentence, actor, mentions):
            self.cast.remember(replace(actor, side=placed))
            return [Voice(shown(actor), actor.role, placed, f"“{actor.text}” speaks in {placed}")]
        earlier = self.cast.by_role(actor) if actor.name is None else None
        if actor.name and self.lexicon["institutions"].search(actor.role or ""):       # "the ministry's secretary general, Kaarel Lepik"
            earlier = self.cast.by_role(replace(actor, type=ActorType.institution))
        if earlier is not None and earlier.side and actor.name:
            self.cast.remember(replace(actor, side=earlier.side))
            return [Voice(shown(actor), actor.role, earlier.side, f"“{actor.text}” is of {earlier.text!r}, named before")]
        if earlier is not None:
            if earlier.critic:
                return []
            if earlier.side:
                full = earlier if actor.type is not ActorType.institution else actor
                return [Voice(shown(full), actor.role, earlier.side, f"“{actor.text}” is {earlier.text!r}, named before")]
        if actor.name and not actor.role:
            return self._introduced(actor, sentence)
        bare = self.lexicon["roles"].fullmatch(actor.text) and _DEFINITE.search(sentence.text, max(0, actor.start - BEFORE), actor.start)
        if self.last is not None and bare and sentence.paragraph - self.last_paragraph <= 1:
            return [replace(self.last, how=f"“{actor.text}” is {self.last.speaker}, who spoke before", grade="carried")]
        side = self._side_in_context(actor, sentence, mentions)
        if side is None:
            return []
        self.cast.remember(replace(actor, side=side))
        return [Voice(shown(actor), actor.role, side, f"“{actor.text}” in a context of {side}", grade="context")]

    def _introduced(self, actor: Actor, sentence: Sentence) -> list[Voice]:
        """A name with no role: the minister who spoke nameless in the paragraph before, else somebody who binds no side."""
        last = self.last
        if last is None or last.role is None or last.speaker != last.role or not self.lexicon["roles"].search(last.role) \
                or sentence.paragraph - self.last_paragraph > 1:
            return []
        self.cast.remember(replace(actor, side=last.side, role=last.role))
        return [replace(last, speaker=shown(actor), how=f"“{actor.text}” is the {last.role} who spoke before")]

    def _side_in_context(self, actor: Actor, sentence: Sentence, mentions: list[SideMention]) -> str | None:
        """Whose a minister or a ministry is when its name does not say: the place it speaks from, else the side last spoken of."""
        before = [m for m in mentions if m.end <= actor.start and not sentence.quoted(sentence.start + m.start, sentence.start + m.end)]
        oblique = _OBLIQUES.get(self.lexicon.language, _OBLIQUE)
        subjects = [m for m in before or mentions if not oblique.search(sentence.text[:m.start])]
        if self.document.publisher.side and actor.name is None and self.lexicon["roles"].fullmatch(actor.text):
            return self.document.publisher.side
        if before and not actor.possessive:
            return subjects[0].side if subjects else (self.home or before[0].side)
        if self.document.publisher.side and not before:
            return self.document.publisher.side
        if actor.possessive and before:      # "Poland has not agreed to …, its minister said"
            return (subjects or before)[0].side
        return self.focus

    def _pair(self, actor: Actor, sentence: Sentence, mentions: list[SideMention]) -> tuple[SideMention, SideMention] | None:
        """The two sides of "Turkey and Bulgaria denied" or "the ministers of Kenya and Uganda said"."""
        for one, two in pairwise(mentions):
            joined = _AND.fullmatch(sentence.text[one.end:two.start]) and one.side != two.side
            if joined and two.end == actor.end and actor.name is None:
                return one, two
        return None

    def _titled(self, side: str, sentence: Sentence, mentions: list[SideMention]) -> str:
        return next(sentence.text[m.start:m.end] for m in mentions if m.side == side)

    def _placed(self, sentence: Sentence, actor: Actor, mentions: list[SideMention]) -> str | None:
        """The side whose capital opens the sentence, where a minister or a ministry with no side of its own speaks: "In Sofia, …"."""
        if actor.role is None and actor.type is not ActorType.institution:
            return None
        places = [m for m in mentions if m.how == "capital" and m.start < 20 and m.end <= actor.start
                  and _IN.search(sentence.text, max(0, m.start - BEFORE), m.start)]
        return places[0].side if places else None

    def both(self, spoken: str | None) -> list[str]:
        """The two sides of "both governments": the article's two most named beside the one that speaks of them, else with it."""
        others = [s for s in sorted(self.story.sides, key=lambda s: -self.story.sides[s]) if s != spoken]
        if spoken and len(others) >= 2:
            return sorted(others[:2])
        pair = ([spoken] if spoken else []) + others
        return sorted(pair[:2])


def shown(actor: Actor) -> str:
    """The name of an actor as a reader wants to see it."""
    return (actor.name or actor.text).rstrip(".,")
