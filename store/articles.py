"""Articles: one version of one page each, on its way from fetched to judged."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from store.types import UtcDateTime, row_id


class Stage(StrEnum):
    """How far an article has come."""

    fetched = "fetched"
    read = "read"
    extracted = "extracted"
    judged = "judged"


READ = ("statements", "no_statements")       # the outcomes of articles whose text the reader has read


class Article(SQLModel, table=True):
    """One version of one page. `outcome` is set when it is done, and says how it ended."""

    __tablename__ = "article"
    __table_args__ = (UniqueConstraint("url", "version"),)

    id: str = Field(primary_key=True)                      # row_id(url, version)
    source_id: str = Field(foreign_key="source.id", index=True)
    url: str
    link: str | None = Field(default=None, index=True)     # the address its source gave, where a redirect led elsewhere
    version: int = 1
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    etag: str | None = None
    last_modified: str | None = None
    hinted_title: str | None = None                        # what the feed said of it
    hinted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    title: str | None = None
    text: str | None = None
    language: str | None = None
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    fingerprint: int | None = Field(default=None, sa_type=BigInteger, index=True)  # 64-bit simhash, signed
    duplicate_of: str | None = Field(default=None, foreign_key="article.id")
    superseded_by: str | None = Field(default=None, foreign_key="article.id")      # the edited version that took its place
    reader: str | None = None                              # version of the reader that made its statements
    stage: str = Field(default=Stage.fetched, index=True)
    outcome: str | None = Field(default=None, index=True)
    outcome_reason: str | None = None
    attempts: int = 0                                      # claims of the present stage
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Page(SQLModel, table=True):
    """The bytes of an article as they were fetched, compressed with zlib, apart so that articles stay light to list."""

    __tablename__ = "page"

    article_id: str = Field(primary_key=True, foreign_key="article.id")
    content_type: str
    body: bytes = Field(sa_type=LargeBinary)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as the crawler hands it over: where it came from, what its source said of it, and its bytes."""

    source_id: str
    url: str                        # where the bytes were found, after redirects
    link: str                       # the address that the source gave
    hinted_title: str | None
    hinted_at: datetime | None
    fetched_at: datetime
    etag: str | None
    last_modified: str | None
    content_type: str
    body: bytes


def unstored(session: Session, links: Sequence[str]) -> list[str]:
    """Those of `links` (a few hundred at most) that no article was fetched from, in their order."""
    known: set[str] = set()
    either = or_(col(Article.url).in_(links), col(Article.link).in_(links))
    for url, link in session.exec(select(Article.url, Article.link).where(either)):
        known.update((url, link or url))
    return [link for link in links if link not in known]


def store_page(session: Session, page: FetchedPage) -> str | None:
    """Store a page as the first version of an article at stage fetched; its id, or None if its URL is stored already.

    The unique key decides, so two crawlers that bring the same page at once store it once, on either database.
    """
    article_id = row_id(page.url, 1)
    values = {
        "id": article_id, "source_id": page.source_id, "url": page.url, "version": 1, "attempts": 0, "stage": Stage.fetched,
        "link": None if page.link == page.url else page.link, "fetched_at": page.fetched_at, "etag": page.etag,
        "last_modified": page.last_modified, "hinted_title": page.hinted_title, "hinted_at": page.hinted_at,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    added = session.exec(insert(Article).values(**values).on_conflict_do_nothing().returning(col(Article.id)))
    if added.first() is None:  # not by `rowcount`, which PostgreSQL's driver leaves open for an INSERT
        return None
    session.add(Page(article_id=article_id, content_type=page.content_type, body=zlib.compress(page.body)))
    session.flush()
    return article_id


def claim_article(session: Session, article_id: str, stages: Sequence[Stage], now: datetime, until: datetime) -> Article | None:
    """Take an article that is at one of `stages` and that nobody holds, until `until`; None if there is nothing to take."""
    free = or_(col(Article.lease_until).is_(None), col(Article.lease_until) <= now)
    query = select(Article).where(col(Article.id) == article_id, col(Article.stage).in_([str(s) for s in stages]), free)
    article = session.exec(query.with_for_update(skip_locked=True)).first()
    if article is not None:
        article.lease_until, article.attempts = until, article.attempts + 1
        session.flush()
    return article


def page_body(session: Session, article_id: str) -> bytes | None:
    """The bytes that an article was fetched as; None where none are kept."""
    page = session.get(Page, article_id)
    return None if page is None else zlib.decompress(page.body)


def original_of(session: Session, article: Article) -> Article | None:
    """An earlier article with the very same fingerprint, of which this one is a copy."""
    if not article.fingerprint:
        return None
    query = select(Article).where(col(Article.fingerprint) == article.fingerprint, col(Article.url) != article.url,
                                  col(Article.duplicate_of).is_(None)).order_by(col(Article.fetched_at), col(Article.id)).limit(1)
    return session.exec(query).first()


def waiting_articles(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """(id, stage) of articles that nobody holds and that are not judged, the longest waiting first."""
    free = or_(col(Article.lease_until).is_(None), col(Article.lease_until) <= now)
    query = select(Article.id, Article.stage).where(col(Article.stage) != str(Stage.judged), free)
    return list(session.exec(query.order_by(col(Article.fetched_at)).limit(limit)))


def read_articles(session: Session, since: datetime, source_id: str | None) -> list[str]:
    """The ids of judged articles published at `since` or later that the reader has read, of one source where given, in order of time."""
    conditions = [col(Article.superseded_by).is_(None), col(Article.published_at) >= since,
                  col(Article.stage) == str(Stage.judged), col(Article.outcome).in_(READ)]
    if source_id is not None:
        conditions.append(col(Article.source_id) == source_id)
    return list(session.exec(select(Article.id).where(*conditions).order_by(col(Article.published_at), col(Article.id))))


def release(article: Article, stage: Stage) -> None:
    """Move a held article on to `stage` and let go of it."""
    article.stage, article.lease_until, article.attempts = stage, None, 0
