"""From the model's scores to judgements: in this sentence this side says this, in these words of this speaker.

The model scores candidates; here a side gets its best stance, a speaker is chosen among those whose words these may be, and
names without a side of their own (people) are tied to the side that they speak for most in the article.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from extract.document import Document
from extract.encoder import NEGATIVE, SPEAKS, STANCES, Floats, Scores
from extract.names import GENERIC, folded
from extract.people import side_of_person
from extract.signs import LEAST, Signs
from extract.speakers import Person
from extract.statement import Stance
from extract.window import Candidate

NAMED = 0.4                # a speaker with a name is taken before a role from this on
FULLEST = 7                # words of the longest form that is shown
HEARD = 0.5                # a name that speaks for itself at least this surely somewhere is a side of its own


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model takes a side to say in one sentence; `probability` is of the stance's polarity (or of the stance, if it has none)."""

    side: str
    stance: Stance
    probability: float
    speaker: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words the model takes a side's to be in a sentence: the name to show, how surely, and whether it is a proper name."""

    name: str
    role: str | None
    probability: float
    proper: bool


class Judged:
    """The judgements of a document by sentence number (-1: the title)."""

    def __init__(self, scores: Scores, document: Document) -> None:
        self.candidates = scores.candidates
        self._scores = scores
        self._document = document
        self._names = [n for n, c in enumerate(self.candidates) if c.key.startswith("name ")]
        self._phrases = [n for n, c in enumerate(self.candidates) if c.key.startswith("phrase ")]
        self._own = self._heard()
        self._forms = [frozenset(map(folded, candidate.forms)) for candidate in self.candidates]
        self._ties = self._tied()
        self._by_sentence = {number: self._judge(row) for number, row in scores.says.items()}

    def of(self, number: int) -> list[Judgement]:
        """The judgements of a sentence, the most probable first."""
        return self._by_sentence.get(number, [])

    def knows(self, number: int) -> bool:
        """Whether the model has read a sentence at all."""
        return number in self._by_sentence

    def signs(self, number: int, side: str, stance: Stance, voiced: Collection[str], *, ruled: bool) -> Signs:
        """What speaks for `side` saying something of the polarity of `stance` in a sentence in which the rules hear `voiced`."""
        same = [j for j in self.of(number) if j.stance is stance or j.stance.polarity == stance.polarity != 0]
        return Signs(max((j.probability for j in same if j.side == side), default=0.0),
                     max((j.probability for j in same if j.side != side), default=0.0), side in voiced, set(voiced) == {side}, ruled)

    def own_sides(self) -> dict[int, str]:
        """Candidates without a known side that speak for themselves (firms, unions, movements): number → slug."""
        return dict(self._own)

    def _heard(self) -> dict[int, str]:
        if not self._scores.says:
            return {}
        surest = np.stack(list(self._scores.says.values()))[:, :, [0, NEGATIVE]].max((0, 2))
        return {n: slug(self.candidates[n]) for n in self._names if surest[n] >= HEARD and folded(self.candidates[n].usual) not in GENERIC}

    def names(self) -> dict[str, str]:
        """How the document calls the sides that no gazetteer knows, by their codes."""
        return {slug(candidate): candidate.usual for candidate in self.candidates if candidate.key.startswith("name ")}

    def sides_named(self, people: Collection[str]) -> set[str]:
        """The codes that candidates would have as sides which bear a name of `people`, folded."""
        return {slug(candidate) for candidate, forms in zip(self.candidates, self._forms, strict=True) if not forms.isdisjoint(people)}

    def people(self) -> list[Person]:
        """The names that speak somewhere in the document, and the side that they speak for."""
        own = self.own_sides()
        return [Person(fullest(self.candidates[n]), side) for n, side in self._ties.items()
                if n not in own and self.candidates[n].key.startswith("name ")
                and any(row[n, SPEAKS] > NAMED for row in self._scores.says.values())]

    def _tied(self) -> dict[int, str]:
        """The side that each name speaks for, where sentences with one clear side tell."""
        votes: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for row in self._scores.says.values():
            for number, candidate in enumerate(self.candidates):
                if candidate.side is None and row[number, SPEAKS] > NAMED:
                    for other, who in enumerate(self.candidates):
                        weight = float(row[other, [0, NEGATIVE]].max())
                        if weight > 0.3 and not who.key.startswith("phrase "):
                            votes[number][self.side_of(who)] += weight * float(row[number, SPEAKS])
        ties = {number: max(sides, key=lambda s: sides[s]) for number, sides in votes.items()}
        for number, candidate in enumerate(self.candidates):
            if candidate.key.startswith("name ") and (side := side_of_person(fullest(candidate), self._document)):
                ties.setdefault(number, side)
        return ties

    def side_of(self, candidate: Candidate) -> str:
        """The code of the side that a candidate is: its own, or the slug of its name."""
        return candidate.side or slug(candidate)

    def _judge(self, row: Floats) -> list[Judgement]:
        found = []
        for number, candidate in enumerate(self.candidates):
            if candidate.key.startswith("phrase "):
                continue
            positive, negative = float(row[number, 0]), float(row[number, NEGATIVE])
            neutral = [(float(row[number, k]), STANCES[k]) for k in (3, 4, 5)]
            refusal = Stance.rejects if row[number, 2] > row[number, 1] else Stance.denies
            for probability, stance in [(positive, Stance.confirms), (negative, refusal), *neutral]:
                if probability >= LEAST:
                    speaker = self._speaker(row, number)
                    found.append(Judgement(self.side_of(candidate), stance, probability, speaker.name, speaker.role))
        return sorted(found, key=lambda j: -j.probability)

    def speaker(self, number: int, side: str) -> Speaker | None:
        """Whose words those of a side are in a sentence; None where the model has not read it or the side is no candidate."""
        of = next((n for n, c in enumerate(self.candidates) if not c.key.startswith("phrase ") and self.side_of(c) == side), None)
        row = self._scores.says.get(number)
        return None if of is None or row is None else self._speaker(row, of)

    def _speaker(self, row: Floats, of: int) -> Speaker:
        """The speaker of a side's words in a sentence, and the phrase for what they are."""
        side = self.side_of(self.candidates[of])
        fitting = []
        for number, (candidate, speaks) in enumerate(zip(self.candidates, row[:, SPEAKS].tolist(), strict=True)):
            fits = self._ties.get(number, side) == side if candidate.side is None else candidate.side == side
            fitting.append(speaks * (1.0 if fits else 0.05))
        names, phrases = self._names, self._phrases
        best = int(np.argmax(fitting))
        name = max(names, key=lambda n: fitting[n], default=None)
        if name is not None and fitting[name] >= NAMED:
            best = name
        phrase = max(phrases, key=lambda n: fitting[n], default=None)
        role = fullest(self.candidates[phrase]) if phrase is not None and fitting[phrase] >= NAMED and phrase != best else None
        if fitting[best] < 0.1:
            best = of
        return Speaker(fullest(self.candidates[best]), role, fitting[best], self.candidates[best].key.startswith("name ") and best != of)


def fullest(candidate: Candidate) -> str:
    """The form of a candidate that says most: the longest that is still a name."""
    whole = [f for f in candidate.forms if len(f.split()) <= FULLEST] or candidate.forms
    return max(whole, key=lambda f: (len(f.split()), len(f)))


def slug(candidate: Candidate) -> str:
    """The code of a side that no gazetteer knows: its usual form in small letters with hyphens."""
    return folded(candidate.usual).replace(" ", "-")
