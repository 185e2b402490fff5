"""Versions of a page: an edited one takes the place of the one before, and what it changed is kept."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Column, update
from sqlmodel import Field, Session, SQLModel, col, select

from store.articles import READ, Article, FetchedPage, Page, Stage, page_body
from store.statements import StatementRow
from store.types import UtcDateTime, row_id


class Edit(SQLModel, table=True):
    """What the statements of an edited article say otherwise than those of the version before."""

    __tablename__ = "edit"

    article_id: str = Field(primary_key=True, foreign_key="article.id")     # the version that changed them
    before_id: str = Field(foreign_key="article.id")
    changes: list[str] = Field(sa_column=Column(JSON, nullable=False))      # each in a sentence
    found_at: datetime = Field(sa_type=UtcDateTime, index=True)


def store_version(session: Session, page: FetchedPage) -> str | None:
    """Store a page that was fetched again as the next version of its article; its id, or None where nothing changed or none was stored."""
    newest = session.exec(select(Article).where(col(Article.url) == page.url).order_by(col(Article.version).desc()).limit(1)).first()
    if newest is None or page_body(session, newest.id) == page.body:
        return None
    article_id = row_id(page.url, newest.version + 1)
    session.add(Article(id=article_id, source_id=newest.source_id, url=page.url, link=newest.link, version=newest.version + 1,
                        fetched_at=page.fetched_at, etag=page.etag, last_modified=page.last_modified, hinted_title=page.hinted_title,
                        hinted_at=page.hinted_at or newest.hinted_at, stage=Stage.fetched))
    session.flush()
    session.add(Page(article_id=article_id, content_type=page.content_type, body=zlib.compress(page.body)))
    session.flush()
    return article_id


def version_before(session: Session, article: Article) -> Article | None:
    """The version that an article is compared with: the newest one before it that has a text."""
    query = select(Article).where(col(Article.url) == article.url, col(Article.version) < article.version,
                                  col(Article.text).is_not(None), col(Article.text) != "")
    return session.exec(query.order_by(col(Article.version).desc()).limit(1)).first()


def version_that_spoke(session: Session, article: Article) -> Article | None:
    """The version whose statements stand until an article takes their place: the newest one before it that was read to the end."""
    query = select(Article).where(col(Article.url) == article.url, col(Article.version) < article.version, col(Article.outcome).in_(READ))
    return session.exec(query.order_by(col(Article.version).desc()).limit(1)).first()


def overtaken(session: Session, article: Article) -> bool:
    """Whether a later version of the page was read and judged before this one."""
    later = select(Article.id).where(col(Article.url) == article.url, col(Article.version) > article.version,
                                     col(Article.stage) == str(Stage.judged), col(Article.outcome).in_(READ))
    return session.exec(later.limit(1)).first() is not None


def supersede(session: Session, article: Article) -> list[str]:
    """Let an article take the place of all versions before: their statements stay on record and are about no agreement. The ids of those."""
    earlier = session.exec(select(Article.id).where(col(Article.url) == article.url, col(Article.version) < article.version)).all()
    own = col(StatementRow.article_id).in_(earlier)
    touched = sorted({each for each in session.exec(select(StatementRow.agreement_id).where(own)) if each})
    session.exec(update(Article).where(col(Article.id).in_(earlier)).values(superseded_by=article.id))
    session.exec(update(StatementRow).where(own).values(agreement_id=None, identity_reason="its article was edited since"))
    session.flush()
    session.expire_all()
    return touched


def record_edit(session: Session, before: Article, article: Article, changes: Sequence[str], now: datetime) -> None:
    """Keep what an edit changed, where it changed anything."""
    if changes:
        session.merge(Edit(article_id=article.id, before_id=before.id, changes=list(changes), found_at=now))
        session.flush()


def edit_of(session: Session, article_id: str) -> Edit | None:
    """What an article changed of the version before; None where it is the first, or says the same."""
    return session.get(Edit, article_id)
