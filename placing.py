"""Putting statements to their agreements, and finding who contradicts whom there.

Articles of one day arrive in any order, and what a vague one means depends on what was told before it. So where an article meets statements
of its day that come after it, those are taken up and put down again in the day's own order (`place_anew`): the ledger is the same
whatever came first. All of it takes part in the caller's transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.outbox import enqueue
from extract.document import Kind
from extract.sides import side_name
from ledger.claim import Claim
from ledger.clocks import clocks
from ledger.contradictions import find_contradictions, find_reversals
from ledger.identify import WINDOW, Candidate, Identity, identify, may_meet
from ledger.sides import with_known_sides
from store.agreements import Agreement, extend_agreement, open_agreement, recast, reopen, standing_for
from store.alerts import Transaction, send_after_all
from store.arrivals import forget_agreement, hand_over, of_the_day, remove_agreement, sources_of
from store.candidates import close, far, later
from store.clocks import set_clocks
from store.corrections import Action, corrected, mark, pinned, standing
from store.findings import finding, record_contradiction, record_reversal, settle
from store.sources import Source
from store.statements import StatementRow, as_claim, claims_on
from store.types import row_id

MOST_ANEW = 200           # statements of a day that are put down again for one article
ROUNDS = 4                # in which what is put down again may touch more


@dataclass(slots=True)
class Placed:
    """Where statements came to lie: the agreements in order, and others that each other's statements might have gone to."""

    touched: list[str] = field(default_factory=list)
    rivals: set[str] = field(default_factory=set)

    @property
    def near(self) -> set[str]:
        """All agreements that the order of arrival may have a say in."""
        return {*self.touched, *self.rivals}


def place(session: Transaction, rows: Iterable[StatementRow], official: Collection[str] = (), without: set[str] | None = None) -> Placed:
    """Put statements to their agreements, one after the other, a person's word first.

    `official` are the ids of those that are a press office's own words; `without` are agreements that nobody speaks of any more while
    their statements are put down again: none is offered, and one that is opened again is taken out.
    """
    rows, placed, emptied = list(rows), Placed(), set() if without is None else without
    marks = {row.id: mark(row) for row in rows}
    pins, rejected = pinned(session, marks.values()), standing(session, Action.reject_statement, marks.values())
    for row in rows:
        row.rejected = marks[row.id] in rejected
        claim = as_claim(row, official=row.id in official)
        claim, identity, renamed = _identified(session, claim, pins.get(marks[row.id]), emptied, placed)
        if claim.side != row.side:
            row.side, row.read_as = claim.side, row.read_as or row.side
        row.parties = sorted(claim.parties)
        agreement = _opened(session, claim, emptied) if identity.agreement_id is None else session.get_one(Agreement, identity.agreement_id)
        agreement = standing_for(session, agreement)
        extend_agreement(session, agreement, claim)
        placed.rivals |= {each.id for each in later(session, claim) if may_meet(claim, each)}
        called = "".join(f"; {one} is {other}" for one, other in sorted(renamed.items()))
        row.agreement_id, row.identity_reason = agreement.id, identity.reason + called
        session.add(row)
        session.flush()
        if agreement.id not in placed.touched:
            placed.touched.append(agreement.id)
    return placed


def place_anew(session: Transaction, rows: Sequence[StatementRow], source: Source) -> list[str]:
    """Put an article's statements to their agreements, and those of its day that come after it again; the ids of the agreements in order.

    Agreements that a person corrected are left as they are.
    """
    if not rows:
        return []
    placed = place(session, rows, official_of(rows, source))
    touched = list(placed.touched)
    taken = {row.id: row for row in rows}
    for number in range(ROUNDS):
        free = placed.near - corrected(session, placed.near)
        beside = [row for row in of_the_day(session, free, rows[0].said_at.date(), MOST_ANEW) if row.id not in taken]
        if not beside or (number == 0 and all(_order(row) < _order(rows[0]) for row in beside)):       # they lie before it, as they should
            break
        taken |= {row.id: row for row in beside}
        placed = _put_down_again(session, [row for row in taken.values() if row.agreement_id in free])
        touched = list(dict.fromkeys([*touched, *placed.touched]))
    return [each for each in touched if session.get(Agreement, each) is not None]


def left_by(session: Transaction, agreements: Sequence[str]) -> list[str]:
    """Make agreements that lost statements to an edit what the others tell of them; the ids of those that are still there."""
    there = [each for each in agreements if session.get(Agreement, each) is not None]
    for each in sorted(set(there) - corrected(session, there)):
        left = claims_on(session, each, rejected=True)
        if left:
            recast(session, session.get_one(Agreement, each), left)
        else:
            forget_agreement(session, each)
    return there


