"""What every channel promises, asked of each in the same words. A new channel adds a `Stand` here and passes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from alerts.channels import Channel, Undelivered
from alerts.channels.email import EmailChannel, Login
from alerts.channels.slack import SlackChannel
from alerts.channels.webhook import WebhookChannel
from alerts.message import Message

ALERT = "0a1b2c3d4e5f6071"


@dataclass
class Stand:
    """A channel beside a server that can be told to behave in the ways that the contract names."""

    channel: Channel
    nowhere: Channel               # the same channel, led to a port where nobody listens
    address: str
    nowhere_address: str
    bad_addresses: tuple[str, ...]
    secrets: tuple[str, ...]
    accepted: Callable[[], int]
    behave: dict[str, Callable[[], object]] = field(default_factory=dict)


@pytest.fixture(params=["email", "slack", "webhook"])
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    return request.getfixturevalue(f"{request.param}_stand")


@pytest.fixture
def email_stand(mail: Any, nobodys_port: int) -> Stand:
    def channel(port: int) -> EmailChannel:
        return EmailChannel("127.0.0.1", port, sender="sayso@example.org", security="none", command_seconds=0.5, final_dot_seconds=0.5)

    return Stand(
        channel(mail.port), channel(nobodys_port), "reader.secret@example.org", "reader.secret@example.org",
        ("", "nobody", "a@b@c", "a\r\nRCPT TO:<evil@example.org>@example.org", "x" * 65 + "@example.org"),
        ("reader.secret",), lambda: len(mail.accepted),
        {
            "later": lambda: mail.script.update(RCPT=["450 4.2.0 come back"]),
            "never": lambda: mail.script.update(RCPT=["550 5.1.1 nobody of that name"]),
            "silent": lambda: mail.script.update(DATA=["stall"]),
            "lost": lambda: mail.script.update(DATA=["drop"]),
            "nonsense": lambda: mail.script.update(DATA=["999 hm"]),
        },
    )


@pytest.fixture
def slack_stand(slack: Any, nobodys_port: int, answer: Callable[..., Any]) -> Stand:
    channel = SlackChannel(allow_networks=["127.0.0.0/8"], step_seconds=0.5, total_seconds=2)
    return Stand(
        channel, channel, slack.url, f"http://127.0.0.1:{nobodys_port}/services/T0/B0/s3cret",
        ("", "nobody", "ftp://hooks.slack.com/x", "https://hooks.slack.com/a\r\nHost: evil", "http://hooks.slack.com/services/x"),
        ("s3cret", "/services/"), lambda: len(slack.posts),
        {
            "later": lambda: slack.script.append(answer(429, "rate_limited", {"Retry-After": "7"})),
            "never": lambda: slack.script.append(answer(404, "no_service")),
            "silent": lambda: slack.script.append(answer(manner="stall")),
            "lost": lambda: slack.script.append(answer(manner="reset")),
            "nonsense": lambda: slack.script.append(answer(200, "<html>Please log in to this network</html>")),
        },
    )


@pytest.fixture
def webhook_stand(slack: Any, nobodys_port: int, answer: Callable[..., Any]) -> Stand:
    channel = WebhookChannel("hush", allow_networks=["127.0.0.0/8"], step_seconds=0.5, total_seconds=2)
    return Stand(
        channel, channel, slack.url, f"http://127.0.0.1:{nobodys_port}/hooks/s3cret",
        ("", "nobody", "ftp://desk.example/x", "https://desk.example/a\r\nHost: evil", "http://desk.example/hooks/x"),
        ("s3cret", "/services/", "hush"), lambda: len(slack.posts),
        {
            "later": lambda: slack.script.append(answer(429, "slow down", {"Retry-After": "7"})),
            "never": lambda: slack.script.append(answer(404, "nothing here")),
            "silent": lambda: slack.script.append(answer(manner="stall")),
            "lost": lambda: slack.script.append(answer(manner="reset")),
            "nonsense": lambda: slack.script.append(answer(502, "<html>Bad gateway</html>")),
        },
    )


def test_returning_means_that_the_message_was_accepted(stand: Stand, written: Message) -> None:
    stand.channel.send(written, stand.address, ALERT)
    assert stand.accepted() == 1


def test_what_may_pass_is_worth_another_attempt(stand: Stand, written: Message) -> None:
    stand.behave["later"]()
    with pytest.raises(Undelivered) as caught:
        stand.channel.send(written, stand.address, ALERT)
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)
    assert stand.accepted() == 0
    stand.channel.send(written, stand.address, ALERT)
    assert stand.accepted() == 1


def test_what_will_not_pass_is_not_tried_again(stand: Stand, written: Message) -> None:
    stand.behave["never"]()
    with pytest.raises(Undelivered) as caught:
        stand.channel.send(written, stand.address, ALERT)
    assert (caught.value.retry, caught.value.ambiguous) == (False, False)
    assert stand.accepted() == 0


@pytest.mark.parametrize("manner", ["silent", "lost", "nonsense"])
def test_an_answer_that_was_not_seen_is_ambiguous(stand: Stand, written: Message, manner: str) -> None:
    stand.behave[manner]()
    with pytest.raises(Undelivered) as caught:
        stand.channel.send(written, stand.address, ALERT)
    assert (caught.value.retry, caught.value.ambiguous) == (True, True)


def test_a_server_that_is_not_there_got_nothing(stand: Stand, written: Message) -> None:
    with pytest.raises(Undelivered) as caught:
        stand.nowhere.send(written, stand.nowhere_address, ALERT)
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)


def test_an_address_that_is_none_reaches_no_server(stand: Stand, written: Message) -> None:
    for address in stand.bad_addresses:
        with pytest.raises(Undelivered) as caught:
            stand.channel.send(written, address, ALERT)
        assert (caught.value.retry, caught.value.address_gone) == (False, True)
    assert stand.accepted() == 0


@pytest.mark.parametrize("manner", ["later", "never", "silent", "lost", "nonsense"])
def test_no_reason_holds_an_address_or_a_secret(stand: Stand, written: Message, manner: str) -> None:
    stand.behave[manner]()
    with pytest.raises(Undelivered) as caught:
        stand.channel.send(written, stand.address, ALERT)
    assert caught.value.reason
    assert not [secret for secret in stand.secrets if secret in caught.value.reason]


def test_a_login_does_not_show_its_password() -> None:
    assert "hunter2" not in repr(Login("sayso", "hunter2"))
