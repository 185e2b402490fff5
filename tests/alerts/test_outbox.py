from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tested
from hypothesis import strategies as st
from sqlmodel import select

from alerts.matching import hears
from alerts.outbox import enqueue, subscription_facts
from ledger.finding import Finding
from store.alerts import Alert, alerts_of, due_alerts
from store.database import Database
from store.interests import keys_of
from store.schema import upgrade
from store.subscriptions import (
    Silence,
    Subscription,
    add_silence,
    add_subscription,
    disable_subscription,
    subscriptions,
    subscriptions_that_may_hear,
)
from store.types import row_id

Subscribe = Callable[..., int]


def test_an_alert_is_written_for_each_subscription_that_hears(database: Database, contradiction: Finding, now: datetime,
                                                              subscribe: Subscribe) -> None:
    follows = subscribe(sides=["GT"])
    subscribe(sides=["FR"])
    subscribe(min_confidence=0.99)
    everything = subscribe(channel="slack", address="https://hooks.slack.com/services/x")
    with database.writing() as session:
        written = enqueue(session, contradiction, now)
    assert written == [row_id(follows, contradiction.id), row_id(everything, contradiction.id)]
    with database.reading() as session:
        rows = alerts_of(session, contradiction.id)
        assert [(row.subscription_id, row.state, row.finding, row.reason) for row, _ in rows] == [
            (follows, "pending", "contradiction", "Your subscription “Desk” follows Guatemala."),
            (everything, "pending", "contradiction", "Your subscription “Desk” follows everything."),
        ]
        assert due_alerts(session, now, 10) == sorted(written)


def test_judging_the_same_again_writes_nothing_twice(database: Database, contradiction: Finding, now: datetime,
                                                     subscribe: Subscribe) -> None:
    subscribe()
    with database.writing() as session:
        first = enqueue(session, contradiction, now)
    second_one = subscribe()
    with database.writing() as session:
        again = enqueue(session, contradiction, now + timedelta(hours=1))
    assert len(first) == 1
    assert again == [row_id(second_one, contradiction.id)]
    with database.reading() as session:
        assert len(session.exec(select(Alert)).all()) == 2


def test_a_judgement_that_is_rolled_back_leaves_no_alert(database: Database, contradiction: Finding, now: datetime,
                                                         subscribe: Subscribe) -> None:
    subscribe()
    def judge() -> None:
        with database.writing() as session:
            assert enqueue(session, contradiction, now)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        judge()
    with database.reading() as session:
        assert session.exec(select(Alert)).all() == []


def test_the_disabled_and_the_silenced_get_none(database: Database, contradiction: Finding, now: datetime, subscribe: Subscribe) -> None:
    off, quiet, told = subscribe(), subscribe(), subscribe()
    with database.writing() as session:
        disable_subscription(session, off, "the webhook is gone")
        disable_subscription(session, off, "another reason")
        add_silence(session, Silence(subscription_id=quiet, until=now + timedelta(days=1), who="Ana", why="we know"))
        add_silence(session, Silence(subscription_id=told, until=now, who="Ana", why="over"))
    with database.writing() as session:
        assert enqueue(session, contradiction, now) == [row_id(told, contradiction.id)]
    with database.reading() as session:
        assert subscriptions(session)[0].disabled_reason == "the webhook is gone"


def test_more_alerts_than_one_statement_takes_are_all_written(database: Database, contradiction: Finding, now: datetime) -> None:
    with database.writing() as session:
        for n in range(1200):
            add_subscription(session, name=f"{n}", channel="email", address=f"r{n}@example.org", now=now)
    with database.writing() as session:
        assert len(enqueue(session, contradiction, now)) == 1200
    with database.writing() as session:
        assert enqueue(session, contradiction, now) == []


def test_a_subscription_that_is_not_stored_has_no_facts(now: datetime) -> None:
    with pytest.raises(ValueError, match="not stored"):
        subscription_facts(Subscription(name="Desk", channel="email", address="a@b.example", sides=[], kinds=[], findings=[], created_at=now))


ASKED = st.fixed_dictionaries({
    "sides": st.lists(st.sampled_from(["US", "gt", "GT", "HN", "renamo"]), max_size=3), "kinds": st.lists(st.sampled_from(["asylum", "Asylum", "trade"]), max_size=2),
    "findings": st.lists(st.sampled_from(["contradiction", "reversal"]), max_size=2), "min_confidence": st.sampled_from([0.0, 0.5, 0.9, 1.0]),
})


@tested(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(ASKED, max_size=6))
def test_those_who_are_looked_up_are_those_who_would_be_told_if_each_were_asked(contradiction: Finding, now: datetime, asked: list[dict[str, Any]]) -> None:
    database = Database("sqlite://")
    upgrade(database)
    with database.writing() as session:
        rows = [add_subscription(session, name="Desk", channel="email", address="desk@example.org", now=now, **each) for each in asked]
        told = [row.id for row in rows if hears(subscription_facts(row), contradiction, [], now).tell]
        found = subscriptions_that_may_hear(session, {contradiction.first.side, contradiction.second.side}, contradiction.kind,
                                            contradiction.type.value, contradiction.confidence)
        assert [row.id for row in found if hears(subscription_facts(row), contradiction, [], now).tell] == told
        assert len(found) == len(told), "somebody was asked who does not hear it"
    database.close()


def test_a_subscription_to_more_than_can_be_looked_up_is_asked_about_every_kind() -> None:
    sides, kinds = [f"side-{n}" for n in range(60)], [f"kind-{n}" for n in range(20)]
    assert keys_of(sides, kinds, ["contradiction"]) == [f"{side}|*|contradiction" for side in sorted(sides)]
