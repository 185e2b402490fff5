"""What a person corrected: who, when and why, and what it is about. A correction stands until it is undone, whatever is read again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from store.agreements import Agreement
from store.statements import StatementRow
from store.types import UtcDateTime, row_id


class Action(StrEnum):
    """What a person can correct."""

    merge_agreements = "merge"             # subject: an agreement that is another one
    split_agreement = "split"              # subject: an agreement some of whose statements are about another
    rename_agreement = "rename"            # subject: an agreement
    reject_statement = "reject_statement"  # subject: the mark of a statement that is none
    reject_finding = "reject_finding"      # subject: a contradiction or reversal that is none


class Correction(SQLModel, table=True):
    """One correction. `detail` holds what it needs to be done again and undone."""

    __tablename__ = "correction"

    id: int | None = Field(default=None, primary_key=True)
    action: str
    subject: str = Field(index=True)
    detail: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    why: str
    who: str
    at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Pin(SQLModel, table=True):
    """A statement that a person put to an agreement, by its mark."""

    __tablename__ = "pin"

    mark: str = Field(primary_key=True)
    agreement_id: str


def mark(row: StatementRow) -> str:
    """What a statement is known by however often its article is read: its article, side and polarity, and where its sentence begins."""
    polarity = "-" if row.stance in {"denies", "rejects"} else row.stance
    return row_id("mark", row.article_id, row.read_as or row.side, polarity, row.in_title, row.evidence_start)


def correct(session: Session, action: Action, subject: str, detail: dict[str, Any], *, why: str, who: str, now: datetime) -> Correction:
    """Write a correction down."""
    made = Correction(action=action.value, subject=subject, detail=detail, why=why, who=who, at=now)
    session.add(made)
    session.flush()
    return made


def standing(session: Session, action: Action, subjects: Collection[str]) -> set[str]:
    """Those of `subjects` for which a correction of this kind stands."""
    if not subjects:
        return set()
    query = select(Correction.subject).where(col(Correction.action) == action.value, col(Correction.subject).in_(sorted(subjects)),
                                             col(Correction.undone_at).is_(None))
    return set(session.exec(query))


def corrected(session: Session, agreements: Collection[str]) -> set[str]:
    """Those of `agreements` that a person merged, split, renamed, put a statement to, or rejected a finding on."""
    found = {correction.subject for correction in session.exec(select(Correction).where(
        col(Correction.subject).in_(sorted(agreements)), col(Correction.undone_at).is_(None)))}
    rejections = select(Correction).where(col(Correction.action) == Action.reject_finding.value, col(Correction.undone_at).is_(None))
    found |= {correction.detail["agreement"] for correction in session.exec(rejections)} & set(agreements)
    found |= set(session.exec(select(Pin.agreement_id).where(col(Pin.agreement_id).in_(sorted(agreements)))))
    found |= {one for one, into in session.exec(select(Agreement.id, Agreement.merged_into).where(col(Agreement.id).in_(sorted(agreements)))) if into}
    kept = select(Agreement.merged_into).where(col(Agreement.merged_into).in_(sorted(agreements)))
    return found | {each for each in session.exec(kept) if each is not None}


def keep_corrections(session: Session, before: Sequence[StatementRow], after: Sequence[StatementRow]) -> None:
    """Let what a person said of a statement hold for the same sentence in an edited article: its pin, and that it was rejected."""
    for row in after:
        alike = [one for one in before if (one.read_as or one.side, one.stance, one.quote) == (row.read_as or row.side, row.stance, row.quote)]
        if not alike:
            continue
        same = alike[0]
        for known in session.exec(select(Pin).where(col(Pin.mark) == mark(same))).all():
            pin(session, [mark(row)], known.agreement_id)
        query = select(Correction).where(col(Correction.action) == Action.reject_statement.value, col(Correction.subject) == mark(same),
                                         col(Correction.undone_at).is_(None))
        for made in session.exec(query).all():
            detail = {"statement": row.id, "follows": made.detail.get("follows", made.id)}
            correct(session, Action.reject_statement, mark(row), detail, why=made.why, who=made.who, now=made.at)


def followers(session: Session, number: int) -> list[Correction]:
    """The standing corrections that hold for edited articles because this one does."""
    query = select(Correction).where(col(Correction.action) == Action.reject_statement.value, col(Correction.undone_at).is_(None))
    return [made for made in session.exec(query) if made.detail.get("follows") == number]


def corrections(session: Session, limit: int = 100) -> list[Correction]:
    """The last corrections, the newest first."""
    return list(session.exec(select(Correction).order_by(col(Correction.id).desc()).limit(limit)))


def pinned(session: Session, marks: Collection[str]) -> dict[str, str]:
    """The agreements to which a person put statements, by the statements' marks."""
    if not marks:
        return {}
    return {pin.mark: pin.agreement_id for pin in session.exec(select(Pin).where(col(Pin.mark).in_(sorted(marks))))}


def pinned_to(session: Session, agreement_id: str) -> list[str]:
    """The marks of the statements that a person put to an agreement."""
    return list(session.exec(select(Pin.mark).where(col(Pin.agreement_id) == agreement_id)))


def pin(session: Session, marks: Collection[str], agreement_id: str | None) -> None:
    """Put the statements with these marks to an agreement for good; None takes the pins out."""
    for each in sorted(marks):
        known = session.get(Pin, each)
        if agreement_id is None:
            if known is not None:
                session.delete(known)
        elif known is not None:
            known.agreement_id = agreement_id
        else:
            session.add(Pin(mark=each, agreement_id=agreement_id))
    session.flush()
