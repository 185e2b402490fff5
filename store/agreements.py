"""Agreements: parties, kind, names in every language seen, a window of time."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from store.types import UtcDateTime


class Agreement(SQLModel, table=True):
    """One agreement across articles, languages and months."""

    __tablename__ = "agreement"

    id: str = Field(primary_key=True)                      # row_id of the statement that opened it
    label: str
    kind: str
    parties: list[str] = Field(sa_column=Column(JSON, nullable=False))   # sorted
    names: list[str] = Field(sa_column=Column(JSON, nullable=False))     # in every language seen
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)


class AgreementParty(SQLModel, table=True):
    """The index that offers candidate agreements: one row a party."""

    __tablename__ = "agreement_party"
    __table_args__ = (Index("ix_agreement_party_side_last", "side", "last_at"),)

    agreement_id: str = Field(primary_key=True, foreign_key="agreement.id")
    side: str = Field(primary_key=True)
    last_at: datetime = Field(sa_type=UtcDateTime)
