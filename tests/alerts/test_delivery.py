"""The whole of a delivery against a real mail server, a real webhook and an SQLite file."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from alerts.channels import Undelivered
from alerts.channels.email import EmailChannel
from alerts.channels.slack import SlackChannel
from alerts.delivery import Outcome, Result, deliver
from alerts.message import Message
from alerts.outbox import enqueue
from ledger.finding import Finding
from store.alerts import Alert, claim_alert, due_alerts
from store.database import Database
from store.findings import Contradiction
from store.statements import StatementRow
from store.subscriptions import Silence, Subscription, add_silence, disable_subscription

LEASE = 60
MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """The process dies here, as far as the code can tell."""


class House:
    """A database with a contradiction, the two channels, and the worker's part."""

    def __init__(self, database: Database, finding: Finding, now: datetime, mail: Any, slack: Any) -> None:
        self.database, self.finding, self.now = database, finding, now
        self.channels: dict[str, Any] = {
            "email": EmailChannel("127.0.0.1", mail.port, sender="sayso@example.org", security="none", command_seconds=1,
                                  final_dot_seconds=1),
            "slack": SlackChannel(allow_networks=["127.0.0.0/8"], step_seconds=1, total_seconds=3),
        }

    def enqueue(self) -> list[str]:
        with self.database.writing() as session:
            return enqueue(session, self.finding, self.now)

    def deliver(self, alert_id: str, after: timedelta = timedelta(0), *, dies_at: str | None = None, lease: float = LEASE) -> Outcome:
        def crash(point: str) -> None:
            if point == dies_at:
                raise Killed
        return deliver(self.database, self.channels, alert_id, now=self.now + after, lease_seconds=lease,
                       public_url="http://127.0.0.1:8040", crash=crash)

    def row(self, alert_id: str) -> Alert:
        with self.database.reading() as session:
            return session.get_one(Alert, alert_id)

    def due(self, after: timedelta = timedelta(0)) -> list[str]:
        with self.database.reading() as session:
            return due_alerts(session, self.now + after, 100)


@pytest.fixture
def house(database: Database, contradiction: Finding, now: datetime, mail: Any, slack: Any) -> House:
    return House(database, contradiction, now, mail, slack)


def ids(mail: Any) -> list[str]:
    return [str(message_from_bytes(accepted.content)["Message-ID"]) for accepted in mail.accepted]


def test_an_alert_is_delivered_once_by_mail_and_once_by_slack(house: House, subscribe: Callable[..., int], mail: Any, slack: Any) -> None:
    subscribe(sides=["GT"])
    subscribe(channel="slack", address=slack.url)
    by_mail, by_slack = house.enqueue()
    assert [house.deliver(by_mail).result, house.deliver(by_slack).result] == [Result.delivered, Result.delivered]
    assert [house.deliver(by_mail, MINUTE).result, house.deliver(by_slack, MINUTE).result] == [Result.skipped, Result.skipped]
    assert ids(mail) == [f"<{by_mail}@example.org>"]
    assert "=E2=80=9CDesk=E2=80=9D follows Guatemala." in mail.accepted[0].content.decode()
    assert slack.posts[0]["text"] == "Guatemala denies the asylum agreement that the United States announced"
    row = house.row(by_mail)
    assert (row.state, row.attempts, row.ambiguous, row.lease_until, row.last_error) == ("delivered", 1, 0, None, None)
    assert row.delivered_at is not None
    assert house.now <= row.delivered_at < house.now + MINUTE
    assert house.due(timedelta(days=9)) == []


def test_an_alert_that_nobody_knows_is_skipped(house: House) -> None:
    assert house.deliver("nothing").result is Result.skipped


def test_f13_a_greylisting_server_gets_its_second_visit(house: House, subscribe: Callable[..., int], mail: Any) -> None:
    subscribe()
    alert, = house.enqueue()
    mail.script["RCPT"] = ["450 4.2.0 greylisted"] * 2
    first = house.deliver(alert)
    assert (first.result, house.due()) == (Result.retry, [])
    assert first.next_attempt_at is not None
    assert MINUTE <= first.next_attempt_at - house.now < MINUTE * 1.1
    assert house.deliver(alert, MINUTE / 2).result is Result.skipped
    second = house.deliver(alert, MINUTE * 2)
    assert second.next_attempt_at is not None
    assert MINUTE * 5 <= second.next_attempt_at - house.now - MINUTE * 2 < MINUTE * 5.1
    assert "greylisted" in (house.row(alert).last_error or "")
    assert house.deliver(alert, MINUTE * 8).result is Result.delivered
    assert len(mail.accepted) == 1
    assert house.row(alert).attempts == 3


