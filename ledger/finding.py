"""A finding as people see it: a contradiction or a reversal with both sentences, ready to be shown or sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FindingType(StrEnum):
    """The two things that a ledger of positions can find."""

    contradiction = "contradiction"
    reversal = "reversal"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that a finding rests on: who said it, for which side, where and when."""

    statement_id: str
    speaker: str
    role: str | None
    side: str                  # ISO 3166-1 alpha-2, EU, UN, NATO, or the name of a side that is no country
    stance: str
    quote: str                 # verbatim, in the article's language
    language: str | None
    source: str                # the source's name
    official: bool             # a press office's own words
    article_id: str
    title: str
    url: str
    said_at: datetime
    confidence: float
    fingerprint: int | None = None     # of the article's text: equal for copies, near for edited ones


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction (`first` confirms, `second` denies) or a reversal (`first` came before `second`)."""

    id: str
    type: FindingType
    agreement_id: str
    label: str
    kind: str
    parties: tuple[str, ...]
    first: Evidence
    second: Evidence
    reason: str
    confidence: float
    opened_at: datetime
