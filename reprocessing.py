"""`sayso reprocess`: the present reader over stored articles, what that changes, and only when asked for the change itself.

The articles are read first, outside any transaction. Then one transaction puts the new statements in place of the old ones, judges them in
order of time and finds who contradicts whom; without `apply` it is rolled back. Nobody is told of anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from extract.pipeline import READER, read
from extract.statement import Outcome
from pipeline import document_of, row_of
from placing import official_of, place, refind
from store.agreements import Agreement
from store.alerts import Transaction
from store.articles import Article, read_articles
from store.corrections import mark
from store.database import Database
from store.findings import open_findings
from store.sources import Source
from store.statements import StatementRow, replace_statements, statements_of_article


@dataclass(frozen=True, slots=True)
class Change:
    """What is gained and what is lost of one thing, in words."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading again changes."""

    articles: int
    statements: Change
    agreements: Change
    findings: Change
    applied: bool


class _NotApplied(Exception):
    """Rolls the transaction back."""


def reprocess(database: Database, since: datetime, source_id: str | None, now: datetime, *, apply: bool,
              progress: Callable[[int, int], None]) -> Difference:
    """Read the articles published since `since` again; `progress` is told after each how many of how many are read."""
    with database.reading() as session:
        ids = read_articles(session, since, source_id)
    fresh: list[tuple[str, list[StatementRow]]] = []
    for number, article_id in enumerate(ids, 1):
        with database.reading() as session:
            article = session.get_one(Article, article_id)
            source = session.get_one(Source, article.source_id)
        found = read(document_of(database, article, source))
        fresh.append((article_id, [row_of(article, position, one) for position, one in enumerate(found.statements)]))
        progress(number, len(ids))
    found_difference: list[Difference] = []
    try:
        with database.writing(lock="ledger") as session:
            found_difference.append(_replaced(session, fresh, now, apply=apply))
            if not apply:
                raise _NotApplied
    except _NotApplied:
        pass
    return found_difference[0]


def _replaced(session: Transaction, fresh: Sequence[tuple[str, list[StatementRow]]], now: datetime, *, apply: bool) -> Difference:
    before, open_before = _statements(session, [article_id for article_id, _ in fresh]), open_findings(session)
    told = sorted({row.agreement_id for row in before.values() if row.agreement_id})
    touched = set(told)
    words = {key: _said(row) for key, row in before.items()}
    for article_id, rows in fresh:
        article = session.get_one(Article, article_id)
        replace_statements(session, article_id, rows)
        touched |= set(place(session, rows, official_of(rows, session.get_one(Source, article.source_id))).touched)
        article.reader, article.outcome = READER, Outcome.statements if rows else Outcome.no_statements
    refind(session, sorted(touched), now, tell=False)
    after, open_after = _statements(session, [article_id for article_id, _ in fresh]), open_findings(session)
    labels = {each: session.get_one(Agreement, each).label for each in touched}
    tells = {row.agreement_id for row in after.values()}
    return Difference(
        len(fresh), _change(words, {key: _said(row) for key, row in after.items()}),
        _change({each: labels[each] for each in told}, {each: labels[each] for each in sorted(touched) if each in tells}),
        _change(open_before, open_after), apply)


def _statements(session: Transaction, articles: Sequence[str]) -> dict[str, StatementRow]:
    return {mark(row): row for article_id in articles for row in statements_of_article(session, article_id)}


def _said(row: StatementRow) -> str:
    return f"{row.side} {row.stance} · {row.speaker} · “{row.quote}”"


def _change(before: dict[str, str], after: dict[str, str]) -> Change:
    return Change(tuple(after[key] for key in after if key not in before), tuple(before[key] for key in before if key not in after))
