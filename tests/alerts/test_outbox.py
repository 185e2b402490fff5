from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from alerts.outbox import enqueue, subscription_facts
from ledger.finding import Finding
from store.alerts import Alert, alerts_of, due_alerts
from store.database import Database
from store.subscriptions import Silence, Subscription, add_silence, disable_subscription, subscriptions
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
        session.add_all(Subscription(name=f"{n}", channel="email", address=f"r{n}@example.org", sides=[], kinds=[], findings=[],
                                     created_at=now) for n in range(1200))
    with database.writing() as session:
        assert len(enqueue(session, contradiction, now)) == 1200
    with database.writing() as session:
        assert enqueue(session, contradiction, now) == []


def test_a_subscription_that_is_not_stored_has_no_facts(now: datetime) -> None:
    with pytest.raises(ValueError, match="not stored"):
        subscription_facts(Subscription(name="Desk", channel="email", address="a@b.example", sides=[], kinds=[], findings=[], created_at=now))