def _put_down_again(session: Transaction, rows: list[StatementRow]) -> Placed:
    """Take statements from their agreements, which become what the others tell of them, and place them in the order of their day."""
    before = {row.id: row.agreement_id for row in rows}
    for row in rows:
        row.agreement_id = None
    session.flush()
    emptied: set[str] = set()
    for each in sorted({each for each in before.values() if each}):
        left = claims_on(session, each, rejected=True)
        if left:
            recast(session, session.get_one(Agreement, each), left)
        else:
            emptied.add(each)
    rows = sorted(rows, key=_order)
    placed = place(session, rows, _official(session, rows), emptied)
    for each in sorted({each for each in before.values() if each}):
        heir = next((row.agreement_id for row in rows if before[row.id] == each), None) if each in emptied else None
        hand_over(session, each, heir)
        if each in emptied:
            remove_agreement(session, each)
    placed.touched = list(dict.fromkeys([*placed.touched, *(each for each in before.values() if each and each not in emptied)]))
    return placed


def _order(row: StatementRow) -> tuple[datetime, str, int]:
    return row.said_at, row.article_id, row.position


def official_of(rows: Iterable[StatementRow], source: Source) -> set[str]:
    """The ids of the statements that are their press office's own words."""
    return {row.id for row in rows if source.kind == Kind.press_office and source.side == row.side}


def _official(session: Transaction, rows: Sequence[StatementRow]) -> set[str]:
    sources = sources_of(session, {row.article_id for row in rows})
    return {each for row in rows for each in official_of([row], sources[row.article_id])}


def _opened(session: Transaction, claim: Claim, emptied: set[str]) -> Agreement:
    """The agreement that a claim opens, perhaps one again that nobody speaks of any more."""
    wanted = agreement_id(claim)
    known = session.get(Agreement, wanted)
    if known is not None and known.merged_into is None and not claims_on(session, wanted, rejected=True):
        emptied.discard(wanted)
        return reopen(session, known, claim)
    return open_agreement(session, wanted, claim, label(claim))


def _identified(session: Transaction, claim: Claim, pin: str | None, without: set[str], placed: Placed) -> tuple[Claim, Identity, dict[str, str]]:
    """The agreement that a claim is about, the claim with the ledger's names for its sides, and what was renamed.

    Agreements of two of its parties are asked first; what else may be meant where none of them fits.
    """
    identity = Identity(pin, "a person put it there") if pin else Identity(None, "")
    renamed: dict[str, str] = {}
    seen: set[str] = set(without)
    for near in (True, False):
        if identity.agreement_id is None:
            offered: list[Candidate] = close(session, claim) if near else far(session, claim, seen)
            offered = [each for each in offered if each.id not in seen]
            seen |= {each.id for each in offered}
            claim, found = with_known_sides(claim, {side for one in offered for side in one.parties | one.context})
            identity, renamed = identify(claim, offered), renamed | found
            placed.rivals |= {each.id for each in offered if may_meet(claim, each)}
    return claim, identity, renamed


def refind(session: Transaction, agreements: Iterable[str], now: datetime, *, tell: bool = True) -> tuple[list[str], list[str]]:
    """Find who contradicts whom on these agreements as their statements stand: the ids of new findings and of their alerts.

    What no longer holds is closed; what a person rejected is not found again. Nobody is told unless `tell`.
    """
    new: list[str] = []
    for each in agreements:
        claims, parties = claims_on(session, each), session.get_one(Agreement, each).parties
        opposed, turned = find_contradictions(each, claims, parties), find_reversals(each, claims)
        held = {c.id for c in opposed} | {r.id for r in turned}
        rejected = standing(session, Action.reject_finding, held)
        new += [c.id for c in opposed if c.id not in rejected and record_contradiction(session, c, now)]
        new += [r.id for r in turned if r.id not in rejected and record_reversal(session, r)]
        settle(session, each, held - rejected, now)
        set_clocks(session, each, clocks(claims), now)
    alerts: list[str] = []
    for finding_id in new if tell else ():
        shown = finding(session, finding_id)
        if shown is not None:
            alerts += enqueue(session, shown, now)
    return new, alerts + (send_after_all(session, new, now) if tell and new else [])


def agreement_id(claim: Claim) -> str:
    """The id of the agreement that a claim opens: its kind, its parties and the stretch of time, so that the articles of one
    day open the same one in whatever order they arrive."""
    stretch = int(claim.at.timestamp()) // int(WINDOW.total_seconds())
    return row_id("agreement", claim.kind, *sorted(claim.parties), stretch)


def label(claim: Claim) -> str:
    """A name for an agreement that people can read: "Guatemala–United States asylum agreement"."""
    parties = "–".join(sorted(side_name(side, "en") for side in claim.parties))
    return f"{parties} agreement" if claim.kind == "agreement" else f"{parties} {claim.kind.replace('-', ' ')} agreement"