def test_f14_one_bad_recipient_costs_the_others_nothing(house: House, subscribe: Callable[..., int], mail: Any) -> None:
    subscribe(address="good@example.org")
    subscribe(address="bad@example.org")
    good, bad = house.enqueue()
    mail.script["RCPT bad@example.org"] = ["550 5.1.1 unknown"]
    assert house.deliver(bad).result is Result.failed
    assert house.deliver(good).result is Result.delivered
    assert [accepted.recipients for accepted in mail.accepted] == [["good@example.org"]]
    row = house.row(bad)
    assert (row.state, row.next_attempt_at) == ("failed", house.now)
    assert "550 5.1.1 unknown" in (row.last_error or "")
    assert house.due(timedelta(days=1)) == []


def test_f16_a_connection_lost_after_the_dot_is_sent_again_under_the_same_id(house: House, subscribe: Callable[..., int],
                                                                            mail: Any) -> None:
    subscribe()
    alert, = house.enqueue()
    mail.script["DATA"] = ["drop"]
    assert house.deliver(alert).result is Result.retry
    assert house.row(alert).ambiguous == 1
    assert house.deliver(alert, MINUTE * 2).result is Result.delivered
    assert ids(mail) == [f"<{alert}@example.org>"] * 2
    assert mail.accepted[0].content == mail.accepted[1].content
    assert house.row(alert).ambiguous == 1


def test_f17_an_error_at_quit_is_a_delivery(house: House, subscribe: Callable[..., int], mail: Any) -> None:
    subscribe()
    alert, = house.enqueue()
    mail.script["QUIT"] = ["500 what"]
    assert house.deliver(alert).result is Result.delivered
    assert (len(mail.accepted), house.row(alert).ambiguous) == (1, 0)


@pytest.mark.parametrize(("asked", "low", "high"), [("30", 30, 32), ("1000000000", 3600, 3602), ("soon", 30, 32), (None, 30, 32)])
def test_f18_slack_is_left_alone_for_as_long_as_it_asks(house: House, subscribe: Callable[..., int], slack: Any,
                                                       answer: Callable[..., Any], asked: str | None, low: int, high: int) -> None:
    subscribe(channel="slack", address=slack.url)
    alert, = house.enqueue()
    slack.script.append(answer(429, "rate_limited", {} if asked is None else {"Retry-After": asked}))
    outcome = house.deliver(alert)
    assert outcome.next_attempt_at is not None
    assert low <= (outcome.next_attempt_at - house.now).total_seconds() <= high
    assert house.deliver(alert, timedelta(hours=2)).result is Result.delivered
    assert len(slack.posts) == 1


def test_f18_a_webhook_that_asks_to_wait_is_held_back_and_no_other(house: House, subscribe: Callable[..., int], slack: Any,
                                                                  answer: Callable[..., Any]) -> None:
    subscribe(channel="slack", address=slack.url)
    subscribe(channel="slack", address=slack.url)
    subscribe(channel="slack", address=slack.url + "2")
    subscribe()
    first, same, other, mailed = house.enqueue()
    slack.script.append(answer(429, "rate_limited", {"Retry-After": "600"}))
    house.deliver(first)
    assert house.deliver(same, MINUTE).result is Result.skipped
    assert sorted(house.due(MINUTE)) == sorted([other, mailed])
    assert house.deliver(other).result is Result.delivered


@pytest.mark.parametrize("manner", ["stall", "reset"])
def test_f19_an_answer_that_slack_did_not_give_is_counted(house: House, subscribe: Callable[..., int], slack: Any,
                                                         answer: Callable[..., Any], manner: str) -> None:
    subscribe(channel="slack", address=slack.url)
    alert, = house.enqueue()
    slack.script.append(answer(manner=manner))
    assert house.deliver(alert).result is Result.retry
    assert house.row(alert).ambiguous == 1
    assert house.deliver(alert, MINUTE * 2).result is Result.delivered


