"""What the reader gives back: statements, each with its speaker, side, stance, agreement, evidence and reasons."""

from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    """What a side says of an agreement (shared definitions: docs/statements.md)."""

    confirms = "confirms"
    denies = "denies"
    rejects = "rejects"
    negotiating = "negotiating"
    withdraws = "withdraws"
    no_comment = "no_comment"

    @property
    def polarity(self) -> int:
        """+1 where the agreement is said to be, -1 where it is said not to be, 0 where neither is said."""
        return {"confirms": 1, "denies": -1, "rejects": -1}.get(self.value, 0)


class AgreementStage(StrEnum):
    """How far along an agreement is, the earliest first, as a statement has it; of a denial, how far it is said not to be."""

    talks = "talks"
    in_principle = "in_principle"
    agreed = "agreed"
    initialled = "initialled"
    signed = "signed"
    ratified = "ratified"
    in_force = "in_force"
    suspended = "suspended"
    withdrawn = "withdrawn"


class Outcome(StrEnum):
    """How an article ended. Every article ends in exactly one."""

    statements = "statements"
    no_statements = "no_statements"
    no_text = "no_text"
    duplicate = "duplicate"
    unsupported_language = "unsupported_language"
    error = "error"


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands: code-point offsets into the document's text, or into its title."""

    start: int
    end: int
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class AgreementMention:
    """The agreement that a statement is about, as far as its article tells.

    `parties` are sides; `kind` is a word such as asylum, ceasefire or trade; `names` are the forms the article uses.
    `key` tells the agreements of one article apart and means nothing outside it. `anaphoric` is true where the
    statement itself named no agreement ("nothing of the sort") and the article's own story supplied it. `named` are the
    parties that its words name beside the side that speaks; `context` are the sides that the article is about, and `topics`
    the kinds that its words tell, the most frequent first.
    """

    key: str
    kind: str
    parties: frozenset[str]
    names: tuple[str, ...] = ()
    anaphoric: bool = False
    named: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """An attribution resolved: who says what about which agreement, and where that is written."""

    speaker: str
    role: str | None
    side: str
    stance: Stance
    agreement: AgreementMention
    evidence: Span
    quote: str                    # the text that `evidence` covers
    confidence: float             # 0 to 1
    reasons: tuple[str, ...]      # the decisions that led here, in words
    stage: AgreementStage | None = None
    side_name: str | None = None  # how the article calls a side that no gazetteer knows


@dataclass(frozen=True, slots=True)
class Statements:
    """The reader's answer for one document."""

    outcome: Outcome
    language: str | None
    statements: tuple[Statement, ...] = ()
    people: tuple[tuple[str, str], ...] = ()      # the names of people who surely speak for a country here, and its code
