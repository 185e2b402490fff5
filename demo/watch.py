"""How far the demo has come, counted in the database that the service works on."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from store.counts import tallies, vitals
from store.database import Database


@dataclass(frozen=True, slots=True)
class Progressed:
    """How many pages and alerts are how far."""

    fetched: int
    read: int
    judged: int
    alerts: int
    delivered: int


def look(database: Database) -> Progressed:
    """Count now."""
    with database.reading() as session:
        articles = tallies(session).articles
        alerts = vitals(session, datetime.now(UTC)).alerts
    stages: Counter[str] = Counter()
    for (stage, _), count in articles.items():
        stages[stage] += count
    total = stages.total()
    return Progressed(total, total - stages["fetched"], stages["judged"], sum(alerts.values()), alerts.get("delivered", 0))
