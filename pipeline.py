"""One article's way: process (read the page, find its statements) and judge (agreements, contradictions, alerts).

Plain functions over a database, so that the worker's tasks, `sayso analyse` and the tests run the very same code. Every
function may run twice and may be killed anywhere: an article is claimed by compare-and-set on its stage, slow work is
done outside transactions, and what belongs together is written in one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from extract.document import LANGUAGES, Document, Kind, Publisher
from extract.fingerprint import fingerprint
from extract.page import ExtractError, read_page
from extract.people import fold, people_named
from extract.pipeline import MAX_CHARACTERS, READER, read
from extract.statement import Outcome, Stance, Statement
from ledger.edits import Said, changes
from placing import left_by, place_anew, refind
from store.alerts import Transaction
from store.articles import Article, Stage, claim_article, original_of, page_body, release
from store.corrections import keep_corrections
from store.database import Database
from store.people import remember_people, sides_of_people
from store.sources import Source
from store.statements import StatementRow, replace_statements, statements_of_article
from store.types import row_id
from store.versions import overtaken, record_edit, supersede, version_before, version_that_spoke

MAX_ATTEMPTS = 3          # an article that ended its worker this often is put aside
COPY_LENGTH = 200         # characters from which an equal fingerprint means a copy

log = structlog.get_logger()
Crash = Callable[[str], None]


def warm_up() -> None:
    """Load what reading needs, so that the first article does not wait for it."""
    for language, text in (("en", "Kenya and Uganda signed an agreement, the minister said."), ("es", "El ministro dijo que firmaron un acuerdo.")):
        read(Document("", text, language))


def no_crash(point: str) -> None:
    """The hook at named crash points that does nothing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging an article found: new findings, and the alerts that wait to be delivered."""

    findings: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


def process(database: Database, article_id: str, *, now: datetime, lease_seconds: int = 60, crash: Crash = no_crash) -> Outcome | None:
    """Read an article's page and find its statements; its outcome, or None if there was nothing to do.

    The outcome `statements` means that it waits to be judged; every other one is its end.
    """
    until = now + timedelta(seconds=lease_seconds)
    with database.writing() as session:
        article = claim_article(session, article_id, (Stage.fetched, Stage.read), now, until)
        if article is None:
            return None
        if article.attempts > MAX_ATTEMPTS:
            return _end(article, Outcome.error, f"gave up after {MAX_ATTEMPTS} attempts")
        source = session.get_one(Source, article.source_id)
        body = page_body(session, article_id) if article.stage == Stage.fetched else None
    if article.stage == Stage.fetched:
        outcome = _read(database, article, body, crash)
        if outcome is not None:
            return outcome
    found = read(document_of(database, article, source))
    rows = [row_of(article, position, statement) for position, statement in enumerate(found.statements)]
    with database.writing() as session:
        replace_statements(session, article_id, rows)
        article = session.get_one(Article, article_id)
        article.reader, article.language = READER, article.language or found.language
        crash("process_before_commit")
        if not rows and article.version == 1:      # an edit that leaves nothing is judged too: it takes the place of what was said
            return _end(article, found.outcome, None)
        release(article, Stage.extracted)
    if found.people:          # a help for later articles, so that it may be lost with the process
        with database.writing(lock="people") as session:
            remember_people(session, [(fold(name), name, side) for name, side in found.people], article.published_at or article.fetched_at)
    return Outcome.statements


def document_of(database: Database, article: Article, source: Source) -> Document:
    """The article as the reader takes it, with the sides of the people in it whom earlier articles placed."""
    title, text = article.title or "", article.text or ""
    people: dict[str, str] = {}
    if article.language in LANGUAGES:
        named = people_named(f"{title}\n\n{text[:MAX_CHARACTERS]}", article.language)
        with database.reading() as session:
            people = sides_of_people(session, named, article.published_at or article.fetched_at)
    publisher = Publisher(source.name, Kind(source.kind), source.side)
    return Document(title, text, article.language, article.published_at, publisher, people)


def _read(database: Database, article: Article, body: bytes | None, crash: Crash) -> Outcome | None:
    """Read the page into the article; an outcome if it ends there."""
    crash("process_before_read")
    try:
        page = read_page(body or b"", article.url, hinted_title=article.hinted_title, hinted_at=article.hinted_at, fetched_at=article.fetched_at)
    except ExtractError as error:
        with database.writing() as session:
            return _end(session.get_one(Article, article.id), Outcome.error, str(error))
    with database.writing() as session:
        stored = session.get_one(Article, article.id)
        stored.title, stored.text, stored.language = page.title, page.text, page.language
        stored.published_at = page.published or stored.fetched_at
        stored.fingerprint = fingerprint(page.text)
        stored.stage = Stage.read
        if not page.text:
            return _end(stored, Outcome.no_text, "the page has no text")
        before = version_before(session, stored) if stored.version > 1 else None
        if before is not None and (before.title, before.text) == (page.title, page.text):
            return _end(stored, Outcome.duplicate, f"the same text as version {before.version}")
        original = original_of(session, stored) if len(page.text) >= COPY_LENGTH else None
        if original is not None:
            stored.duplicate_of = original.id
            return _end(stored, Outcome.duplicate, f"a copy of {original.url}")
    article.title, article.text, article.language = page.title, page.text, page.language
    article.published_at = page.published or article.fetched_at
    return None


def judge(database: Database, article_id: str, *, now: datetime, lease_seconds: int = 60, crash: Crash = no_crash) -> Judged:
    """Put an article's statements to their agreements, find what is new, and write the alerts, all in one transaction.

    The claim is a transaction of its own, so that an article whose judging always fails is counted and put aside.
    """
    with database.writing() as session:
        article = claim_article(session, article_id, (Stage.extracted,), now, now + timedelta(seconds=lease_seconds))
        if article is None:
            return Judged()
        if article.attempts > MAX_ATTEMPTS:
            _end(article, Outcome.error, f"gave up judging after {MAX_ATTEMPTS} attempts")
            return Judged()
    with database.writing(lock="ledger") as session:
        article = session.get_one(Article, article_id)
        if article.stage != Stage.extracted:        # somebody else judged it while this one waited for the lock
            return Judged()
        source = session.get_one(Source, article.source_id)
        rows = statements_of_article(session, article_id)
        if overtaken(session, article):
            _end(article, Outcome.duplicate, "a later version of the page was judged before it")
            return Judged()
        edited = _take_place(session, article, rows, now) if article.version > 1 else []
        touched = dict.fromkeys([*place_anew(session, rows, source), *left_by(session, edited)])
        new, alerts = refind(session, touched, now)
        article.outcome = Outcome.statements if rows else Outcome.no_statements
        release(article, Stage.judged)
        crash("judge_before_commit")
    return Judged(tuple(new), tuple(alerts))


def _take_place(session: Transaction, article: Article, rows: list[StatementRow], now: datetime) -> list[str]:
    """Let an edited article take the place of the versions before, and keep what it changed; the ids of the agreements that lose words."""
    before = version_that_spoke(session, article)
    if before is not None:
        spoken = statements_of_article(session, before.id)
        told = changes([_as_said(row) for row in spoken], [_as_said(row) for row in rows])
        record_edit(session, before, article, [change.words for change in told], now)
        keep_corrections(session, spoken, rows)
    return supersede(session, article)


def _as_said(row: StatementRow) -> Said:
    return Said(row.side, Stance(row.stance), row.speaker, row.quote)


def row_of(article: Article, position: int, statement: Statement) -> StatementRow:
    """A statement as it is stored."""
    agreement, evidence = statement.agreement, statement.evidence
    return StatementRow(
        id=row_id(article.id, statement.side, statement.speaker, statement.stance, evidence.start, agreement.key), article_id=article.id,
        position=position, speaker=statement.speaker, role=statement.role, side=statement.side, side_name=statement.side_name,
        stance=statement.stance.value,
        stage=statement.stage.value if statement.stage else None, evidence_start=evidence.start, evidence_end=evidence.end,
        in_title=evidence.in_title, quote=statement.quote, confidence=statement.confidence, reasons=list(statement.reasons),
        agreement_key=agreement.key, kind=agreement.kind, parties=sorted(agreement.parties), names=list(agreement.names),
        anaphoric=agreement.anaphoric, named=sorted(agreement.named), context=sorted(agreement.context), topics=list(agreement.topics),
        said_at=article.published_at or article.fetched_at)


def _end(article: Article, outcome: Outcome, reason: str | None) -> Outcome:
    article.outcome, article.outcome_reason = outcome, reason
    release(article, Stage.judged)
    log.info("article_ended", article=article.id, outcome=str(outcome), reason=reason)
    return outcome
