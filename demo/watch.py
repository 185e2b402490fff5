"""How far the demo has come, counted in the database that the service works on."""

from dataclasses import dataclass

from store.counts import alerts_by_state, articles_by_stage
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
        stages, alerts = articles_by_stage(session), alerts_by_state(session)
    total = sum(stages.values())
    return Progressed(total, total - stages.get("fetched", 0), stages.get("judged", 0), sum(alerts.values()), alerts.get("delivered", 0))
