"""Who hears what: the decision whether one subscription is told of one finding, with its reason.

Pure: facts in, `Decision` out. The same decision is made twice, when the alert is written and again just before it is
sent, so that a silence or a change of mind in between counts; and it is what answers "why was this sent?".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from alerts import sides, wording
from alerts.cleaning import one_line
from ledger.finding import Finding

KIND_WORDS = {"mou": "memorandum"}
WORD_LIMIT = 80  # characters of a subscription's name, or of why it was silenced, that are worth repeating


class Reason(StrEnum):
    """Why a subscription is told of a finding, or is not."""

    follows_everything = "follows_everything"
    follows_this = "follows_this"
    disabled = "disabled"
    other_finding = "other_finding"
    other_side = "other_side"
    other_kind = "other_kind"
    too_uncertain = "too_uncertain"
    silenced = "silenced"


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """What a subscription asks for. An empty set is no restriction; words are compared without regard to case."""

    id: int
    name: str
    sides: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    min_confidence: float = 0.0
    enabled: bool = True
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True)
class SilenceFacts:
    """What is not told, until when, by whom and why. None matches everything."""

    until: datetime
    who: str
    why: str
    subscription_id: int | None = None
    agreement_id: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to tell, why, and the same in words that the subscriber may read."""

    tell: bool
    reason: Reason
    words: str


def hears(subscription: SubscriptionFacts, finding: Finding, silences: Iterable[SilenceFacts], now: datetime) -> Decision:
    """Decide whether `subscription` is told of `finding` at `now`.

    A side is heard when it is one of the two that speak, not when it is merely a party to the agreement: whoever follows
    Honduras is not told that Guatemala and the United States disagree about a text all three are named in.
    """
    speaking = {finding.first.side.casefold(), finding.second.side.casefold()}
    if not subscription.enabled:
        return Decision(False, Reason.disabled, f"the subscription is disabled: {subscription.disabled_reason or 'by hand'}")
    if subscription.findings and finding.type.value not in _folded(subscription.findings):
        return Decision(False, Reason.other_finding, f"it follows {wording.listed(sorted(subscription.findings))} only")
    if subscription.sides and not speaking & _folded(subscription.sides):
        return Decision(False, Reason.other_side, f"it follows {_sides(subscription.sides)}, and neither side is one of them")
    if subscription.kinds and finding.kind.casefold() not in _folded(subscription.kinds):
        return Decision(False, Reason.other_kind, f"it follows {_kinds(subscription.kinds)}, and this is none")
    if finding.confidence < subscription.min_confidence:
        asked = f"{subscription.min_confidence:.0%}"
        return Decision(False, Reason.too_uncertain, f"it asks for {asked} confidence, and this has {finding.confidence:.0%}")
    for silence in silences:
        if _silences(silence, subscription, finding, speaking, now):
            until, who, why = wording.moment(silence.until), one_line(silence.who, WORD_LIMIT), one_line(silence.why, WORD_LIMIT)
            return Decision(False, Reason.silenced, f"silenced until {until} by {who}: {why}")
    return _told(subscription)


def _told(subscription: SubscriptionFacts) -> Decision:
    name = one_line(subscription.name, WORD_LIMIT)
    asked = [words for words in (_kinds(subscription.kinds), _sides(subscription.sides)) if words]
    reason = Reason.follows_this if asked else Reason.follows_everything
    what = " of ".join(asked) or "everything"
    sure = f", from {subscription.min_confidence:.0%} confidence" if subscription.min_confidence > 0 else ""
    return Decision(True, reason, f"Your subscription “{name}” follows {what}{sure}.")


def _silences(silence: SilenceFacts, subscription: SubscriptionFacts, finding: Finding, speaking: set[str],
              now: datetime) -> bool:
    return (
        silence.until > now
        and silence.subscription_id in {None, subscription.id}
        and silence.agreement_id in {None, finding.agreement_id}
        and (silence.side is None or silence.side.casefold() in speaking)
    )


def _folded(words: Iterable[str]) -> set[str]:
    return {word.casefold() for word in words}


def _sides(codes: Iterable[str]) -> str:
    return wording.listed(sorted(sides.named(code.upper() if len(code) == 2 else code) for code in codes))


def _kinds(kinds: Iterable[str]) -> str:
    words = sorted(one_line(KIND_WORDS.get(kind, kind), WORD_LIMIT).replace("-", " ") for kind in kinds)
    return f"{wording.listed(words)} agreements" if words else ""
