"""What a person corrects, done and undone: agreements merged, split and renamed, statements and findings rejected.

Each is one transaction under the ledger's lock: the correction is written down with who and why, its effect is applied, and the findings
of the agreements it touches are found anew. The pipeline asks for what stands whenever it judges, so that it wins over the machine.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from placing import refind
from store.agreements import Agreement, add_parties, extend_agreement, open_agreement, without_parties
from store.alerts import Transaction
from store.articles import Article
from store.corrections import Action, Correction, correct, followers, mark, pin, pinned_to
from store.database import Database
from store.findings import Contradiction, Reversal
from store.statements import StatementRow, as_claim, statements_on
from store.types import row_id


class CorrectionError(ValueError):
    """A correction that cannot be made; says what to do instead."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who corrects, and why."""

    who: str
    why: str


def merge(database: Database, kept: str, other: str, by: Person, now: datetime) -> Correction:
    """Say that the agreement `other` is `kept`: its statements, and all to come, are about that one."""
    with database.writing(lock="ledger") as session:
        into, gone = _agreement(session, kept), _agreement(session, other)
        if into.id == gone.id:
            raise CorrectionError("an agreement cannot be merged into itself")
        moved = [row.id for row in statements_on(session, gone.id)]
        made = correct(session, Action.merge_agreements, gone.id, {"into": into.id, "statements": moved, "parties": list(into.parties)},
                       why=by.why, who=by.who, now=now)
        gone.merged_into = into.id
        add_parties(session, into, gone.parties)
        _move(session, moved, into)
        refind(session, [into.id, gone.id], now)
    return made


def split(database: Database, agreement: str, statements: Collection[str], by: Person, now: datetime) -> Correction:
    """Say that these statements of an agreement are about another one, which is opened for them."""
    with database.writing(lock="ledger") as session:
        old = _agreement(session, agreement)
        rows = [row for row in statements_on(session, old.id) if row.id in set(statements)]
        if len(rows) < len(set(statements)) or not rows:
            missing = sorted(set(statements) - {row.id for row in rows})
            raise CorrectionError(f"no statement of {old.id}: {', '.join(missing) or 'none was named'}; `sayso explain` and the pages show their ids")
        claim = as_claim(rows[0])
        new = open_agreement(session, row_id("split", old.id, *sorted(row.id for row in rows)), claim, old.label + " (2)")
        marks = [mark(row) for row in rows]
        made = correct(session, Action.split_agreement, old.id, {"into": new.id, "statements": [row.id for row in rows], "marks": marks},
                       why=by.why, who=by.who, now=now)
        pin(session, marks, new.id)
        _move(session, [row.id for row in rows], new)
        refind(session, [old.id, new.id], now)
    return made


def rename(database: Database, agreement: str, label: str, by: Person, now: datetime) -> Correction:
    """Give an agreement another label."""
    if not label.strip():
        raise CorrectionError("a label needs a word")
    with database.writing(lock="ledger") as session:
        row = _agreement(session, agreement)
        made = correct(session, Action.rename_agreement, row.id, {"from": row.label, "to": label.strip()}, why=by.why, who=by.who, now=now)
        row.label = label.strip()
    return made


def reject_statement(database: Database, statement: str, by: Person, now: datetime) -> Correction:
    """Say that a statement is none: it stays on record and counts no more."""
    with database.writing(lock="ledger") as session:
        row = session.get(StatementRow, statement)
        if row is None:
            raise CorrectionError(f"no statement {statement}: take its id from a page or from /statements of the API")
        made = correct(session, Action.reject_statement, mark(row), {"statement": row.id}, why=by.why, who=by.who, now=now)
        _reject(session, row, rejected=True, now=now)
    return made


def reject_finding(database: Database, finding: str, by: Person, now: datetime) -> Correction:
    """Say that a contradiction or reversal is none: it is closed, and never found or told again."""
    with database.writing(lock="ledger") as session:
        row = session.get(Contradiction, finding) or session.get(Reversal, finding)
        if row is None:
            raise CorrectionError(f"no finding {finding}: take its id from an alert, a page or /contradictions of the API")
        agreement = row.agreement_id
        made = correct(session, Action.reject_finding, finding, {"agreement": agreement}, why=by.why, who=by.who, now=now)
        refind(session, [agreement], now)
    return made


def undo(database: Database, number: int, now: datetime) -> Correction:
    """Take a correction back, and what it did."""
    with database.writing(lock="ledger") as session:
        made = session.get(Correction, number)
        if made is None or made.undone_at is not None:
            raise CorrectionError(f"no correction {number} stands: `sayso corrections list` shows them")
        for each in [made, *followers(session, number)]:
            each.undone_at = now
            session.flush()
            _undone(session, each, now)
    return made


def _undone(session: Transaction, made: Correction, now: datetime) -> None:
    detail = made.detail
    if made.action == Action.rename_agreement:
        session.get_one(Agreement, made.subject).label = detail["from"]
    elif made.action == Action.reject_statement:
        row = session.get(StatementRow, detail["statement"])
        if row is not None:
            _reject(session, row, rejected=False, now=now)
    elif made.action == Action.reject_finding:
        refind(session, [detail["agreement"]], now)
    else:
        old = session.get_one(Agreement, made.subject)
        if made.action == Action.merge_agreements:
            old.merged_into = None
            without_parties(session, session.get_one(Agreement, detail["into"]), detail["parties"])
        else:
            pin(session, pinned_to(session, detail["into"]), None)
        back = [row.id for row in statements_on(session, detail["into"])] if made.action == Action.split_agreement else []
        _move(session, list(dict.fromkeys([*detail["statements"], *back])), old)
        refind(session, [old.id, detail["into"]], now)


def _agreement(session: Transaction, agreement: str) -> Agreement:
    row = session.get(Agreement, agreement)
    if row is None:
        raise CorrectionError(f"no agreement {agreement}: take its id from a page or from /agreements of the API")
    if row.merged_into is not None:
        raise CorrectionError(f"{agreement} was merged into {row.merged_into}: name that one, or undo the merge first")
    return row


def _move(session: Transaction, statements: Sequence[str], to: Agreement) -> None:
    for each in statements:
        row = session.get(StatementRow, each)
        if row is not None and session.get_one(Article, row.article_id).superseded_by is None:      # an edit may have taken its place
            row.agreement_id, row.identity_reason = to.id, "a person put it there"
            extend_agreement(session, to, as_claim(row))
    session.flush()


def _reject(session: Transaction, row: StatementRow, *, rejected: bool, now: datetime) -> None:
    row.rejected = rejected
    session.flush()
    if row.agreement_id is not None:
        refind(session, [row.agreement_id], now)
