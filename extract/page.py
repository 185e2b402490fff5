"""From a page's bytes to a document: trafilatura for the text and the page's own metadata, htmldate for the date, py3langid
for the language, each asked only where what came before does not know.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import htmldate
import trafilatura
from lxml import etree
from lxml import html as lxml_html

from extract.document import LANGUAGES
from extract.language import detect

MAX_BYTES = 10_000_000       # larger bodies are refused unread: trafilatura took 29 s and 1.7 GB on 27 MB of <p>
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class ExtractError(Exception):
    """A page that cannot be read; says why."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a page says of itself."""

    title: str
    text: str                       # paragraphs separated by an empty line
    language: str | None
    published: datetime | None


def read_page(body: bytes, url: str, *, hinted_title: str | None = None, hinted_at: datetime | None = None,
              fetched_at: datetime | None = None) -> ReadPage:
    """Read a page's title, text, language and date; hints are what its feed said and win over what the page guesses.

    A date in the future of `fetched_at` is clamped to it. Raises ExtractError for a body that is too large or no HTML.
    """
    if len(body) > MAX_BYTES:
        raise ExtractError(f"{url}: {len(body):,} bytes, more than {MAX_BYTES:,}")
    tree = trafilatura.load_html(body)
    if tree is None:
        raise ExtractError(f"{url}: no HTML")
    document = trafilatura.bare_extraction(tree, url=url, favor_precision=False, include_comments=False, include_tables=True,
                                           with_metadata=True, deduplicate=False)
    if isinstance(document, dict):
        raise ExtractError(f"{url}: not read as a document")
    raw = document.text if document is not None else None
    lines = [line.strip() for line in (raw or "").split("\n") if line.strip()]
    title = clean(hinted_title or _title(document.title if document is not None else None, document.sitename if document is not None else None))
    if lines and _same(lines[0], title):     # the headline is no sentence of the text
        lines = lines[1:]
    text = clean("\n\n".join(lines))
    published = hinted_at or _metadata_date(body) or _guessed_date(body, url)
    if published is not None and fetched_at is not None and published > fetched_at:
        published = fetched_at
    return ReadPage(title, text, _language(body, text), published)


def clean(text: str) -> str:
    """`text` without characters that no database or mail takes: NUL, other controls, lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def _same(one: str, other: str) -> bool:
    """Whether two headlines are the same but for case, punctuation and what a site adds at an end."""
    first, second = (" ".join(re.findall(r"\w+", text.lower())) for text in (one, other))
    return bool(first) and (first == second or (len(first) > 20 and (second.startswith(first) or (first.startswith(second) and len(second) > 20))))


def _title(found: str | None, site: str | None) -> str:
    title = html.unescape(found or "").strip()
    for mark in (" | ", " – ", " — ", " - ", " :: "):
        head, _, tail = title.rpartition(mark)
        if head and site and tail.strip().lower() == site.strip().lower():
            return head.strip()
    return title


def _language(body: bytes, text: str) -> str | None:
    """The page's own `lang` where the text does not speak against it; py3langid otherwise."""
    declared = re.search(rb"<html[^>]*\blang=[\"']?([a-zA-Z]{2})", body[:4000])
    code = declared.group(1).decode().lower() if declared else None
    detected = detect(text)
    return detected if detected is not None and (code not in LANGUAGES or len(text) > 300) else code


def _metadata_date(body: bytes) -> datetime | None:
    """The time that the page's own metadata gives, with its hour and zone, which htmldate drops."""
    try:
        tree = lxml_html.fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    values = tree.xpath("//meta[@property='article:published_time' or @name='article:published_time' or @itemprop='datePublished' "
                        "or @name='DC.date.issued' or @name='dcterms.issued']/@content")
    values += _PUBLISHED.findall(body.decode("utf-8", "replace"))
    values += tree.xpath("//time[@pubdate or @itemprop='datePublished']/@datetime")
    for value in values:
        given = str(value).strip()
        try:
            at = datetime.fromisoformat(given.replace("Z", "+00:00"))
        except ValueError:
            continue
        at = _end_of_day(at) if len(given) <= len("2025-06-26") else at if at.tzinfo else at.replace(tzinfo=UTC)
        if at > EARLIEST:
            return at.astimezone(UTC)
    return None


def _guessed_date(body: bytes, url: str) -> datetime | None:
    found = htmldate.find_date(body, url=url, original_date=True, outputformat="%Y-%m-%d", extensive_search=True)
    return _end_of_day(datetime.strptime(found, "%Y-%m-%d")) if found else None


def _end_of_day(day: datetime) -> datetime:
    """When a page that tells its day and no hour was published at the latest.

    A followed source is looked at within minutes, so the clamp to the time of fetching then gives the hour; midnight would
    put an answer before what it answers.
    """
    return day.replace(hour=23, minute=59, second=59, tzinfo=UTC)
