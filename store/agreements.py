"""Agreements: parties, kind, names in every language seen, a window of time."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import combinations

from sqlalchemy import JSON, Column, Index, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from ledger.claim import Claim
from ledger.identify import Candidate
from store.types import UtcDateTime

MOST_PAIRS = 15        # of the parties of one agreement: six sides


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


class AgreementPair(SQLModel, table=True):
    """The same for two parties together, so that the many agreements of one side do not hide the few it has with another."""

    __tablename__ = "agreement_pair"
    __table_args__ = (Index("ix_agreement_pair_pair_last", "pair", "last_at"),)

    agreement_id: str = Field(primary_key=True, foreign_key="agreement.id")
    pair: str = Field(primary_key=True)                    # two sides in order, joined by "+"
    last_at: datetime = Field(sa_type=UtcDateTime)


def candidates(session: Session, parties: Collection[str], at: datetime, window: timedelta, limit: int, *, together: bool) -> list[Candidate]:
    """Agreements that were spoken of near `at` and share two parties `together`, or one, with `parties`; at most `limit`.

    Each key is answered from its index on (key, last_at), newest first, and never for more than its share: the cost does not grow with
    the number of agreements.
    """
    table, column = (AgreementPair, AgreementPair.pair) if together else (AgreementParty, AgreementParty.side)
    keys = pairs_of(parties) if together else sorted(parties)
    ids: dict[str, None] = {}
    for key in keys:
        near = select(table.agreement_id).where(col(column) == key, col(table.last_at) >= at - window)
        ids |= dict.fromkeys(session.exec(near.order_by(col(table.last_at).desc(), col(table.agreement_id)).limit(max(1, limit // len(keys)))))
    query = select(Agreement).where(col(Agreement.id).in_(ids), col(Agreement.first_at) <= at + window, col(Agreement.merged_into).is_(None))
    return [Candidate(a.id, frozenset(a.parties), a.kind, frozenset(a.names), a.first_at, a.last_at, frozenset(a.context), frozenset(a.topics))
            for a in session.exec(query)]


def pairs_of(parties: Collection[str]) -> list[str]:
    """The keys of all pairs of `parties`."""
    return ["+".join(pair) for pair in combinations(sorted(set(parties)), 2)][:MOST_PAIRS]


def open_agreement(session: Session, agreement_id: str, claim: Claim, label: str) -> Agreement:
    """Store the agreement that a claim opens, or hand back the one of this id."""
    known = session.get(Agreement, agreement_id)
    if known is not None:
        return known
    agreement = Agreement(id=agreement_id, label=label, kind=claim.kind, parties=sorted(claim.parties), names=sorted(claim.names),
                          context=sorted(claim.context), topics=sorted(claim.topics), first_at=claim.at, last_at=claim.at)
    session.add(agreement)
    session.flush()
    _index(session, agreement, [], sorted(claim.parties))
    return agreement


def standing_for(session: Session, agreement: Agreement) -> Agreement:
    """The agreement that one was merged into, or itself."""
    while agreement.merged_into is not None:
        agreement = session.get_one(Agreement, agreement.merged_into)
    return agreement


def add_parties(session: Session, agreement: Agreement, sides: Iterable[str]) -> None:
    """Let an agreement be found by these sides too."""
    old, new = list(agreement.parties), sorted(set(sides) - set(agreement.parties))
    if new:
        agreement.parties = sorted([*old, *new])
        _index(session, agreement, old, agreement.parties)


def without_parties(session: Session, agreement: Agreement, kept: Collection[str]) -> None:
    """Let an agreement be found by the sides `kept` only."""
    gone, pairs = set(agreement.parties) - set(kept), set(pairs_of(agreement.parties)) - set(pairs_of(kept))
    session.exec(delete(AgreementParty).where(col(AgreementParty.agreement_id) == agreement.id, col(AgreementParty.side).in_(gone)))
    session.exec(delete(AgreementPair).where(col(AgreementPair.agreement_id) == agreement.id, col(AgreementPair.pair).in_(pairs)))
    agreement.parties = sorted(kept)
    session.flush()


def _index(session: Session, agreement: Agreement, old: Collection[str], parties: Collection[str]) -> None:
    at = agreement.last_at
    session.add_all(AgreementParty(agreement_id=agreement.id, side=side, last_at=at) for side in sorted(set(parties) - set(old)))
    known = set(pairs_of(old))
    session.add_all(AgreementPair(agreement_id=agreement.id, pair=pair, last_at=at) for pair in pairs_of(parties) if pair not in known)
    session.flush()


def extend_agreement(session: Session, agreement: Agreement, claim: Claim) -> None:
    """Take in what a claim adds: its time and its names, and a kind or parties where the agreement had none."""
    agreement.first_at, agreement.last_at = min(agreement.first_at, claim.at), max(agreement.last_at, claim.at)
    for attribute in ("names", "context", "topics"):
        both = sorted({*getattr(agreement, attribute), *getattr(claim, attribute)})
        if both != getattr(agreement, attribute):
            setattr(agreement, attribute, both)
    for table in (AgreementParty, AgreementPair):
        session.exec(update(table).where(col(table.agreement_id) == agreement.id).values(last_at=agreement.last_at))
    session.flush()


def every_agreement(session: Session) -> list[Agreement]:
    """Every agreement of a small store, oldest first (for `sayso analyse`, never for the service)."""
    return list(session.exec(select(Agreement).order_by(col(Agreement.first_at), col(Agreement.id))))
