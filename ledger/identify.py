"""Which agreement a claim is about: structure decides, and says why.

The same parties, the same kind, windows that touch. Where articles tell the parties or the kind differently, they are of one story if
each is about the parties that the other names, within days: then the agreement is the same unless the claim's own words tell another
party or kind. Two agreements of the same parties and different kinds stay two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from extract.story import UNKNOWN_KIND
from ledger.claim import Claim

WINDOW = timedelta(days=60)      # how long an agreement that nobody speaks of stays the one that is meant
STORY = timedelta(days=21)       # how long articles about the same sides tell one story
MAX_CANDIDATES = 200             # the store never offers more


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agreement that a claim may be about."""

    id: str
    parties: frozenset[str]
    kind: str
    names: frozenset[str]
    first_at: datetime
    last_at: datetime
    context: frozenset[str] = frozenset()     # the sides that its articles are about
    topics: frozenset[str] = frozenset()      # and the kinds


@dataclass(frozen=True, slots=True)
class Identity:
    """Which agreement it is (None: one that the ledger does not have yet), and the reason in words."""

    agreement_id: str | None
    reason: str


def identify(claim: Claim, candidates: Sequence[Candidate]) -> Identity:
    """Choose among `candidates`, or say that a new agreement opens. Deterministic whatever the order of candidates."""
    scored = [(score, candidate) for candidate in candidates if (score := _fit(claim, candidate)) is not None]
    if not scored:
        return Identity(None, f"no agreement of {_words(claim.parties)} on {claim.kind} within {WINDOW.days} days")
    (_, reason), best = max(scored, key=lambda f: (f[0][0], f[1].last_at, f[1].id))
    return Identity(best.id, reason)


def may_meet(claim: Claim, candidate: Candidate) -> bool:
    """Whether what a claim adds to the ledger could put a claim on this agreement elsewhere, or this one there: one is about the other's parties."""
    return not claim.parties.isdisjoint(candidate.parties) and (
        candidate.parties <= claim.parties | claim.context or claim.parties <= candidate.parties | candidate.context
        or not claim.names.isdisjoint(candidate.names))


def _fit(claim: Claim, candidate: Candidate) -> tuple[float, str] | None:
    """How well a candidate fits, with the reason; None where it cannot be the one."""
    if not candidate.first_at - WINDOW <= claim.at <= candidate.last_at + WINDOW:
        return None
    shared, named = claim.parties & candidate.parties, claim.names & candidate.names
    same_kind = claim.kind == candidate.kind
    vague = UNKNOWN_KIND in {claim.kind, candidate.kind}
    story = _one_story(claim, candidate)
    # Where one of the two names nobody beside the side that speaks, the kind must tell.
    lone = shared and min(len(claim.parties), len(candidate.parties)) == 1 and same_kind and not vague
    nested = claim.parties <= candidate.parties or candidate.parties <= claim.parties
    if not ((nested and (len(shared) > 1 or claim.parties == candidate.parties or lone)) or (named and shared) or story):
        return None
    if not (same_kind or vague or ((story or named) and _told_alike(claim, candidate))):
        return None
    score = 2.0 * same_kind + 2.0 * (claim.parties == candidate.parties) + nested + len(shared) / 10 + bool(named)
    reason = f"parties {_words(shared)} shared, " + (f"kind {claim.kind}" if same_kind else f"kind {claim.kind} beside {candidate.kind}")
    return score, reason + (f", name {sorted(named)[0]!r}" if named else "") + (", one story" if story else "") + ", windows touch"


def _one_story(claim: Claim, candidate: Candidate) -> bool:
    """Whether a claim and an agreement come from articles about each other's parties, within days, and the claim's words name no other."""
    near = candidate.first_at - STORY <= claim.at <= candidate.last_at + STORY
    return near and bool(claim.parties & candidate.parties) and claim.named <= candidate.parties \
        and claim.parties <= candidate.parties | candidate.context and candidate.parties <= claim.parties | claim.context


def _told_alike(claim: Claim, candidate: Candidate) -> bool:
    """Whether the kinds may be one told differently: the claim's is what its whole article is about, and they share a name."""
    return not claim.names.isdisjoint(candidate.names) and claim.topics[:1] in ((), (claim.kind,))


def _words(sides: frozenset[str]) -> str:
    return " and ".join(sorted(sides))
