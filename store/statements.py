"""Statements: who said what about which agreement, with the evidence."""

from datetime import datetime

from sqlalchemy import JSON, Column, delete, false
from sqlmodel import Field, Session, SQLModel, col, select

from extract.statement import Stance
from ledger.claim import Claim, telling_words
from store.articles import Article
from store.sources import Source
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
    side_name: str | None = None                           # how its article calls a side that no gazetteer knows
    read_as: str | None = None                             # the side as its article was read, where the ledger calls it otherwise
    stance: str
    stage: str | None = None                               # how far along the agreement is said, or denied, to be
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
    named: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))      # by its own words
    context: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))    # sides of its article
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))     # kinds of its article
    said_at: datetime = Field(sa_type=UtcDateTime)         # when its article was published
    agreement_id: str | None = Field(default=None, foreign_key="agreement.id", index=True)
    identity_reason: str | None = None                     # why it was put to that agreement
    rejected: bool = Field(default=False, sa_column_kwargs={"server_default": false()})     # a person said that it is none


def replace_statements(session: Session, article_id: str, rows: list[StatementRow]) -> None:
    """Make `rows` the statements of an article, in place of those of any earlier run."""
    session.exec(delete(StatementRow).where(col(StatementRow.article_id) == article_id))
    session.add_all(rows)
    session.flush()


def statements_of_article(session: Session, article_id: str) -> list[StatementRow]:
    """The statements of an article in their order."""
    return list(session.exec(select(StatementRow).where(col(StatementRow.article_id) == article_id).order_by(col(StatementRow.position))))


def statements_on(session: Session, agreement_id: str) -> list[StatementRow]:
    """The statements on an agreement in order of time, those too that a person rejected."""
    query = select(StatementRow).where(col(StatementRow.agreement_id) == agreement_id)
    return list(session.exec(query.order_by(col(StatementRow.said_at), col(StatementRow.id))))


def claims_on(session: Session, agreement_id: str, *, rejected: bool = False) -> list[Claim]:
    """Every statement on an agreement as the ledger takes it, in order of time, those that a person rejected only where asked for."""
    query = (select(StatementRow, Source.kind, Source.side).join(Article, col(Article.id) == col(StatementRow.article_id))
             .join(Source, col(Source.id) == col(Article.source_id))
             .where(col(StatementRow.agreement_id) == agreement_id, *([] if rejected else [col(StatementRow.rejected).is_(False)]))
             .order_by(col(StatementRow.said_at), col(StatementRow.id)))
    return [as_claim(row, official=kind == "press_office" and side == row.side) for row, kind, side in session.exec(query)]


def as_claim(row: StatementRow, *, official: bool = False) -> Claim:
    """A stored statement as the ledger takes it."""
    return Claim(id=row.id, article_id=row.article_id, side=row.side, stance=Stance(row.stance), parties=frozenset(row.parties), kind=row.kind,
                 names=frozenset(row.names), at=row.said_at, confidence=row.confidence, official=official, anaphoric=row.anaphoric,
                 named=frozenset(row.named), context=frozenset(row.context), topics=tuple(row.topics), words=telling_words(row.quote))


def every_statement(session: Session) -> list[StatementRow]:
    """Every statement of a small store, in order of time (for `sayso analyse`, never for the service)."""
    return list(session.exec(select(StatementRow).order_by(col(StatementRow.said_at), col(StatementRow.article_id), col(StatementRow.position))))
