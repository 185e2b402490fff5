"""What is put down again when an article arrives after others of its day: the day's statements, and agreements that come to nothing."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from ledger.contradictions import finding_id
from store.agreements import Agreement
from store.alerts import Alert
from store.articles import Article
from store.clocks import ClockRow
from store.findings import Contradiction, Reversal
from store.keys import unindex
from store.sources import Source
from store.statements import StatementRow
from store.subscriptions import Silence


def of_the_day(session: Session, agreements: Collection[str], day: date, limit: int) -> list[StatementRow]:
    """The statements on these agreements that were made on one day (UTC), in their order, `limit` at most."""
    start = datetime.combine(day, time(), UTC)
    query = select(StatementRow).where(col(StatementRow.agreement_id).in_(sorted(agreements)), col(StatementRow.said_at) >= start,
                                       col(StatementRow.said_at) < start + timedelta(days=1))
    order = (col(StatementRow.said_at), col(StatementRow.article_id), col(StatementRow.position))
    return list(session.exec(query.order_by(*order).limit(limit)))


def sources_of(session: Session, articles: Collection[str]) -> dict[str, Source]:
    """The sources of articles, by the articles' ids."""
    query = select(Article.id, Source).join(Source, col(Source.id) == col(Article.source_id)).where(col(Article.id).in_(sorted(articles)))
    return dict(session.exec(query).all())


def hand_over(session: Session, agreement: str, heir: str | None) -> None:
    """Let findings go where the two sentences went that they rest on, with their alerts, so that nobody hears twice of what he heard already.

    `heir` is given where the agreement is to be removed: it takes its silences, and the findings whose sentences came apart.
    """
    for row in session.exec(select(Contradiction).where(col(Contradiction.agreement_id) == agreement)).all():
        there = _whither(session, (row.confirming_statement, row.denying_statement)) or heir
        if there not in {None, agreement}:
            new = finding_id("contradiction", str(there), *sorted((row.confirming_side, row.denying_side)))
            if session.get(Contradiction, new) is None:
                session.add(Contradiction(**{**row.model_dump(), "id": new, "agreement_id": there}))
            _renamed(session, row, new)
    for turned in session.exec(select(Reversal).where(col(Reversal.agreement_id) == agreement)).all():
        there = _whither(session, (turned.before_statement, turned.after_statement)) or heir
        if there not in {None, agreement}:
            new = finding_id("reversal", str(there), turned.side)
            if session.get(Reversal, new) is None:
                session.add(Reversal(**{**turned.model_dump(), "id": new, "agreement_id": there}))
            _renamed(session, turned, new)
    if heir is not None:
        session.exec(update(Silence).where(col(Silence.agreement_id) == agreement).values(agreement_id=heir))
    session.flush()


def _whither(session: Session, statements: tuple[str, str]) -> str | None:
    """The one agreement on which both statements lie; None where they came apart."""
    places = set(session.exec(select(StatementRow.agreement_id).where(col(StatementRow.id).in_(statements))))
    return places.pop() if len(places) == 1 else None


def forget_agreement(session: Session, agreement_id: str) -> None:
    """Let an agreement that nobody speaks of any more be found by nothing; what was found on it stays on record."""
    unindex(session, agreement_id)
    session.exec(delete(ClockRow).where(col(ClockRow.agreement_id) == agreement_id))
    session.flush()


def remove_agreement(session: Session, agreement_id: str) -> None:
    """Take out an agreement that no statement is about any more."""
    forget_agreement(session, agreement_id)
    session.exec(delete(Agreement).where(col(Agreement.id) == agreement_id))
    session.flush()


def _renamed(session: Session, row: Contradiction | Reversal, new: str) -> None:
    heard = select(Alert.subscription_id).where(col(Alert.finding_id) == new)
    session.exec(update(Alert).where(col(Alert.finding_id) == row.id, col(Alert.subscription_id).not_in(heard)).values(finding_id=new))
    session.delete(row)
    session.flush()
