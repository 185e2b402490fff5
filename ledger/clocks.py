"""Who has not answered yet: a clock for each party of an agreement that another side claims.

A clock ends with the party's own word. A party is silent only where its press offices were followed and answered all the time: from a
source that was out of reach nothing can be concluded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from extract.sides import side_name
from extract.statement import Stance
from ledger.claim import Claim
from ledger.contradictions import THRESHOLD, WINDOW

SOON = timedelta(minutes=5)      # until a clock is looked at again whose press office has yet to be read


class Answer(StrEnum):
    """How a party answers the claim that an agreement was made with it."""

    waiting = "waiting"
    confirmed = "confirmed"
    denied = "denied"
    rejected = "rejected"
    negotiating = "negotiating"
    withdrawn = "withdrawn"
    declined = "declined"        # to comment
    silent = "silent"


_ANSWERS = {Stance.confirms: Answer.confirmed, Stance.denies: Answer.denied, Stance.rejects: Answer.rejected,
            Stance.negotiating: Answer.negotiating, Stance.withdraws: Answer.withdrawn, Stance.no_comment: Answer.declined}


@dataclass(frozen=True, slots=True)
class Clock:
    """One party's clock: which claim started it, and how it was answered (None: not yet)."""

    side: str
    claim: Claim
    answer: Answer
    answered: Claim | None
    reason: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A followed press office of a side: since when it has answered without a failure (None: it fails now), and when it did last."""

    name: str
    healthy_since: datetime | None
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a clock that was due: the answer, when to look again (None: not before the party speaks), and why."""

    answer: Answer
    due_at: datetime | None
    reason: str


def clocks(claims: Sequence[Claim]) -> list[Clock]:
    """The clock of each party that somebody else claims an agreement with, by side.

    The earliest claim starts it. What the party said of the agreement within the window, before or after, is its answer; a word that
    says something goes before "no comment".
    """
    sure = sorted((c for c in claims if c.confidence >= THRESHOLD), key=lambda c: (c.at, c.id))
    found = []
    for side in sorted({party for c in sure if c.stance is Stance.confirms for party in c.parties}):
        claim = next((c for c in sure if c.stance is Stance.confirms and c.side != side and side in c.parties), None)
        if claim is None:
            continue
        own = [c for c in sure if c.side == side and abs(c.at - claim.at) <= WINDOW]
        answered = next((c for c in own if c.stance is not Stance.no_comment), next(iter(own), None))
        answer = _ANSWERS[answered.stance] if answered else Answer.waiting
        claimed = f"{side_name(claim.side, 'en')} claimed it on {claim.at:%d %B %Y}"
        reason = f"{claimed}; no word yet" if answered is None else f"{claimed}; {answer} on {answered.at:%d %B %Y}"
        found.append(Clock(side, claim, answer, answered, reason))
    return found


def listened(side: str, started_at: datetime, watched: Iterable[Watch], patience: timedelta, now: datetime) -> Heard:
    """Whether a party that has not answered is silent: one of its press offices was read without a failure for as long as patience asks."""
    watched = sorted(watched, key=lambda w: w.name)
    name = side_name(side, "en")
    if not watched:
        return Heard(Answer.waiting, now + patience, f"no press office of {name} is followed, so that its silence says nothing")
    heard = [(max(w.healthy_since, started_at), w) for w in watched if w.healthy_since is not None]
    if not heard:
        return Heard(Answer.waiting, now + patience, f"the press offices of {name} cannot be read at present: the clock stands still")
    long = [w.name for since, w in heard if min(w.checked_at, now) - since >= patience]
    if not long:
        since = min(since for since, _ in heard)
        reason = f"{name} has been listened to without a break since {since:%d %B %Y, %H:%M} UTC"
        return Heard(Answer.waiting, max(since + patience, now + SOON), reason)
    hours = round(patience.total_seconds() / 3600)
    return Heard(Answer.silent, None, f"{name} said nothing of it for {hours} hours, while {', '.join(long)} could be read all the time")
