"""What agreements are found by: their pairs of parties, their parties, their names. Each key is answered from an index on (key, last_at)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import Index, delete, false, update
from sqlmodel import Field, Session, SQLModel, col

from store.types import UtcDateTime

MOST_PAIRS = 15        # of the parties of one agreement: six sides
MOST_NAMES = 20        # of one agreement by which it is found


class AgreementPair(SQLModel, table=True):
    """Two parties together, so that the many agreements of one side do not hide the few it has with another."""

    __tablename__ = "agreement_pair"
    __table_args__ = (Index("ix_agreement_pair_pair_last", "pair", "last_at"), Index("ix_agreement_pair_kind_last", "pair", "kind", "last_at"))

    agreement_id: str = Field(primary_key=True, foreign_key="agreement.id")
    pair: str = Field(primary_key=True)                    # two sides in order, joined by "+"
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})
    last_at: datetime = Field(sa_type=UtcDateTime)


class AgreementParty(SQLModel, table=True):
    """One party, and whether it is the only one that the agreement has."""

    __tablename__ = "agreement_party"
    __table_args__ = (Index("ix_agreement_party_side_last", "side", "last_at"), Index("ix_agreement_party_kind_last", "side", "kind", "last_at"),
                      Index("ix_agreement_party_alone_last", "side", "alone", "last_at"))

    agreement_id: str = Field(primary_key=True, foreign_key="agreement.id")
    side: str = Field(primary_key=True)
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})
    alone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    last_at: datetime = Field(sa_type=UtcDateTime)


class AgreementName(SQLModel, table=True):
    """One name, in any language."""

    __tablename__ = "agreement_name"
    __table_args__ = (Index("ix_agreement_name_name_last", "name", "last_at"),)

    agreement_id: str = Field(primary_key=True, foreign_key="agreement.id")
    name: str = Field(primary_key=True)
    last_at: datetime = Field(sa_type=UtcDateTime)


def pairs_of(parties: Iterable[str]) -> list[str]:
    """The keys of all pairs of `parties`."""
    return ["+".join(pair) for pair in combinations(sorted(set(parties)), 2)][:MOST_PAIRS]


def index(session: Session, agreement_id: str, kind: str, parties: Sequence[str], names: Sequence[str], last_at: datetime) -> None:
    """Let an agreement be found by these, and by nothing else."""
    unindex(session, agreement_id)
    session.add_all(AgreementParty(agreement_id=agreement_id, side=side, kind=kind, alone=len(parties) == 1, last_at=last_at)
                    for side in sorted(set(parties)))
    session.add_all(AgreementPair(agreement_id=agreement_id, pair=pair, kind=kind, last_at=last_at) for pair in pairs_of(parties))
    session.add_all(AgreementName(agreement_id=agreement_id, name=name, last_at=last_at) for name in sorted(set(names))[:MOST_NAMES])
    session.flush()


def unindex(session: Session, agreement_id: str) -> None:
    """Let an agreement be found by nothing."""
    for table in (AgreementParty, AgreementPair, AgreementName):
        session.exec(delete(table).where(col(table.agreement_id) == agreement_id))


def spoken_of(session: Session, agreement_id: str, last_at: datetime) -> None:
    """Say when an agreement was last spoken of."""
    for table in (AgreementParty, AgreementPair, AgreementName):
        session.exec(update(table).where(col(table.agreement_id) == agreement_id).values(last_at=last_at))
