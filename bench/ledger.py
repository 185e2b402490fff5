"""The ledger's growth: what judging an article costs beside 1,000,000 stored statements, and beside 10,000.

The stored ledgers are made with a realistic skew: a few sides are parties of most agreements, and most agreements have few statements. The
same new articles are judged in both: on SQLite, in CPU time; on PostgreSQL, where it is installed, by the clock, since the server works in
other processes.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from statistics import median
from typing import Any
from unittest.mock import patch

from sqlmodel import insert

import pipeline
from bench import postgres
from bench.rows import Row
from extract.sides import known_sides
from ledger.identify import MAX_CANDIDATES, Candidate
from store.agreements import Agreement
from store.articles import Article, Stage
from store.candidates import close, far, later
from store.database import Database
from store.keys import AgreementPair, AgreementParty, pairs_of
from store.schema import upgrade
from store.sources import Source
from store.statements import StatementRow

FEW, MANY = 10_000, 1_000_000
STATEMENTS = 5             # on one agreement, on average
JUDGED = 150               # articles, two statements each
YEAR = timedelta(days=365)
END = datetime(2025, 12, 31, tzinfo=UTC)
KINDS = ("trade", "ceasefire", "asylum", "energy", "fishing", "debt", "border", "labour")
BATCH = 20_000


def rows() -> Iterator[Row]:
    """What a judged article costs at both sizes, on either database, and how many candidates are looked at a statement."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (_filled(f"sqlite:///{folder}/{size}.db", size) for size in (FEW, MANY))
        small, large, looked = *(_seconds(each, time.process_time) for each in (few, many)), _looked_at(many)
        for database in (few, many):
            database.close()
    yield Row.beside(f"judging beside {MANY:,} statements, SQLite", large * 1000, "ms", reference=small * 1000, at_most=1.5)
    if postgres.program("initdb") is not None:
        with postgres.postgres_server() as server:
            few, many = (_filled(postgres.new_database(server), size) for size in (FEW, MANY))
            small, large = (_seconds(each, time.perf_counter) for each in (few, many))
            for database in (few, many):
                database.close()
        yield Row.beside(f"judging beside {MANY:,} statements, PostgreSQL", large * 1000, "ms", reference=small * 1000, at_most=1.5)
    yield Row.within("candidates a statement, most", max(looked), "agreements", at_most=MAX_CANDIDATES)
    yield Row.within("candidates a statement, median", median(looked), "agreements", at_most=5)


def _filled(url: str, statements: int) -> Database:
    """A ledger of so many statements over a year."""
    database = Database(url)
    upgrade(database)
    chance = random.Random(statements)
    with database.writing() as session:
        session.add(Source(id="s", name="Wire", kind="outlet", side=None, languages=[], follow="file", url="file:s", enabled=False))
        session.flush()
        session.add(Article(id="old", source_id="s", url="https://wire.example/old", fetched_at=END, title="T", text="T", language="en",
                            stage=Stage.judged))
    agreements: list[dict[str, Any]] = []
    parties: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for number in range(statements // STATEMENTS):
        sides, kind, at = _parties(chance), chance.choice(KINDS), END - YEAR * chance.random()
        name = f"g{number}"
        agreements.append({"id": name, "label": name, "kind": kind, "parties": sides, "names": [], "context": sides, "topics": [kind], "first_at": at,
                           "last_at": at})
        parties += [{"agreement_id": name, "side": side, "kind": kind, "alone": False, "last_at": at} for side in sides]
        pairs += [{"agreement_id": name, "pair": pair, "kind": kind, "last_at": at} for pair in pairs_of(sides)]
        said += [_statement(f"{name}-{n}", "old", name, sides, kind, at, chance) for n in range(STATEMENTS)]
    with database.writing() as session:
        for table, values in ((Agreement, agreements), (AgreementParty, parties), (AgreementPair, pairs), (StatementRow, said)):
            for start in range(0, len(values), BATCH):
                session.connection().execute(insert(table), values[start:start + BATCH])
    return database


def _parties(chance: random.Random) -> list[str]:
    """Two sides, the first ones of the list far oftener than the last."""
    sides = sorted(known_sides())
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(sides))))
    chosen: set[str] = set()
    while len(chosen) < 2:
        chosen.update(chance.choices(sides, cum_weights=weights))
    return sorted(chosen)


def _statement(name: str, article: str, agreement: str | None, sides: list[str], kind: str, at: datetime, chance: random.Random) -> dict[str, Any]:
    return {"id": name, "article_id": article, "position": 0, "speaker": "Ana Paz", "side": chance.choice(sides),
            "stance": chance.choice(["confirms", "confirms", "denies", "negotiating"]), "evidence_start": 0, "evidence_end": 9, "in_title": False,
            "quote": "We signed nothing of the sort.", "confidence": 0.8, "reasons": [], "agreement_key": kind, "kind": kind, "parties": sides,
            "names": [], "anaphoric": False, "named": [], "context": sides, "topics": [kind], "said_at": at, "agreement_id": agreement,
            "rejected": False}


def _new(database: Database, first: int) -> list[str]:
    """Store the articles that are to be judged, numbered from `first`: the same in every ledger."""
    chance = random.Random(first)
    ids = []
    with database.writing() as session:
        for number in range(first, first + JUDGED):
            sides, kind, name, at = _parties(chance), chance.choice(KINDS), f"new{number}", END + number * timedelta(minutes=1)
            session.add(Article(id=name, source_id="s", url=f"https://wire.example/{name}", fetched_at=at, title="T", text="T", language="en",
                                published_at=at, stage=Stage.extracted))
            session.flush()
            values = [_statement(f"{name}-{n}", name, None, sides, kind, at, chance) for n in range(2)]
            session.connection().execute(insert(StatementRow), values)
            ids.append(name)
    return ids


def _seconds(database: Database, clock: Callable[[], float]) -> float:
    """Seconds of judging one article, the mean."""
    ids = _new(database, 0)
    began = clock()
    for each in ids:
        pipeline.judge(database, each, now=END)
    return (clock() - began) / len(ids)


def _looked_at(database: Database) -> list[int]:
    """How many candidates the pipeline is offered for each statement, near, far and later ones together."""
    counts: list[int] = []

    def first(*args: Any) -> list[Candidate]:
        offered = close(*args)
        counts.append(len(offered))
        return offered

    def then(ask: Callable[..., list[Candidate]]) -> Callable[..., list[Candidate]]:
        def asked(*args: Any) -> list[Candidate]:
            offered = ask(*args)
            counts[-1] += len(offered)
            return offered
        return asked

    with patch("placing.close", first), patch("placing.far", then(far)), patch("placing.later", then(later)):
        for each in _new(database, JUDGED):
            pipeline.judge(database, each, now=END)
    return counts
