"""How a finding is put into words: the headline, what a stance is called, how sure we are, dates and languages.

English, and only here: a second language is a second set of these tables. Sentences are ours; whatever comes from an
article passes through `cleaning` before it is put into one.
"""

import re
from datetime import UTC, datetime
from functools import cache

from babel import Locale
from babel.dates import format_datetime

from alerts import sides
from alerts.cleaning import one_line
from extract.statement import Stance
from ledger.finding import Evidence, Finding, FindingType

HEADLINE_LIMIT = 150  # characters: what Slack's header block takes, and more than an inbox shows
KIND_LIMIT = 40

# Kinds whose own name is what people say; any other kind reads "the <kind> agreement".
AGREEMENT_NOUNS = {
    "": "agreement", "agreement": "agreement", "other": "agreement", "unknown": "agreement",
    "ceasefire": "ceasefire", "truce": "truce", "treaty": "treaty", "merger": "merger", "mou": "memorandum of understanding",
    "partnership": "partnership", "prisoner-swap": "prisoner swap", "inquiry": "inquiry",
}

DOES: dict[str, str] = {  # what a side does to the agreement, now
    Stance.confirms: "confirms", Stance.denies: "denies", Stance.rejects: "rejects", Stance.withdraws: "withdraws from",
    Stance.negotiating: "is still negotiating", Stance.no_comment: "does not comment on",
}
HAD_DONE: dict[str, str] = {
    Stance.confirms: "had confirmed", Stance.denies: "had denied", Stance.rejects: "had rejected",
    Stance.withdraws: "had withdrawn from", Stance.negotiating: "was negotiating", Stance.no_comment: "had not commented on",
}

# Bounds chosen for readers: what is under the last is not worth an alert to most, and `min_confidence` keeps it away.
CONFIDENCE = ((0.85, "high"), (0.65, "good"), (0.4, "fair"), (0.0, "low"))


def headline(finding: Finding) -> str:
    """What happened, in one sentence without a full stop; the newer of the two statements is the news.

    "Guatemala denies the asylum agreement that the United States announced".
    """
    what = agreement(finding.kind)
    first, second = finding.first, finding.second
    if finding.type is FindingType.reversal:
        sentence = f"{sides.naming(second.side)} now {does(second.stance)} {what} it {had_done(first.stance)}"
    elif first.said_at > second.said_at:
        sentence = f"{sides.naming(first.side)} {does(first.stance)} {what} that {sides.named(second.side)} {does(second.stance)}"
    else:
        sentence = f"{sides.naming(second.side)} {does(second.stance)} {what} that {sides.named(first.side)} announced"
    return one_line(sentence, HEADLINE_LIMIT)


def agreement(kind: str) -> str:
    """The agreement by its kind: "the asylum agreement", "the ceasefire"."""
    word = one_line(kind, KIND_LIMIT).strip().casefold()
    return f"the {AGREEMENT_NOUNS.get(word) or re.sub('[-_]+', ' ', word) + ' agreement'}"


def does(stance: str) -> str:
    """What a side with this stance does to the agreement: "denies"."""
    return DOES.get(stance, "speaks of")


def had_done(stance: str) -> str:
    """The same in the past: "had confirmed"."""
    return HAD_DONE.get(stance, "had spoken of")


def stands(evidence: Evidence) -> str:
    """The side's standing as a short heading beside its name: "confirms it"."""
    return f"{does(evidence.stance)} it"


def confidence(share: float) -> str:
    """How sure we are, in a word and a figure: "high (91%)"."""
    held = min(1.0, max(0.0, share))
    word = next((word for bound, word in CONFIDENCE if held >= bound), CONFIDENCE[-1][1])
    return f"{word} ({held:.0%})"


def moment(at: datetime) -> str:
    """An instant for people who may be anywhere: "26 June 2025, 22:40 UTC"."""
    return f"{format_datetime(at.astimezone(UTC), 'd MMMM y, HH:mm', locale=_english())} UTC"


def language(code: str | None) -> str | None:
    """A language's name: "Spanish" for `es`; None where the language is not known."""
    return None if code is None else _english().languages.get(code.casefold())


def listed(words: list[str]) -> str:
    """Words as a list in a sentence: "a", "a or b", "a, b or c"; nothing for none."""
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


@cache
def _english() -> Locale:
    return Locale("en")
