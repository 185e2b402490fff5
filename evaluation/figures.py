"""Figures: what is counted when an answer is scored. They add up: those of several runs are the sum of their counts."""

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was found, found where it is not, and not found."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """The counts of both together."""
        return Tally(self.hit + other.hit, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share of the found that is right; 0 where nothing was found."""
        return self.hit / (self.hit + self.false) if self.hit + self.false else 0.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found; 0 where nothing is there."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def asked(self) -> bool:
        """Whether there was anything to find, right or wrong; else the shares say nothing."""
        return bool(self.hit or self.false or self.missed)


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int = 0
    of: int = 0

    def __add__(self, other: "Share") -> "Share":
        """The counts of both together."""
        return Share(self.right + other.right, self.of + other.of)

    @property
    def value(self) -> float:
        """Right ÷ of; 0 where there was nothing."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Slip:
    """One miss or false alarm, for a person who wants to know where the reader goes wrong."""

    fault: str                 # missed | false
    what: str                  # statement | contradiction | reversal
    where: str                 # the article, or the agreement of a pair
    sides: tuple[str, ...]
    stance: str = ""
    text: str = ""             # the evidence
    note: str = ""             # what happened instead

    def __str__(self) -> str:
        """On one line, for a terminal."""
        said = f"{' and '.join(self.sides)} {self.stance}".rstrip()
        text = f": “{textwrap.shorten(self.text, 160, placeholder=' …')}”" if self.text else ""
        return f"{self.fault:6} {self.what:13}  {self.where}  {said}{text}{f' ({self.note})' if self.note else ''}"


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted on some cases."""

    statements: Tally = Tally()
    speaker: Share = Share()             # of the hit statements, whose speaker is named right
    side: Share = Share()                # of those with the right sentence and polarity, whose side is right
    contradictions: Tally = Tally()
    reversals: Tally = Tally()
    agreements: Tally = Tally()          # pairs of hit statements that are put to one agreement
    control_false: int = 0               # false statements in cases where nobody contradicts anybody
    control_sentences: int = 0           # and the sentences of those cases
    slips: tuple[Slip, ...] = ()

    def __add__(self, other: "Figures") -> "Figures":
        """The counts and slips of both, one after the other."""
        return Figures(
            self.statements + other.statements,
            self.speaker + other.speaker,
            self.side + other.side,
            self.contradictions + other.contradictions,
            self.reversals + other.reversals,
            self.agreements + other.agreements,
            self.control_false + other.control_false,
            self.control_sentences + other.control_sentences,
            self.slips + other.slips,
        )

    @property
    def control_rate(self) -> float:
        """False statements per 1,000 sentences of the control cases."""
        return 1000 * self.control_false / self.control_sentences if self.control_sentences else 0.0
