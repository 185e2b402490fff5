"""The outbox: the alerts of a finding are written in the transaction that writes the finding, or not at all.

Whoever judges calls `enqueue` with its own session, commits, and then rings for the ids it got back. A message broker is
not asked: an alert that nobody rang for is found by the sweep.
"""

from datetime import datetime

from alerts.matching import Decision, SilenceFacts, SubscriptionFacts, hears
from ledger.finding import Finding
from store.alerts import Alert, Transaction, add_alerts, alerted, of_another_finding
from store.subscriptions import Silence, Subscription, silences_on, subscriptions_that_may_hear
from store.types import row_id


def enqueue(session: Transaction, finding: Finding, now: datetime) -> list[str]:
    """Write a pending alert for each subscription that hears `finding`; return the ids of those that are new.

    An alert's id names its subscription and its finding, so judging the same article again writes nothing twice.
    """
    silences = [silence_facts(row) for row in silences_on(session, finding.agreement_id, now)]
    rows, told = [], alerted(session, finding.id)
    sides = {finding.first.side, finding.second.side}
    for subscription in subscriptions_that_may_hear(session, sides, finding.kind, finding.type.value, finding.confidence):
        facts = subscription_facts(subscription)
        if facts.id in told:
            continue
        decision = hears(facts, finding, silences, now)
        if decision.tell:
            rows.append(_alert(facts.id, finding, decision, now))
    for row in _named_apart(session, rows, finding.id):
        row.id = row_id(row.subscription_id, finding.id, "again")
    return add_alerts(session, rows)


def _named_apart(session: Transaction, rows: list[Alert], finding_id: str) -> list[Alert]:
    """The rows whose id an alert bears that went to another agreement with its finding."""
    taken = of_another_finding(session, [row.id for row in rows], finding_id)
    return [row for row in rows if row.id in taken]


def subscription_facts(row: Subscription) -> SubscriptionFacts:
    """A stored subscription as the matcher takes it."""
    if row.id is None:
        raise ValueError(f"the subscription {row.name!r} is not stored yet")
    return SubscriptionFacts(
        id=row.id, name=row.name, sides=frozenset(row.sides), kinds=frozenset(row.kinds), findings=frozenset(row.findings),
        min_confidence=row.min_confidence, enabled=row.enabled, disabled_reason=row.disabled_reason,
    )


def silence_facts(row: Silence) -> SilenceFacts:
    """A stored silence as the matcher takes it."""
    return SilenceFacts(until=row.until, who=row.who, why=row.why, subscription_id=row.subscription_id,
                        agreement_id=row.agreement_id, side=row.side)


def _alert(subscription_id: int, finding: Finding, decision: Decision, now: datetime) -> Alert:
    return Alert(
        id=row_id(subscription_id, finding.id), subscription_id=subscription_id, finding=finding.type.value,
        finding_id=finding.id, reason=decision.words, created_at=now, next_attempt_at=now,
    )
