"""Metrics in Prometheus' text format, made of the database's own figures at the moment of the scrape.

All are gauges, totals included: rows can be deleted, and a figure that may fall is no counter.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from store.alerts import AlertState
from store.counts import Tallies, Vitals
from web.condition import Status, condition


class Figures(Collector):
    """One scrape's figures as metric families."""

    def __init__(self, facts: Vitals, tallied: Tallies, now: datetime) -> None:
        """What was counted at `now`."""
        self._facts = facts
        self._tallied = tallied
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Every family, each with its help text."""
        facts, tallied = self._facts, self._tallied
        yield GaugeMetricFamily("sayso_healthy", "1 when all is well, 0 when /health gives reasons.",
                                value=float(condition(facts, self._now).status is Status.ok))
        articles = GaugeMetricFamily("sayso_articles", "Articles by stage, and by outcome where they are done.",
                                     labels=["stage", "outcome"])
        for (stage, outcome), number in sorted(tallied.articles.items()):
            articles.add_metric([stage, outcome], number)
        yield articles
        yield _by("sayso_articles_waiting", "Articles that wait for a worker.", "stage", facts.waiting)
        waited = 0.0 if facts.oldest_waiting_at is None else (self._now - facts.oldest_waiting_at).total_seconds()
        yield GaugeMetricFamily("sayso_oldest_waiting_seconds", "How long the oldest waiting article has waited.", value=waited)
        yield _by("sayso_statements", "Statements by stance.", "stance", tallied.statements)
        yield GaugeMetricFamily("sayso_agreements", "Agreements.", value=tallied.agreements)
        yield _by("sayso_contradictions", "Contradictions, open and closed.", "state", tallied.contradictions)
        yield GaugeMetricFamily("sayso_reversals", "Reversals.", value=tallied.reversals)
        yield _by("sayso_alerts", "Alerts by state.", "state", {**{state.value: 0 for state in AlertState}, **facts.alerts})
        yield GaugeMetricFamily("sayso_alert_ambiguous_sends", "Deliveries whose acceptance was not seen.",
                                value=tallied.ambiguous_sends)
        yield _by("sayso_sources", "Followed sources by how the last look ended.", "outcome", tallied.sources)
        yield _by("sayso_source_failures", "Looks in a row that failed, by source that has any.", "source", tallied.failing)
        yield _by("sayso_heartbeat_age_seconds", "Time since a process last finished a piece of work.", "process",
                  {name: (self._now - at).total_seconds() for name, at in facts.heartbeats.items()})


def exposition(facts: Vitals, tallied: Tallies, now: datetime) -> bytes:
    """The text that a scrape gets."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(facts, tallied, now))
    return generate_latest(registry)


def _by(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
