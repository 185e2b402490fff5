"""Agreements: parties, kind, names in every language seen, a window of time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import JSON, Column, Index, func
from sqlmodel import Field, Session, SQLModel, col, select

from ledger.claim import Claim
from ledger.identify import Candidate
from store.types import UtcDateTime


class Agreement(SQLModel, table=True):
    """One agreement across articles, languages and months."""

    __tablename__ = "agreement"

    id: str = Field(primary_key=True)                      # row_id of the statement that opened it
    label: str
    kind: str
    parties: list[str] = Field(sa_column=Column(JSON, nullable=False))   # sorted
    names: list[str] = Field(sa_column=Column(JSON, nullable=False))     # in every language seen
    context: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))  # sides its articles are about
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))   # and kinds
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)
    merged_into: str | None = Field(default=None, foreign_key="agreement.id")   # a person said that it is that one


class AgreementParty(SQLModel, table=True):
    """The index that offers candidate agreements: one row a party."""

    __tablename__ = "agreement_party"
    __table_args__ = (Index("ix_agreement_party_side_last", "side", "last_at"),)

    agreement_id: str = Field(primary_key=True, foreign_key="agreement.id")
    side: str = Field(primary_key=True)
    last_at: datetime = Field(sa_type=UtcDateTime)


def candidates(session: Session, parties: Iterable[str], at: datetime, window: timedelta, limit: int) -> list[Candidate]:
    """Agreements that share a party with `parties` and were spoken of near `at`, at most `limit`.

    Answered from the index on (side, last_at), newest first; never a scan of the agreements.
    """
    party = AgreementParty
    near = (select(party.agreement_id, func.max(party.last_at)).where(col(party.side).in_(sorted(parties)), col(party.last_at) >= at - window)
            .group_by(col(party.agreement_id)).order_by(func.max(party.last_at).desc(), col(party.agreement_id)).limit(limit))
    ids = [agreement_id for agreement_id, _ in session.exec(near)]
    query = select(Agreement).where(col(Agreement.id).in_(ids), col(Agreement.first_at) <= at + window, col(Agreement.merged_into).is_(None))
    return [Candidate(a.id, frozenset(a.parties), a.kind, frozenset(a.names), a.first_at, a.last_at, frozenset(a.context), frozenset(a.topics))
            for a in session.exec(query)]


def open_agreement(session: Session, agreement_id: str, claim: Claim, label: str) -> Agreement:
    """Store the agreement that a claim opens, or hand back the one of this id."""
    known = session.get(Agreement, agreement_id)
    if known is not None:
        return known
    agreement = Agreement(id=agreement_id, label=label, kind=claim.kind, parties=sorted(claim.parties), names=sorted(claim.names),
                          context=sorted(claim.context), topics=sorted(claim.topics), first_at=claim.at, last_at=claim.at)
    session.add(agreement)
    session.flush()
    session.add_all(AgreementParty(agreement_id=agreement_id, side=side, last_at=claim.at) for side in sorted(claim.parties))
    session.flush()
    return agreement


def standing_for(session: Session, agreement: Agreement) -> Agreement:
    """The agreement that one was merged into, or itself."""
    while agreement.merged_into is not None:
        agreement = session.get_one(Agreement, agreement.merged_into)
    return agreement


def add_parties(session: Session, agreement: Agreement, sides: Iterable[str]) -> None:
    """Let an agreement be found by these sides too."""
    new = sorted(set(sides) - set(agreement.parties))
    if new:
        agreement.parties = sorted([*agreement.parties, *new])
        session.add_all(AgreementParty(agreement_id=agreement.id, side=side, last_at=agreement.last_at) for side in new)
        session.flush()


def extend_agreement(session: Session, agreement: Agreement, claim: Claim) -> None:
    """Take in what a claim adds: its time and its names, and a kind or parties where the agreement had none."""
    agreement.first_at, agreement.last_at = min(agreement.first_at, claim.at), max(agreement.last_at, claim.at)
    for attribute in ("names", "context", "topics"):
        both = sorted({*getattr(agreement, attribute), *getattr(claim, attribute)})
        if both != getattr(agreement, attribute):
            setattr(agreement, attribute, both)
    for row in session.exec(select(AgreementParty).where(col(AgreementParty.agreement_id) == agreement.id)):
        row.last_at = agreement.last_at
    session.flush()


def every_agreement(session: Session) -> list[Agreement]:
    """Every agreement of a small store, oldest first (for `sayso analyse`, never for the service)."""
    return list(session.exec(select(Agreement).order_by(col(Agreement.first_at), col(Agreement.id))))
