"""`sayso analyse`: articles in a file through the service's own pipeline, on an empty store of its own."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

import pipeline
from extract.document import LANGUAGES, Kind
from extract.fingerprint import fingerprint
from extract.page import clean
from store.agreements import every_agreement
from store.articles import Article, Stage
from store.database import Database
from store.findings import contradictions_in, reversals_in
from store.schema import upgrade
from store.sources import Source
from store.statements import every_statement
from store.types import row_id


class SourceLine(BaseModel):
    """The `source` of an article line."""

    model_config = ConfigDict(extra="ignore")

    name: str
    kind: Kind
    side: str | None = None


class ArticleLine(BaseModel):
    """One line of the input."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    source: SourceLine
    language: str | None = None
    published: datetime
    title: str
    text: str

    @field_validator("language")
    @classmethod
    def _known(cls, language: str | None) -> str | None:
        if language is not None and language not in LANGUAGES:
            raise ValueError(f"unknown language {language!r}: give one of {', '.join(LANGUAGES)}, or null to have it detected")
        return language

    @field_validator("published")
    @classmethod
    def _aware(cls, published: datetime) -> datetime:
        return published if published.tzinfo else published.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was skipped: its number, counted from 1, and what to do about it."""

    number: int
    reason: str


def parse_lines(lines: Iterable[str]) -> Iterator[ArticleLine | BadLine]:
    """Each line as an article, or as what is wrong with it; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield ArticleLine.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            yield BadLine(number, f"no JSON ({error.msg} at column {error.colno})")
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            yield BadLine(number, f"field {where!r} is missing" if first["type"] == "missing" else f"field {where!r}: {first['msg']}")


def analyse(articles: Iterable[ArticleLine]) -> dict[str, Any]:
    """What the service would have found in `articles`, handed to it in order of publication (shape: docs/analyse.md)."""
    database = Database("sqlite://")
    upgrade(database)
    names: dict[str, str] = {}
    for article in sorted(articles, key=lambda a: (a.published, a.id)):
        article_id = row_id(article.id, 1)
        names[article_id] = article.id
        _store(database, article_id, article)
        pipeline.process(database, article_id, now=article.published)
        pipeline.judge(database, article_id, now=article.published)
    answer = _answer(database, names)
    database.close()
    return answer


def analyse_lines(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The same for lines that are parsed already, as `sayso evaluate` hands them over."""
    return analyse(ArticleLine.model_validate(line) for line in lines)


def _store(database: Database, article_id: str, article: ArticleLine) -> None:
    source_id = row_id(article.source.name, article.source.kind, article.source.side)
    text = clean(article.text)
    with database.writing() as session:
        if session.get(Source, source_id) is None:
            session.add(Source(id=source_id, name=article.source.name, kind=article.source.kind, side=article.source.side, languages=[],
                               follow="file", url=f"file:{source_id}", enabled=False))
            session.flush()
        if session.get(Article, article_id) is None:
            session.add(Article(id=article_id, source_id=source_id, url=f"file:{article.id}", fetched_at=article.published,
                                title=clean(article.title), text=text, language=article.language, published_at=article.published, stage=Stage.read,
                                fingerprint=fingerprint(text)))


def _answer(database: Database, names: dict[str, str]) -> dict[str, Any]:
    with database.reading() as session:
        rows = every_statement(session)
        number = {row.id: n for n, row in enumerate(rows)}
        called = {row.side: row.side_name for row in rows if row.side_name}
        return {
            "statements": [{
                "article": names[row.article_id], "side": called.get(row.side, row.side),
                "speaker": row.speaker, "stance": row.stance, "stage": row.stage,
                "agreement": row.agreement_id,
                "evidence": {"start": None if row.in_title else row.evidence_start, "end": None if row.in_title else row.evidence_end,
                             "text": row.quote},
                "confidence": row.confidence, "reasons": row.reasons,
            } for row in rows],
            "agreements": [{"id": a.id, "label": a.label, "kind": a.kind, "parties": a.parties} for a in every_agreement(session)],
            "contradictions": [{"agreement": c.agreement_id, "sides": sorted(called.get(s, s) for s in (c.confirming_side, c.denying_side)),
                                "statements": [number[c.confirming_statement], number[c.denying_statement]]} for c in contradictions_in(session)],
            "reversals": [{"agreement": r.agreement_id, "side": called.get(r.side, r.side),
                           "statements": [number[r.before_statement], number[r.after_statement]]}
                          for r in reversals_in(session)],
        }