def test_f20_a_webhook_that_is_gone_is_switched_off(house: House, subscribe: Callable[..., int], slack: Any, answer: Callable[..., Any],
                                                   database: Database) -> None:
    number = subscribe(channel="slack", address=slack.url)
    alert, = house.enqueue()
    slack.script.append(answer(410, "channel_is_archived"))
    assert house.deliver(alert).result is Result.failed
    with database.reading() as session:
        subscription = session.get_one(Subscription, number)
    assert (subscription.enabled, subscription.disabled_reason) == (False, "the webhook answered 410: channel_is_archived")
    assert house.row(alert).state == "failed"


def test_f4_a_death_after_the_send_makes_one_copy_with_the_same_id_and_counts_it(house: House, subscribe: Callable[..., int],
                                                                                mail: Any) -> None:
    subscribe()
    alert, = house.enqueue()
    with pytest.raises(Killed):
        house.deliver(alert, dies_at="deliver_after_send")
    assert house.row(alert).state == "pending"
    assert (house.due(MINUTE / 2), house.deliver(alert, MINUTE / 2).result) == ([], Result.skipped)
    assert house.due(MINUTE * 2) == [alert]
    assert house.deliver(alert, MINUTE * 2).result is Result.delivered
    assert ids(mail) == [f"<{alert}@example.org>"] * 2
    row = house.row(alert)
    assert (row.ambiguous, row.attempts) == (1, 2)


def test_f5_a_death_before_the_send_makes_no_copy(house: House, subscribe: Callable[..., int], mail: Any) -> None:
    subscribe()
    alert, = house.enqueue()
    with pytest.raises(Killed):
        house.deliver(alert, dies_at="deliver_before_send")
    assert mail.accepted == []
    assert house.deliver(alert, MINUTE * 2).result is Result.delivered
    assert len(mail.accepted) == 1


def test_of_many_workers_that_ask_at_once_one_sends(house: House, subscribe: Callable[..., int], mail: Any) -> None:
    subscribe()
    alert, = house.enqueue()
    barrier = threading.Barrier(6)
    results: list[Result] = []

    def work() -> None:
        barrier.wait()
        results.append(house.deliver(alert).result)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [Result.delivered, *[Result.skipped] * 5]
    assert len(mail.accepted) == 1


def test_a_send_that_outlasts_its_lease_keeps_it(house: House, subscribe: Callable[..., int]) -> None:
    subscribe()
    alert, = house.enqueue()
    taken: list[list[str]] = []

    class Slow:
        def send(self, message: Message, address: str, alert_id: str) -> None:
            time.sleep(1.2)
            taken.append(house.due(timedelta(seconds=1)))

    house.channels["email"] = Slow()
    assert house.deliver(alert, lease=0.6).result is Result.delivered
    assert taken == [[]]
    assert house.row(alert).ambiguous == 0


def test_a_worker_that_lost_its_claim_does_not_undo_what_another_did(house: House, subscribe: Callable[..., int], mail: Any,
                                                                     database: Database) -> None:
    subscribe()
    alert, = house.enqueue()

    class Stalled:
        def send(self, message: Message, address: str, alert_id: str) -> None:
            with database.writing() as session:
                assert claim_alert(session, alert_id, house.now + MINUTE * 5, house.now + MINUTE * 6)
            raise Undelivered("too late", retry=False)

    house.channels["email"] = Stalled()
    house.deliver(alert)
    row = house.row(alert)
    assert (row.state, row.attempts, row.lease_until) == ("pending", 2, house.now + MINUTE * 6)


def test_what_was_accepted_is_delivered_whoever_holds_it_by_then(house: House, subscribe: Callable[..., int], database: Database) -> None:
    subscribe()
    alert, = house.enqueue()

    class Late:
        def send(self, message: Message, address: str, alert_id: str) -> None:
            with database.writing() as session:
                assert claim_alert(session, alert_id, house.now + MINUTE * 5, house.now + MINUTE * 6)

    house.channels["email"] = Late()
    assert house.deliver(alert).result is Result.delivered
    assert house.row(alert).state == "delivered"


