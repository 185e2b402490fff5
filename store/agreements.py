"""Agreements: parties, kind, names in every language seen, a window of time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from ledger.claim import Claim
from store.keys import index, spoken_of
from store.types import UtcDateTime


class Agreement(SQLModel, table=True):
    """One agreement across articles, languages and months."""

    __tablename__ = "agreement"

    id: str = Field(primary_key=True)                      # placing.agreement_id gives it
    label: str
    kind: str
    parties: list[str] = Field(sa_column=Column(JSON, nullable=False))   # sorted
    names: list[str] = Field(sa_column=Column(JSON, nullable=False))     # in every language seen
    context: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))  # sides its articles are about
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))   # and kinds
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)
    merged_into: str | None = Field(default=None, foreign_key="agreement.id", index=True)   # a person said that it is that one


def open_agreement(session: Session, agreement_id: str, claim: Claim, label: str) -> Agreement:
    """Store the agreement that a claim opens, or hand back the one of this id."""
    known = session.get(Agreement, agreement_id)
    if known is not None:
        return known
    agreement = Agreement(id=agreement_id, label=label, kind=claim.kind, parties=sorted(claim.parties), names=sorted(claim.names),
                          context=sorted(claim.context), topics=sorted(claim.topics), first_at=claim.at, last_at=claim.at)
    session.add(agreement)
    session.flush()
    _index(session, agreement)
    return agreement


def reopen(session: Session, agreement: Agreement, claim: Claim) -> Agreement:
    """Let an agreement that nobody speaks of any more be what a claim tells of it, and be found again."""
    _told_by(session, agreement, [claim], (), known=None)
    _index(session, agreement)
    return agreement


def standing_for(session: Session, agreement: Agreement) -> Agreement:
    """The agreement that one was merged into, or itself."""
    while agreement.merged_into is not None:
        agreement = session.get_one(Agreement, agreement.merged_into)
    return agreement


def add_parties(session: Session, agreement: Agreement, sides: Iterable[str]) -> None:
    """Let an agreement be found by these sides too."""
    agreement.parties = sorted({*agreement.parties, *sides})
    _index(session, agreement)


def without_parties(session: Session, agreement: Agreement, kept: Collection[str]) -> None:
    """Let an agreement be found by the sides `kept` only."""
    agreement.parties = sorted(kept)
    _index(session, agreement)


def extend_agreement(session: Session, agreement: Agreement, claim: Claim) -> None:
    """Take in what a claim adds: its time, its names, and what its article is about."""
    _told_by(session, agreement, [claim], (agreement.first_at, agreement.last_at), known=agreement)


def recast(session: Session, agreement: Agreement, claims: Sequence[Claim]) -> None:
    """Make an agreement what these claims tell of it, and nothing that others told. Raises ValueError where there is none."""
    _told_by(session, agreement, claims, (), known=None)


def _told_by(session: Session, agreement: Agreement, claims: Sequence[Claim], times: Sequence[datetime], known: Agreement | None) -> None:
    every = [*times, *(claim.at for claim in claims)]
    first, last, renamed = min(every), max(every), False
    for attribute in ("names", "context", "topics"):
        both = sorted({*(getattr(known, attribute) if known else ()), *(each for claim in claims for each in getattr(claim, attribute))})
        if both != getattr(agreement, attribute):
            setattr(agreement, attribute, both)
            renamed = renamed or attribute == "names"
    moved = last != agreement.last_at
    agreement.first_at, agreement.last_at = first, last
    if renamed:
        _index(session, agreement)
    elif moved:
        spoken_of(session, agreement.id, last)
    session.flush()


def _index(session: Session, agreement: Agreement) -> None:
    index(session, agreement.id, agreement.kind, agreement.parties, agreement.names, agreement.last_at)


def every_agreement(session: Session) -> list[Agreement]:
    """Every agreement of a small store, oldest first (for `sayso analyse`, never for the service)."""
    return list(session.exec(select(Agreement).order_by(col(Agreement.first_at), col(Agreement.id))))
