"""Reading one document: attributions and claims resolved to speaker, side, stance and agreement.

Sentences are read in order with a memory of who has spoken (`Cast`) and which agreements have been told (`Story`), so
that "Paz said", "both governments" and "nothing of the sort" find what they refer to.
"""

import re
from dataclasses import dataclass, replace

from extract.actors import Actor, ActorType, Cast, find_actors
from extract.attribution import Attribution, find_attributions
from extract.claims import Claim, Mood, find_claims
from extract.document import Document
from extract.lexicon import Lexicon
from extract.segment import Sentence
from extract.sides import SideMention, find_sides
from extract.statement import Span, Stance, Statement
from extract.story import Story
from extract.time import is_background

# Confidence by how a statement was read: a place to start from, until it is calibrated against labelled text.
_DATELINE = re.compile(r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.,' /]{2,40}(?:\([^)]{1,30}\)\s)?[—–-]\s")
_DEFINITE = re.compile(r"(?:^|\s)(?:the|el|la|le|l['’]|o|a)\s?$", re.IGNORECASE)
_OBLIQUE = re.compile(r"\b(?:with|of|from|to|against|for|by|con|de|del|contra|para|por|a|avec|contre|com)\s"
                      r"(?:the\s|la\s|el\s|los\s|las\s)?$", re.IGNORECASE)
OBJECT_REACH = 160                    # characters after a cue in which its object begins
KIND_BEFORE, KIND_AFTER = 40, 90      # characters around a claim whose topic words tell its kind
CONFIDENCE = {"own voice": 0.85, "cue": 0.85, "quote": 0.75, "carried": 0.6, "anaphoric": -0.1, "noun": -0.15}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, resolved: a name to show, and the side it binds."""

    speaker: str
    role: str | None
    side: str
    how: str                      # how the side was found, in words
    joint: bool = False           # one of "both governments": each speaks of its own agreement


class Reading:
    """The state of reading one document."""

    def __init__(self, document: Document, lexicon: Lexicon, story: Story, sure: frozenset[str]) -> None:
        self.document = document
        self.sure = sure                                       # sides that the article names beyond doubt
        self.lexicon = lexicon
        self.story = story
        self.cast = Cast(document.published)
        self.home = document.publisher.side or max(story.sides, key=lambda side: story.sides[side], default=None)
        self.focus: str | None = self.home                     # the side last named in this paragraph, else the article's main one
        self.paragraph = -1
        self.last: Voice | None = None                         # who spoke last
        self.last_paragraph = -1
        self.statements: list[Statement] = []

    def read(self, sentence: Sentence) -> None:
        """Read one sentence: add its statements, remember who was named."""
        text = sentence.text
        if sentence.paragraph > self.paragraph + 1 or (self.last is not None and sentence.paragraph != self.paragraph):
            self.focus = self.home
        mentions = [m for m in find_sides(text, self.lexicon.language) if not m.weak or m.side in self.sure]
        actors = find_actors(text, self.lexicon, mentions, self.cast)
        attributions = find_attributions(sentence, self.lexicon, actors)
        old = is_background(text, self.lexicon, self.document.published)
        if not old and not text.endswith("?"):
            self._attributed(sentence, attributions, mentions)
            if not attributions:
                self._unattributed(sentence, mentions)
        self._remember(sentence, attributions, actors, mentions)

    # — who says it —

    def _attributed(self, sentence: Sentence, attributions: list[Attribution], mentions: list[SideMention]) -> None:
        cues = [offset for a in attributions for offset in a.cue]
        claims = find_claims(sentence.text, 0, len(sentence.text), self.lexicon, at=cues)
        owned: dict[int, list[Claim]] = {n: [] for n in range(len(attributions))}
        for claim in claims:
            number = _innermost(claim, attributions)
            if number is not None:
                owned[number].append(claim)
        for number, attribution in enumerate(attributions):
            voices = self._voices(attribution.source, sentence, mentions)
            for voice in voices:
                self._speak(voice, attribution, owned[number], sentence, mentions)
            if len(voices) == 1:
                self.last, self.last_paragraph = voices[0], sentence.paragraph
            elif not voices and attribution.group == "speech":
                self.last = None

    def _unattributed(self, sentence: Sentence, mentions: list[SideMention]) -> None:
        """A sentence with no cue: a quotation that goes on, or a press office's own voice."""
        publisher = self.document.publisher
        quoted = sum(b - a for a, b in sentence.quotes) > 0.6 * len(sentence.text)
        if quoted and self.last is not None and sentence.paragraph - self.last_paragraph <= 1:
            voice, how = self.last, "carried"
        elif publisher.side is not None and not quoted:
            voice, how = Voice(publisher.name, None, publisher.side, "the press office's own voice"), "own voice"
        else:
            return
        for claim in find_claims(sentence.text, 0, len(sentence.text), self.lexicon):
            if how == "own voice" and (claim.how == "noun" or not self._own(claim, sentence, voice, mentions)):
                continue
            if how == "carried" and claim.how == "noun":
                continue
            stance = _spoken_stance(claim)
            if stance is not None:
                self._state(voice, stance, claim, sentence, mentions, how, f"{how}: {claim.how} {'+' if claim.positive else '-'} {claim.mood}")

    def _own(self, claim: Claim, sentence: Sentence, voice: Voice, mentions: list[SideMention]) -> bool:
        """Whether a claim in a press office's own voice is about what its side did: a subject that is its own, or none."""
        sides = {m.side for m in mentions if m.start < claim.end and not _is_place(sentence.text, m)}
        return not sides or voice.side in sides

    def _voices(self, actor: Actor | None, sentence: Sentence, mentions: list[SideMention]) -> list[Voice]:
        """Who an actor is: none where their words bind no side, two for "both governments"."""
        publisher = self.document.publisher
        if actor is None:
            if publisher.side is not None and sentence.paragraph - self.last_paragraph > 0:
                return [Voice(publisher.name, None, publisher.side, "the press office's own voice")]
            return [self.last] if self.last else []
        if actor.critic:
            return []
        if actor.type is ActorType.pronoun:
            if actor.text.lower() in {"we", "i"} and publisher.side:
                return [Voice(publisher.name, None, publisher.side, "the press office's own voice")]
            return [self.last] if self.last else []
        if actor.type is ActorType.both:
            return [Voice(actor.text, None, side, f"“{actor.text}” in the article's story", joint=True)
                    for side in self._both(self.last.side if self.last else None)]
        if actor.side and actor.type is ActorType.role and (person := self.cast.only_person_of(actor.side)):
            return [Voice(_shown(person), person.role, actor.side, f"“{actor.text}” is {person.name}, the one person of {actor.side} named")]
        if actor.side:
            return [Voice(_shown(actor), actor.role, actor.side, f"“{actor.text}” names {actor.side}")]
        earlier = self.cast.by_role(actor) if actor.name is None else None
        if earlier is not None:
            if earlier.critic:
                return []
            if earlier.side:
                full = earlier if actor.type is not ActorType.institution else actor
                return [Voice(_shown(full), actor.role, earlier.side, f"“{actor.text}” is {earlier.text!r}, named before")]
        bare = self.lexicon["roles"].fullmatch(actor.text) and _DEFINITE.search(sentence.text[:actor.start])
        if self.last is not None and bare and sentence.paragraph - self.last_paragraph <= 1:
            return [replace(self.last, how=f"“{actor.text}” is {self.last.speaker}, who spoke before")]
        side = self._side_in_context(actor, sentence, mentions)
        if side is None:
            return []
        return [Voice(_shown(actor), actor.role, side, f"“{actor.text}” in a context of {side}")]

    def _side_in_context(self, actor: Actor, sentence: Sentence, mentions: list[SideMention]) -> str | None:
        """Whose a minister or a ministry is when its name does not say: the place it speaks from, else the side last spoken of."""
        before = [m for m in mentions if m.end <= actor.start]
        subjects = [m for m in before or mentions if not _OBLIQUE.search(sentence.text[:m.start])]
        if before and not actor.possessive:
            place = [m for m in before if m.how == "capital" and m.start < 20]
            return (place or subjects or before)[0].side
        if self.document.publisher.side and self.focus is None:
            return self.document.publisher.side
        if actor.possessive and before:
            return before[-1].side
        return self.focus

    def _both(self, spoken: str | None) -> list[str]:
        """The two sides of "both governments": the article's two most named beside the one that speaks of them, else with it."""
        others = [s for s in sorted(self.story.sides, key=lambda s: -self.story.sides[s]) if s != spoken]
        if spoken and len(others) >= 2:
            return sorted(others[:2])
        pair = ([spoken] if spoken else []) + others
        return sorted(pair[:2])

    # — what it says —

    def _speak(self, voice: Voice, attribution: Attribution, claims: list[Claim], sentence: Sentence, mentions: list[SideMention]) -> None:
        """The statements of one attribution by one voice."""
        text, group = sentence.text, attribution.group
        why = f"{voice.how}; cue “{text[slice(*attribution.cue)]}” ({group})"
        if group == "no_comment":
            self._state(voice, Stance.no_comment, _whole(sentence), sentence, mentions, "cue", why)
            return
        if group == "speech":
            for claim in claims:
                stance = _spoken_stance(claim)
                if stance is not None and (claim.how != "noun" or (claim.anaphoric and not claim.positive)):
                    self._state(voice, stance, claim, sentence, mentions, _manner(claim, sentence), f"{why}; {claim.how}, {claim.mood}")
            return
        content = attribution.content[-1] if len(attribution.content) == 1 else (0, len(text))
        inner = find_claims(text, content[0], content[1], self.lexicon, under_denial=group in {"deny", "reject"})
        inner = [c for c in inner if c.start - attribution.cue[1] <= OBJECT_REACH]
        about_claim = self.lexicon["claim_nouns"].search(text, content[0], min(content[1], content[0] + 60)) is not None
        refers = _object_pronoun(text, attribution, self.lexicon)
        stance = _cued_stance(group, attribution.negated, inner, about_claim=about_claim, refers=refers)
        if stance is None or not (inner or about_claim or refers):
            return
        claim = inner[0] if inner else _whole(sentence)
        claim = replace(claim, start=min(claim.start, attribution.cue[0]), end=max(claim.end, attribution.cue[1]))
        self._state(voice, stance, claim, sentence, mentions, "cue", why)

    def _state(self, voice: Voice, stance: Stance, claim: Claim, sentence: Sentence, mentions: list[SideMention], manner: str, why: str) -> None:
        """Resolve the agreement, or the several agreements, of a claim and write the statement down."""
        confidence = CONFIDENCE[manner] + (CONFIDENCE["anaphoric"] if claim.anaphoric else 0)
        for named in self._parties(voice, claim, sentence, mentions):
            near = sentence.text[max(0, claim.start - KIND_BEFORE):claim.end + KIND_AFTER]
            kind = self.story.kind_near(near) if not claim.anaphoric else None
            if claim.noun is None and len(named) < 2 and not self.story.involves(voice.side):
                continue        # somebody signed something, but no agreement is in sight
            agreement = self.story.place(voice.side, named, kind, anaphoric=claim.anaphoric)
            if not agreement.parties - {voice.side}:
                continue
            dateline = _DATELINE.match(sentence.text)       # a person reads the sentence, so the sentence is the evidence
            start, end = sentence.start + (dateline.end() if dateline else 0), sentence.end
            self.statements.append(Statement(
                speaker=voice.speaker, role=voice.role, side=voice.side, stance=stance, agreement=agreement, evidence=Span(start, end),
                quote=self.document.text[start:end], confidence=round(confidence, 2),
                reasons=(why, f"parties {', '.join(sorted(agreement.parties))}; kind {agreement.kind}")))

    def _parties(self, voice: Voice, claim: Claim, sentence: Sentence, mentions: list[SideMention]) -> list[frozenset[str]]:
        """The parties that a claim names: one set for each agreement it is about."""
        text = sentence.text
        lo, hi = _clause_around(text, claim, self.lexicon)
        named = []
        for mention in mentions:
            if lo <= mention.start < hi and mention.side not in named and not _is_place(text, mention):
                named.append(mention.side)
        if not voice.joint and self.lexicon["both"].search(text, lo, hi):
            named += [s for s in self._both(voice.side) if s not in named]
        others = [side for side in named if side != voice.side]
        if not others:      # a place is a hint where nothing else is: "In Guatemala, she said, a signed agreement …"
            places = [m.side for m in mentions if _is_place(text, m) and m.side != voice.side]
            others = [s for s in places if self.story.partners(voice.side, s) or claim.noun][:1]
        if len(others) >= 2 and (claim.plural or claim.how == "sign"):
            return [frozenset({voice.side, other}) for other in others]
        if not others and claim.plural and not named:
            return [frozenset({voice.side})]
        return [frozenset({voice.side, *others})]

    def _remember(self, sentence: Sentence, attributions: list[Attribution], actors: list[Actor], mentions: list[SideMention]) -> None:
        if actors and actors[0].type is ActorType.person and actors[0].start < 4 and actors[0].side and not attributions:
            self.last = Voice(_shown(actors[0]), actors[0].role, actors[0].side, f"“{actors[0].text}” is the subject so far")
            self.last_paragraph = sentence.paragraph
        spoken = [m for m in mentions if m.how != "demonym"] or mentions
        if spoken:
            self.focus = spoken[-1].side
        self.paragraph = sentence.paragraph


def _innermost(claim: Claim, attributions: list[Attribution]) -> int | None:
    """Whose claim it is: the nearest cue before it that reports it, else the nearest after."""
    covering = [(n, a) for n, a in enumerate(attributions) if a.covers(claim.start, claim.end) or a.covers(claim.start, claim.start + 1)]
    before = [(n, a) for n, a in covering if a.cue[1] <= claim.start]
    if before:
        return before[-1][0]
    return covering[0][0] if covering else None


def _spoken_stance(claim: Claim) -> Stance | None:
    """What a claim in a neutral voice amounts to."""
    if claim.mood is Mood.fact:
        return Stance.confirms if claim.positive else Stance.denies
    return Stance.negotiating if claim.positive else Stance.rejects


def _cued_stance(group: str, negated: bool, claims: list[Claim], *, about_claim: bool, refers: bool) -> Stance | None:
    """What a cue with a stance of its own makes of the claims in its content."""
    reversed_ = bool(claims) and not claims[0].positive
    if negated:
        return None
    if group == "confirm":
        return Stance.denies if reversed_ else Stance.confirms
    if group == "deny":
        return Stance.confirms if reversed_ and not refers else Stance.denies
    if group == "reject":
        return Stance.denies if about_claim else Stance.rejects
    return Stance.withdraws


def _object_pronoun(text: str, attribution: Attribution, lexicon: Lexicon) -> bool:
    """Whether the cue's object is a word that refers back: "lo desmintió", "denied it", "contradicted her"."""
    start, end = attribution.cue
    after = text[end:end + 8].strip(" .,;").lower()
    if after.split(" ")[0] in {"it", "this", "that", "her", "him", "them", ""}:
        return True
    return any(m.end() in {start, start - 1} for m in lexicon["anaphora"].finditer(text))


def _whole(sentence: Sentence) -> Claim:
    """The claim that a cue makes by itself, of an agreement that is named elsewhere."""
    return Claim(0, len(sentence.text), True, Mood.fact, None, anaphoric=True, plural=False, how="cue")


def _manner(claim: Claim, sentence: Sentence) -> str:
    return "quote" if sentence.quoted(sentence.start + claim.start, sentence.start + claim.end) else "cue"


def _clause_around(text: str, claim: Claim, lexicon: Lexicon) -> tuple[int, int]:
    """The part of the sentence in which a claim's parties are looked for."""
    lo = max((m.end() for m in lexicon["boundary"].finditer(text, 0, claim.start)), default=0)
    hi = min((m.start() for m in lexicon["boundary"].finditer(text, claim.end)), default=len(text))
    return lo, hi


def _is_place(text: str, mention: SideMention) -> bool:
    """Whether a capital or a country is only where something happens: "in Washington", "en Guatemala"."""
    before = text[:mention.start].rstrip().lower()
    return mention.how in {"capital", "name"} and before.endswith((" in", " at", " near", " en", "in", "en")) \
        and (before.split() or [""])[-1] in {"in", "at", "near", "en"}


def _shown(actor: Actor) -> str:
    return (actor.name or actor.text).rstrip(".,")
