"""Which agreement a claim is about: structure decides, and says why.

Overlapping parties, the same kind, windows that touch. Two agreements of the same parties and different kinds stay two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from extract.story import UNKNOWN_KIND
from ledger.claim import Claim

WINDOW = timedelta(days=60)      # how long an agreement that nobody speaks of stays the one that is meant
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


@dataclass(frozen=True, slots=True)
class Identity:
    """Which agreement it is (None: one that the ledger does not have yet), and the reason in words."""

    agreement_id: str | None
    reason: str


def identify(claim: Claim, candidates: Sequence[Candidate]) -> Identity:
    """Choose among `candidates`, or say that a new agreement opens. Deterministic whatever the order of candidates."""
    fitting = []
    for candidate in candidates:
        score = _fit(claim, candidate)
        if score is not None:
            fitting.append((score, candidate))
    if not fitting:
        return Identity(None, f"no agreement of {_words(claim.parties)} on {claim.kind} within {WINDOW.days} days")
    (_, reason), best = max(fitting, key=lambda f: (f[0][0], f[1].last_at, f[1].id))
    return Identity(best.id, reason)


def _fit(claim: Claim, candidate: Candidate) -> tuple[float, str] | None:
    """How well a candidate fits, with the reason; None where it cannot be the one."""
    if not candidate.first_at - WINDOW <= claim.at <= candidate.last_at + WINDOW:
        return None
    shared = claim.parties & candidate.parties
    named = claim.names & candidate.names
    same_kind = claim.kind == candidate.kind
    vague = UNKNOWN_KIND in {claim.kind, candidate.kind}
    # Where one of the two names nobody beside the side that speaks, the kind must tell.
    lone = shared and min(len(claim.parties), len(candidate.parties)) == 1 and same_kind and not vague
    if len(shared) < 2 and not (named and shared) and claim.parties != candidate.parties and not lone:
        return None
    if not same_kind and not (vague or named):
        return None
    if claim.parties != candidate.parties and not (claim.parties <= candidate.parties or candidate.parties <= claim.parties or named):
        return None
    score = 2.0 * same_kind + (claim.parties == candidate.parties) + len(shared) / 10 + bool(named)
    reason = f"parties {_words(shared)} shared, " + (f"kind {claim.kind}" if same_kind else f"kind {claim.kind} beside {candidate.kind}")
    return score, reason + (f", name {sorted(named)[0]!r}" if named else "") + ", windows touch"


def _words(sides: frozenset[str]) -> str:
    return " and ".join(sorted(sides))
