"""A claim: what the ledger needs to know of one stored statement."""

from dataclasses import dataclass
from datetime import datetime

from extract.names import folded
from extract.statement import Stance

TELLING, STEM = 5, 5            # letters of a word that tells something, and of its beginning


def telling_words(sentence: str) -> frozenset[str]:
    """The beginnings of the longer words of a sentence, folded: what it shares with a sentence that is about the same thing."""
    return frozenset(word[:STEM] for word in folded(sentence).split() if len(word) >= TELLING)


@dataclass(frozen=True, slots=True)
class Claim:
    """One side's word on one agreement, at one time."""

    id: str
    article_id: str
    side: str
    stance: Stance
    parties: frozenset[str]
    kind: str
    names: frozenset[str]
    at: datetime
    confidence: float
    official: bool            # a press office's own words
    anaphoric: bool = False
    named: frozenset[str] = frozenset()       # the parties that its words name beside its own side
    context: frozenset[str] = frozenset()     # the sides that its article is about
    topics: tuple[str, ...] = ()              # the kinds that its article tells of, the most frequent first
    words: frozenset[str] = frozenset()       # the beginnings of the words of its sentence that tell what it is about

    @property
    def rank(self) -> tuple[float, bool, float, str]:
        """Sorts the best evidence first: a press office before a newspaper, then the surest, the earliest, the id."""
        return (not self.official, self.anaphoric, -self.confidence, f"{self.at.timestamp():015.3f}{self.id}")
