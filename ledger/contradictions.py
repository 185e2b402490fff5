"""Who contradicts whom on one agreement, and who went back on their own word. Each finding says why."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from extract.sides import side_name
from ledger.claim import Claim

WINDOW = timedelta(days=60)      # two statements further apart answer different things
THRESHOLD = 0.5                  # statements less sure than this open nothing


@dataclass(frozen=True, slots=True)
class Contradicting:
    """Two sides, opposed, one agreement: the best evidence of each."""

    id: str
    agreement_id: str
    confirming: Claim
    denying: Claim
    confidence: float
    reason: str
    opened_at: datetime            # when the later of the two first statements was made
    ended: Claim | None = None     # the word by which a side came round, so that the two agree now

    @property
    def ended_reason(self) -> str | None:
        """How it ended, in words; None while it stands."""
        return None if self.ended is None else f"{side_name(self.ended.side, 'en')} came round: it {self.ended.stance} the agreement now"


@dataclass(frozen=True, slots=True)
class Reversing:
    """One side, opposed to itself: what it said before and what it says after."""

    id: str
    agreement_id: str
    before: Claim
    after: Claim
    reason: str


def find_contradictions(agreement_id: str, claims: Sequence[Claim], parties: Collection[str] = ()) -> list[Contradicting]:
    """Each pair of sides of which one confirms and the other denies or rejects, once, in a fixed order.

    Who both confirms and denies in one article denies a term: that contradicts what another of the `parties` claims, and nothing that a
    third side tells of the agreement as a whole. A contradiction has ended where both sides say the same by now, until one turns again.
    """
    sure = [c for c in claims if c.confidence >= THRESHOLD and c.stance.polarity]
    mixed = _of_two_minds(sure)
    found = []
    for one in sorted({c.side for c in sure if c.stance.polarity > 0}):
        for other in sorted({c.side for c in sure if c.stance.polarity < 0 and c.side != one}):
            pair = _best_pair([(a, b) for a in sure if a.side == one and a.stance.polarity > 0
                               for b in sure if b.side == other and b.stance.polarity < 0
                               and ((b.side, b.article_id) not in mixed or (one in parties and _of_the_term(a, b, sure)))])
            if pair is None:
                continue
            confirming, denying = pair
            apart = _apart(abs(confirming.at - denying.at))
            said = f"{side_name(one, 'en')} {confirming.stance} and {side_name(other, 'en')} {denying.stance}"
            found.append(Contradicting(
                id=finding_id("contradiction", agreement_id, *sorted((one, other))), agreement_id=agreement_id, confirming=confirming,
                denying=denying, confidence=round(min(confirming.confidence, denying.confidence), 2),
                reason=f"{said} the same agreement, {apart} apart",
                opened_at=max(confirming.at, denying.at), ended=_come_round(sure, mixed, confirming, denying)))
    by_pair: dict[str, Contradicting] = {}
    for finding in found:       # where both confirm and both deny, the pair is one contradiction: the surer direction tells it
        if finding.id not in by_pair or finding.confidence > by_pair[finding.id].confidence:
            by_pair[finding.id] = finding
    return list(by_pair.values())


def find_reversals(agreement_id: str, claims: Sequence[Claim]) -> list[Reversing]:
    """Each side that says the opposite of what it said in an earlier article of the same agreement.

    What a side says in an article in which it both confirms and denies tells of no change of mind: it speaks of two things there.
    """
    found = []
    mixed = _of_two_minds([c for c in claims if c.confidence >= THRESHOLD and c.stance.polarity])
    claims = [c for c in claims if (c.side, c.article_id) not in mixed]
    for side in sorted({c.side for c in claims}):
        own = sorted((c for c in claims if c.side == side and c.stance.polarity and c.confidence >= THRESHOLD), key=lambda c: (c.at, c.id))
        for before, after in pairwise(own):
            if before.stance.polarity != after.stance.polarity and before.article_id != after.article_id and before.at < after.at:
                found.append(Reversing(finding_id("reversal", agreement_id, side), agreement_id, before, after,
                                       f"{side_name(side, 'en')} {before.stance} it, and {_apart(after.at - before.at)} later {after.stance} it"))
                break
    return found


def _of_two_minds(claims: Sequence[Claim]) -> set[tuple[str, str]]:
    """Sides, with the articles in which they confirm and deny at once."""
    said: dict[tuple[str, str], set[int]] = {}
    for claim in claims:
        said.setdefault((claim.side, claim.article_id), set()).add(claim.stance.polarity)
    return {key for key, polarities in said.items() if len(polarities) > 1}


def _come_round(claims: Sequence[Claim], mixed: Collection[tuple[str, str]], confirming: Claim, denying: Claim) -> Claim | None:
    """The word by which one of two sides came over to the other; None where the two say opposite things to the last.

    What a side says in an article in which it says both counts as little as it does for a reversal.
    """
    ways = {side: sorted((c for c in claims if c.side == side and (c.side, c.article_id) not in mixed), key=lambda c: (c.at, c.id))
            for side in (confirming.side, denying.side)}
    if not all(ways.values()):
        return None
    last = {way[-1].stance.polarity for way in ways.values()}
    if len(last) > 1:
        return None
    turned = denying if last == {1} else confirming
    own = ways[turned.side]
    before = next((n for n in reversed(range(len(own))) if own[n].stance.polarity == turned.stance.polarity), None)
    word = None if before is None else own[before + 1]
    opened = max(confirming.at, denying.at)
    return word if word is not None and word.at >= opened and word.at > own[before or 0].at and word.article_id != turned.article_id else None


def finding_id(*parts: str) -> str:
    """The deterministic id of a finding: the same sides on the same agreement are the same finding, however often it is made."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _of_the_term(confirming: Claim, denying: Claim, claims: Sequence[Claim]) -> bool:
    """Whether what a side confirms is the term that another denies, and not what that one confirms in the same article.

    Their words tell, where they are of one language: the sentence has no more in common with what is confirmed than with what is denied.
    """
    granted = [c for c in claims if (c.side, c.article_id) == (denying.side, denying.article_id) and c.stance.polarity > 0]
    return max((len(confirming.words & c.words) for c in granted), default=0) <= len(confirming.words & denying.words)


def _best_pair(opposed: list[tuple[Claim, Claim]]) -> tuple[Claim, Claim] | None:
    near = [(a, b) for a, b in opposed if abs(a.at - b.at) <= WINDOW]
    return min(near, key=lambda p: (p[0].rank, p[1].rank), default=None)


def _apart(span: timedelta) -> str:
    hours = round(span.total_seconds() / 3600)
    if hours < 48:
        return "less than an hour" if hours < 1 else "1 hour" if hours == 1 else f"{hours} hours"
    return f"{hours / 24:.0f} days"
