"""Statements: who said what about which agreement, with the evidence."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from store.types import UtcDateTime


class StatementRow(SQLModel, table=True):
    """An attribution resolved, as stored. `extract.statement.Statement` is the same thing before it has a place here."""

    __tablename__ = "statement"

    id: str = Field(primary_key=True)                      # row_id(article, side, stance, evidence, agreement key)
    article_id: str = Field(foreign_key="article.id", index=True)
    position: int                                          # order within the article
    speaker: str
    role: str | None = None
    side: str
    stance: str
    evidence_start: int
    evidence_end: int
    in_title: bool = False
    quote: str
    confidence: float
    reasons: list[str] = Field(sa_column=Column(JSON, nullable=False))
    agreement_key: str                                     # tells the agreements of one article apart
    kind: str
    parties: list[str] = Field(sa_column=Column(JSON, nullable=False))
    names: list[str] = Field(sa_column=Column(JSON, nullable=False))
    anaphoric: bool = False
    said_at: datetime = Field(sa_type=UtcDateTime)         # when its article was published
    agreement_id: str | None = Field(default=None, foreign_key="agreement.id", index=True)
    identity_reason: str | None = None                     # why it was put to that agreement