def test_without_a_mail_server_mail_waits_and_slack_does_not(house: House, subscribe: Callable[..., int], slack: Any) -> None:
    subscribe()
    subscribe(channel="slack", address=slack.url)
    mailed, posted = house.enqueue()
    email = house.channels.pop("email")
    outcome = house.deliver(mailed)
    assert (outcome.result, outcome.next_attempt_at) == (Result.waiting, house.now + MINUTE * 5)
    assert "no email channel is set up" in (house.row(mailed).last_error or "")
    assert house.deliver(posted).result is Result.delivered
    house.channels["email"] = email
    assert house.deliver(mailed, MINUTE * 6).result is Result.delivered
    assert house.row(mailed).attempts == 1


@pytest.mark.parametrize("change", ["silence", "disable", "close"])
def test_a_change_of_mind_before_the_send_counts(house: House, subscribe: Callable[..., int], mail: Any, database: Database,
                                                 contradiction: Finding, change: str) -> None:
    number = subscribe()
    alert, = house.enqueue()
    with database.writing() as session:
        if change == "silence":
            add_silence(session, Silence(agreement_id=contradiction.agreement_id, until=house.now + MINUTE, who="Ana", why="we know"))
        elif change == "close":
            session.get_one(Contradiction, contradiction.id).closed_at = house.now
        else:
            disable_subscription(session, number, "unsubscribed")
    assert house.deliver(alert).result is Result.withdrawn
    assert (house.row(alert).state, mail.accepted) == ("withdrawn", [])
    assert house.deliver(alert, MINUTE * 5).result is Result.skipped


def test_a_finding_whose_article_is_being_read_again_waits_a_day_at_most(house: House, subscribe: Callable[..., int], mail: Any,
                                                                         database: Database, contradiction: Finding) -> None:
    subscribe()
    alert, = house.enqueue()
    with database.writing() as session:
        session.delete(session.get_one(StatementRow, contradiction.first.statement_id))
    assert house.deliver(alert).result is Result.waiting
    assert house.deliver(alert, timedelta(days=2)).result is Result.withdrawn
    assert mail.accepted == []


def test_a_channel_with_a_fault_of_its_own_is_stored_logged_and_tried_again(house: House, subscribe: Callable[..., int]) -> None:
    subscribe()
    alert, = house.enqueue()

    class Broken:
        def send(self, message: Message, address: str, alert_id: str) -> None:
            raise KeyError("oh")

    house.channels["email"] = Broken()
    with capture_logs() as logged:
        assert house.deliver(alert).result is Result.retry
    assert [entry["event"] for entry in logged] == ["channel_broke", "alert_retry"]
    assert house.row(alert).last_error == "the channel broke: KeyError"


def test_mail_that_fails_for_five_days_is_given_up(house: House, subscribe: Callable[..., int], mail: Any) -> None:
    subscribe()
    alert, = house.enqueue()
    mail.script["RCPT"] = ["450 4.2.0 later"] * 2
    assert house.deliver(alert, timedelta(days=4)).result is Result.retry
    assert house.deliver(alert, timedelta(days=5)).result is Result.failed
    assert (house.row(alert).last_error or "").startswith("given up after 5 days")


def test_no_log_holds_an_address(house: House, subscribe: Callable[..., int], mail: Any, slack: Any) -> None:
    subscribe(address="reader.secret@example.org")
    subscribe(channel="slack", address=slack.url)
    with capture_logs() as logged:
        for alert in house.enqueue():
            house.deliver(alert)
    assert [entry["event"] for entry in logged] == ["alert_delivered"] * 2
    assert "reader.secret" not in str(logged)
    assert "s3cret" not in str(logged)


def test_the_sweep_finds_the_longest_due_first_and_no_more_than_it_asks_for(house: House, database: Database, now: datetime,
                                                                            subscribe: Callable[..., int]) -> None:
    for _ in range(4):
        subscribe()
    alerts = house.enqueue()
    with database.writing() as session:
        for minutes, row in enumerate(session.exec(select(Alert).order_by(Alert.id))):
            row.next_attempt_at = now - MINUTE * minutes
            session.add(row)
    with database.reading() as session:
        assert due_alerts(session, now, 2) == sorted(alerts)[:1:-1]
