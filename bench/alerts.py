"""Alerts: who hears a finding, looked up among a million subscriptions, beside asking each of them.

The subscriptions are made with a realistic skew: most follow one or two sides, a few of which are followed by many, a third a kind of
agreement, and some follow everything that is sure enough. The findings are of any two sides, so that most are followed by few; what the
hits themselves cost is in the first bound.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sqlmodel import insert

from alerts.matching import SubscriptionFacts, hears
from bench.rows import Row
from extract.sides import known_sides
from ledger.finding import Evidence, Finding, FindingType
from store.database import Database
from store.interests import SubscriptionKey, interested, keys_asked, keys_of
from store.schema import upgrade
from store.subscriptions import Subscription

SUBSCRIPTIONS = 1_000_000
FINDINGS = 60
TRIED = 100_000            # subscriptions that are asked one by one; what a million take is ten times that
EVERYTHING = 500           # subscriptions in a million that follow every side
FIXED_MS, EACH_MS = 1.0, 0.005      # what a look-up may take, and what each of its hits may take more
NOW = datetime(2025, 6, 27, 12, tzinfo=UTC)
KINDS = ("trade", "ceasefire", "asylum", "energy", "fishing", "debt", "border", "labour")
BATCH = 20_000


def rows() -> Iterator[Row]:
    """The time of a look-up beside what it may take, and beside asking each."""
    chance = random.Random(1)
    asked = [_asked(n, chance) for n in range(SUBSCRIPTIONS)]
    findings = [_finding(n, chance) for n in range(FINDINGS)]
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder:
        database = _stored(f"sqlite:///{folder}/alerts.db", asked)
        taken, hits = _looked_up(database, findings)
        database.close()
    began = time.perf_counter()
    for facts in asked[:TRIED]:
        hears(facts, findings[0], (), NOW)
    each = (time.perf_counter() - began) * SUBSCRIPTIONS / TRIED
    allowed = sum(FIXED_MS + EACH_MS * count for count in hits) / len(hits)
    yield Row.beside(f"looking up who hears a finding, {SUBSCRIPTIONS:,} subscriptions, {sum(hits) / len(hits):.0f} hits", taken * 1000, "ms",
                     reference=allowed, at_most=1)
    yield Row.beside("the same, beside asking each", 1 / taken, "findings/s", reference=1 / each, at_least=100)


def _looked_up(database: Database, findings: list[Finding]) -> tuple[float, list[int]]:
    """Seconds of one look-up, the mean of the quickest of three rounds, and how many hits each finding has."""
    best, hits = float("inf"), [0] * len(findings)
    with database.reading() as session:
        for _ in range(3):
            began = time.perf_counter()
            for number, finding in enumerate(findings):
                keys = keys_asked({finding.first.side, finding.second.side}, finding.kind, finding.type.value)
                hits[number] = len(interested(session, keys, finding.confidence))
            best = min(best, (time.perf_counter() - began) / len(findings))
    return best, hits


def _asked(number: int, chance: random.Random) -> SubscriptionFacts:
    sides = frozenset[str]() if chance.random() < EVERYTHING / SUBSCRIPTIONS else frozenset(_sides(chance, chance.choice([1, 1, 2])))
    kinds = frozenset([chance.choice(KINDS)]) if chance.random() < 1 / 3 else frozenset[str]()
    return SubscriptionFacts(number + 1, "Desk", sides, kinds, min_confidence=chance.choice([0.5, 0.7, 0.9]))


def _finding(number: int, chance: random.Random) -> Finding:
    one, other = chance.sample(_NAMES, 2)
    first, second = (Evidence(f"s{number}", "Ana Paz", None, side, stance, "We signed nothing.", "en", "Wire", False, "a", "T", "https://wire.example/a",
                              NOW - timedelta(hours=1), 0.8) for side, stance in ((one, "confirms"), (other, "denies")))
    return Finding(f"f{number}", FindingType.contradiction, "g", "label", chance.choice(KINDS), (one, other), first, second, "because", 0.8, NOW)


_NAMES = sorted(known_sides())
_WEIGHTS = list(accumulate(1 / (rank + 1) for rank in range(len(_NAMES))))


def _sides(chance: random.Random, count: int) -> list[str]:
    """So many sides, the first ones of the list far oftener than the last."""
    chosen: set[str] = set()
    while len(chosen) < count:
        chosen.update(chance.choices(_NAMES, cum_weights=_WEIGHTS))
    return sorted(chosen)


def _stored(url: str, asked: list[SubscriptionFacts]) -> Database:
    database = Database(url)
    upgrade(database)
    for start in range(0, len(asked), BATCH):
        part = asked[start:start + BATCH]
        with database.writing() as session:
            session.connection().execute(insert(Subscription), [
                {"id": facts.id, "name": facts.name, "channel": "email", "address": "desk@example.org", "sides": sorted(facts.sides),
                 "kinds": sorted(facts.kinds), "findings": [], "min_confidence": facts.min_confidence, "enabled": True, "created_at": NOW}
                for facts in part])
            session.connection().execute(insert(SubscriptionKey), [
                {"key": key, "subscription_id": facts.id, "min_confidence": facts.min_confidence}
                for facts in part for key in keys_of(facts.sides, facts.kinds, facts.findings)])
    return database
