"""Reading one document: attributions and claims resolved to speaker, side, stance and agreement.

Sentences are read in order with a memory of who has spoken (`Cast`) and which agreements have been told (`Story`), so
that "Paz said", "both governments" and "nothing of the sort" find what they refer to.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.actors import Actor, ActorType, find_actors
from extract.attribution import BEFORE, Attribution, find_attributions, innermost
from extract.claims import Claim, find_claims
from extract.dateline import DATELINE, side_of_dateline
from extract.document import Document
from extract.hearing import claim_like, named_in, whole, with_voices
from extract.hints import Source, Trace
from extract.judging import Judged, Judgement
from extract.lexicon import Lexicon
from extract.names import folded
from extract.parties import is_place, is_this, parties_of
from extract.people import side_of_person
from extract.segment import Sentence
from extract.sides import SideMention, find_sides
from extract.signs import ASSENTED, CERTAIN, CONFIDENCE, DOUBTED, KNOWN, PLAIN, Signs, weigh
from extract.speakers import Person
from extract.stage import stage_of
from extract.stance import cued_stance, object_pronoun, spoken_stance
from extract.statement import Span, Stance, Statement
from extract.story import Story
from extract.time import is_background
from extract.turns import Turns
from extract.voices import Voice, Voices, shown
from extract.window import TITLE, Mention
from extract.worth import may_tell, touches

_HEARSAY = re.compile(r"\b(?:alleg|claim|purport|report|rumou?r|publication|circulat|supuest|presunt|versiones|noticia|difundi|publicad|"
                      r"informaciones|accord\w+ to which|según l[ao]s? cual)\w*", re.IGNORECASE)
_THAT = re.compile(r"\b(?:that|que)\s", re.IGNORECASE)
OBJECT_REACH = 160                    # characters after a cue in which its object begins
KIND_BEFORE, KIND_AFTER = 40, 90      # characters around a claim whose topic words tell its kind


class Reading:
    """The state of reading one document."""

    def __init__(self, document: Document, lexicon: Lexicon, story: Story, sure: frozenset[str], judged: Judged | None = None,
                 spotted: Sequence[Mention] = ()) -> None:
        self.document = document
        self.sure = sure                                       # sides that the article names beyond doubt
        self.judged = judged                                   # what the model takes each sentence to say; None: rules alone
        self.own = judged.own_sides() if judged else {}
        self.names = judged.names() if judged else {}
        self.spotted = spotted
        self.number = -1                                       # of the sentence that is being read
        self.voiced: dict[str, Voice] = {}                     # sides whose voice the rules hear in it
        self.ruled: set[tuple[str, int]] = set()               # what polarity of whom the rules read in it
        self.stated: set[tuple[str, int]] = set()              # and what of it became statements
        self.certain = CERTAIN                                 # how sure what the model alone hears in it must be
        self.muted = False                                     # whether they hear somebody in it whose words bind no side
        self.settled: set[tuple[int, str]] = set()             # where a sentence begins whose speaker for a side the model knows
        self.considered: list[tuple[int, str, Stance, Signs]] = []
        self.lexicon = lexicon
        self.story = story
        self.voices = Voices(document, lexicon, story, side_of_dateline(document.text, lexicon.language))
        named = lexicon["agreement"].search(document.text)
        titled = lexicon["agreement"].search(document.title)
        self.first_told = -1 if titled else named.start() if named else len(document.text) + 1      # where an agreement is first named
        self.paragraph = -1
        self.turns = Turns(document.publisher)
        self.statements: list[Statement] = []
        self.traces: dict[int, Trace] = {}

    def read(self, sentence: Sentence, number: int) -> None:
        """Read one sentence, the document's `number`-th: add its statements, remember who was named."""
        text, self.number, self.voiced, self.ruled, self.stated, self.muted = sentence.text, number, {}, set(), set(), False
        if sentence.paragraph > self.paragraph + 1 or (self.voices.last is not None and sentence.paragraph != self.paragraph):
            self.voices.focus = self.voices.home
        mentions = [m for m in find_sides(text, self.lexicon.language) if not m.weak or m.side in self.sure]
        actors = find_actors(text, self.lexicon, mentions, self.voices.cast)
        if dateline := DATELINE.match(text):
            actors = [a for a in actors if a.start >= dateline.end()]
        attributions = find_attributions(sentence, self.lexicon, actors)
        last = self.voices.last
        if actors and actors[0].start < 5 and actors[0].type is ActorType.person:
            self.voices.of(actors[0], sentence, mentions)      # "Stavros Melissinos was responding to …": who was nameless has a name
        self.turns.take(sentence, actors, mentions, self.voices, same=sentence.paragraph == self.paragraph)
        old = self.lexicon["background"].search(text) is not None
        if not old and not text.endswith("?"):
            self._attributed(sentence, attributions, mentions)
            if not attributions and not self.turns.asked:
                self._unattributed(sentence, mentions)
        sources = [Source(sentence.start + a.source.start, sentence.start + a.source.end, a.group, a.source.critic) for a in attributions if a.source]
        self.traces[number] = Trace(frozenset(self.voiced), frozenset(self.ruled), last.side if last else None, tuple(sources))
        self._hear(sentence, named_in(sentence, self.own, self.spotted, mentions))
        self._remember(sentence, attributions, actors, mentions)

    def read_title(self) -> None:
        """Read the title, after the text: what it has a side say that the text does not."""
        title, told = self.document.title, {(s.side, s.stance.polarity) for s in self.statements}
        if self.judged is None or not title.strip():
            return
        self.number, self.voiced, self.ruled, self.muted = TITLE, {}, set(), False
        self.stated = told
        sentence = Sentence(0, len(title), -1, title)
        mentions = [m for m in find_sides(title, self.lexicon.language) if not m.weak or m.side in self.sure]
        self._hear(sentence, named_in(sentence, self.own, self.spotted, mentions, "title"))

    def people(self) -> list[Person]:
        """The people who speak for a side in what was read: those the rules place there, and those the model hears speak for it."""
        placed = [Person(p.name, p.side) for p in self.voices.cast.people.values() if p.name and p.side and not p.critic]
        return placed + (self.judged.people() if self.judged else [])

    def _attributed(self, sentence: Sentence, attributions: list[Attribution], mentions: list[SideMention]) -> None:
        cues = [offset for a in attributions for offset in a.cue]
        claims = find_claims(sentence.text, 0, len(sentence.text), self.lexicon, at=cues)
        owned: dict[int, list[Claim]] = {n: [] for n in range(len(attributions))}
        for claim in claims:
            number = innermost(claim, attributions)
            if number is not None:
                owned[number].append(claim)
        for number, attribution in enumerate(attributions):
            until = attributions[number + 1].cue[0] if number + 1 < len(attributions) else len(sentence.text)
            voices = self.voices.of(attribution.source, sentence, mentions)
            self._voice(voices, attribution, mentions)
            for voice in voices:
                self._speak(voice, attribution, owned[number], sentence, mentions, until)
            if len(voices) == 1:
                self.voices.last, self.voices.last_paragraph = voices[0], sentence.paragraph
            elif not voices and attribution.group == "speech":
                self.voices.last = None

    def _voice(self, voices: list[Voice], attribution: Attribution, mentions: list[SideMention]) -> None:
        """Note whose voice an attribution is: that of its resolved source, or of a side that its source names."""
        self.voiced |= {voice.side: voice for voice in voices}
        self.muted = self.muted or (attribution.source is not None and attribution.source.critic)
        if not voices and (source := attribution.source) and not source.critic:
            self.voiced |= {m.side: Voice(shown(source), source.role, m.side, f"“{source.text}” names {m.side}") for m in mentions
                            if m.start < source.end and source.start < m.end}

    def _unattributed(self, sentence: Sentence, mentions: list[SideMention]) -> None:
        """A sentence with no cue: a quotation that goes on, or a press office's own voice."""
        publisher = self.document.publisher
        if self.turns.whose is not None:
            self._say(self.turns.whose, sentence, mentions, "carried")
            return
        quoted = sum(b - a for a, b in sentence.quotes) > 0.6 * len(sentence.text)
        if quoted and self.voices.last is not None and sentence.paragraph - self.voices.last_paragraph <= 1:
            voice, how = self.voices.last, "carried"
        elif publisher.side is not None and not quoted and not is_background(sentence.text, self.lexicon, self.document.published):
            voice, how = Voice(publisher.name, None, publisher.side, "the press office's own voice"), "own voice"
        else:
            return
        self.voiced[voice.side] = voice
        self._say(voice, sentence, mentions, how)

    def _say(self, voice: Voice, sentence: Sentence, mentions: list[SideMention], how: str) -> None:
        """The statements of a sentence that is all one voice's words."""
        for claim in find_claims(sentence.text, 0, len(sentence.text), self.lexicon):
            if claim.how == "noun":
                continue
            hearsay = claim.positive and _HEARSAY.search(sentence.text, max(0, claim.start - BEFORE), claim.start)
            if how == "own voice" and (hearsay or not self._own(claim, sentence, voice, mentions)):
                continue
            stance = spoken_stance(claim)
            if stance is not None:
                self._state(voice, stance, claim, sentence, mentions, how, f"{how}: {claim.how} {'+' if claim.positive else '-'} {claim.mood}")

    def _own(self, claim: Claim, sentence: Sentence, voice: Voice, mentions: list[SideMention]) -> bool:
        """Whether a claim in a press office's own voice is about what its side did: a subject that is its own, or none."""
        sides = {m.side for m in mentions if m.start < claim.end and not is_place(sentence.text, m)}
        return not sides or voice.side in sides

    def _hear(self, sentence: Sentence, mentions: list[SideMention]) -> None:
        """Add what the model takes the sentence to say beyond what the rules read, by whom it or the rules hear."""
        if self.judged is None or not self.judged.knows(self.number) or not may_tell(sentence.text, self.lexicon):
            return
        self.certain = CERTAIN if touches(sentence.text, self.lexicon) else ASSENTED
        people = self.judged.sides_named(self.voices.cast.names())
        heard = with_voices(self.judged, self.number, self.voiced.values())
        for each in heard:
            if (each.side, each.stance.polarity) in self.stated or (self.muted and each.side not in self.own.values()):
                continue                                    # a union's leader is a critic of a government, and speaks for the union
            if each.side in people or (each.side.isupper() and each.side not in self.sure):
                continue                                    # a person binds a side and is none; "INM" alone names no country
            voice = self.voiced.get(each.side) or Voice(each.speaker, each.role, each.side, f"the model hears {each.speaker} of {each.side}")
            claim = claim_like(each, sentence.text, self.lexicon)
            self._state(voice, each.stance, claim, sentence, mentions, "model", f"{voice.how}: {each.stance.value}", each)

    def _speak(self, voice: Voice, attribution: Attribution, claims: list[Claim], sentence: Sentence, mentions: list[SideMention],
               until: int) -> None:
        """The statements of one attribution by one voice; `until` is where the next cue begins."""
        text, group = sentence.text, attribution.group
        why = f"{voice.how}; cue “{text[slice(*attribution.cue)]}” ({group})"
        if group == "no_comment":
            self._state(voice, Stance.no_comment, whole(sentence.text), sentence, mentions, "cue", why)
            return
        if group == "speech":
            for claim in claims:
                stance = spoken_stance(claim)
                if stance is Stance.confirms and self._ended(text):
                    stance = Stance.withdraws
                if stance is not None and (claim.how != "noun" or (claim.anaphoric and not claim.positive)):
                    self._state(voice, stance, claim, sentence, mentions, _manner(claim, sentence), f"{why}; {claim.how}, {claim.mood}")
            return
        content = attribution.content[-1] if len(attribution.content) == 1 else (0, len(text))
        inner = find_claims(text, content[0], content[1], self.lexicon, under_denial=group in {"deny", "reject"})
        inner = [c for c in inner if c.start - attribution.cue[1] <= OBJECT_REACH and c.start < until]
        about_claim = self.lexicon["claim_nouns"].search(text, content[0], min(content[1], content[0] + 60)) is not None
        refers = object_pronoun(text, attribution, self.lexicon)
        if not self._of_agreement(attribution, inner, text, about_claim=about_claim, until=sentence.end):
            return
        stance = cued_stance(group, attribution.negated, inner, about_claim=about_claim, refers=refers)
        if stance is None or not (inner or about_claim or refers):
            return
        plain = bool(inner) and voice.grade == "named" and attribution.source is not None
        claim = inner[0] if inner else whole(sentence.text)
        claim = replace(claim, start=min(claim.start, attribution.cue[0]), end=max(claim.end, attribution.cue[1]))
        self._state(voice, stance, claim, sentence, mentions, "plain" if plain else "cue", why)

    def _ended(self, text: str) -> bool:
        """Whether a sentence says that an agreement is over, so that "the treaty signed in May" is no news of a signing."""
        match = self.lexicon.cues["withdraw"].search(text)
        return match is not None and self.lexicon["negation"].search(text, max(0, match.start() - 25), match.start()) is None

    def _of_agreement(self, attribution: Attribution, inner: list[Claim], text: str, *, about_claim: bool, until: int) -> bool:
        """Whether what a cue with a stance reports is about an agreement at all ("denied that his men broke a truce" is not)."""
        after = text[attribution.cue[1]:]
        if inner and inner[0].how == "noun" and attribution.group == "deny" and (that := _THAT.search(after[:60])):
            return len(after[that.end():inner[0].start - attribution.cue[1]].split()) <= 3
        if not inner and about_claim and (_THAT.search(after) or text[slice(*attribution.cue)].endswith(" by")):
            return False            # "stood by his remarks" tells nothing of what they were
        return bool(inner) or self._told_of(until)

    def _told_of(self, until: int) -> bool:
        """Whether the article has named an agreement by then."""
        return until > self.first_told

    def _state(self, voice: Voice, stance: Stance, claim: Claim, sentence: Sentence, mentions: list[SideMention], manner: str, why: str,
               heard: Judgement | None = None) -> None:
        """Resolve the agreement, or the several agreements, of a claim and write the statement down."""
        confidence = CONFIDENCE[manner if manner in CONFIDENCE else voice.grade]
        if heard is None:
            self.ruled.add((voice.side, stance.polarity))
        weighed = self.judged is not None and self.judged.knows(self.number)
        if self.judged is not None and weighed:
            signs = self.judged.signs(self.number, voice.side, stance, self.voiced, ruled=heard is None)
            self.considered.append((self.number, voice.side, stance, signs))
            confidence = max(round(weigh(signs), 3), PLAIN if manner == "plain" else 0)
            if stance.polarity and confidence < (self.certain if heard is not None else DOUBTED):
                return
            why += "; " + signs.words()
        dateline = DATELINE.match(sentence.text)       # a person reads the sentence, so the sentence is the evidence
        start, end, titled = sentence.start + (dateline.end() if dateline else 0), sentence.end, self.number == TITLE
        voice = self._shown(voice, start)
        for named in parties_of(voice, claim, sentence.text, mentions, self.voices):
            if heard is None and is_background(sentence.text[max(0, claim.start - 40):claim.end + 50], self.lexicon, self.document.published):
                continue
            near = sentence.text[max(0, claim.start - KIND_BEFORE):claim.end + KIND_AFTER]
            kind = self.story.kind_near(near) if not claim.anaphoric and heard is None else None
            if heard is None and claim.noun is None and len(named.parties) < 2 and not named.near and not self.story.involves(voice.side) \
                    and (claim.positive or not self._told_of(sentence.end)):
                continue        # somebody signed something, but no agreement is in sight
            agreement = self.story.place(voice.side, named, kind, anaphoric=claim.anaphoric or heard is not None,
                                         heard=heard is not None, this=is_this(sentence.text, self.lexicon))
            agreement = replace(agreement, named=named.parties - {voice.side}, context=self.story.context(), topics=self.story.topics,
                                names=self.story.names)
            if (not weighed and not agreement.parties - {voice.side}) or (weighed and confidence < DOUBTED):
                continue        # nobody named to agree with, or talks that hardly anybody hears: it tells of the agreement and is no statement
            stage = stage_of(sentence.text, claim.start, claim.end, stance, self.lexicon)
            self.stated.add((voice.side, stance.polarity))
            self.statements.append(Statement(
                speaker=voice.speaker, role=voice.role, side=voice.side, stance=stance, agreement=agreement, evidence=Span(start, end, titled),
                quote=(self.document.title if titled else self.document.text)[start:end], confidence=confidence, stage=stage,
                side_name=self.names.get(voice.side),
                reasons=(why, f"parties {', '.join(sorted(agreement.parties))}; kind {agreement.kind}" + (f"; stage {stage}" if stage else ""))))

    def _shown(self, voice: Voice, start: int) -> Voice:
        """The voice with the name of whom the model hears, where it is surer of a person, or of the bare side, than the rules can be."""
        heard = self.judged.speaker(self.number, voice.side) if self.judged else None
        if heard is None or heard.probability < KNOWN or folded(voice.speaker) in self.voices.cast.names() \
                or (heard.proper and side_of_person(heard.name, self.document) not in {None, voice.side}):     # "Peru denied what Noem had said"
            return voice
        self.settled.add((start, voice.side))
        return replace(voice, speaker=heard.name, role=voice.role or heard.role) if heard.proper else voice

    def _remember(self, sentence: Sentence, attributions: list[Attribution], actors: list[Actor], mentions: list[SideMention]) -> None:
        first = actors[0] if actors and actors[0].start < 5 else None
        if first and first.type in {ActorType.person, ActorType.role, ActorType.institution} and not attributions:
            voices = self.voices.of(first, sentence, mentions)
            self.voices.last = replace(voices[0], how=f"“{first.text}” is the subject so far") if len(voices) == 1 else None
            self.voices.last_paragraph = sentence.paragraph
        spoken = [m for m in mentions if m.how != "demonym"] or mentions
        if spoken:
            self.voices.focus = spoken[-1].side
        self.paragraph = sentence.paragraph


def _manner(claim: Claim, sentence: Sentence) -> str:
    return "quote" if sentence.quoted(sentence.start + claim.start, sentence.start + claim.end) else "cue"
