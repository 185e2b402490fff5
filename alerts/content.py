"""What an alert says, before it has a form: everything in words, on one line each, and nothing escaped yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """One side's sentence with everything a reader needs to weigh it, in words."""

    side: str                # "United States"
    stands: str              # "confirms it"
    affirms: bool
    quote: str               # verbatim, on one line
    tag: str | None          # the language's code, for the HTML `lang` attribute
    language: str | None     # "Spanish"
    speaker: str
    role: str | None
    source: str
    official: bool
    said: str                # "26 June 2025, 22:40 UTC"
    url: str | None
    host: str


@dataclass(frozen=True, slots=True)
class Content:
    """An alert's whole content, for templates and blocks alike."""

    headline: str
    type: str                     # contradiction | reversal
    voices: tuple[Voice, Voice]   # in the finding's order
    confidence: str               # "high (91%)"
    why: str                      # why this is a finding
    reason: str                   # why this subscriber is told
    page: str                     # the agreement's web page
