import logging
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from alerts.channels import Undelivered
from alerts.channels.slack import SlackChannel, asked_wait, verdict
from alerts.message import Message

ALERT = "0a1b2c3d4e5f6071"


@pytest.fixture
def channel() -> SlackChannel:
    return SlackChannel(allow_networks=["127.0.0.0/8"], step_seconds=0.5, total_seconds=1.0)


def test_the_post_holds_the_blocks_and_the_fallback_and_unfurls_nothing(slack: Any, channel: SlackChannel, written: Message) -> None:
    channel.send(written, slack.url, ALERT)
    assert slack.posts == [{"text": written.slack_text, "blocks": [dict(block) for block in written.slack_blocks],
                            "unfurl_links": False, "unfurl_media": False}]


@pytest.mark.parametrize(("status", "body", "retry", "ambiguous", "gone"), [
    (200, "invalid_token", False, False, True), (200, "no_service", False, False, True), (200, "", True, True, False),
    (200, "{\"ok\":false}", True, True, False), (200, "invalid_blocks", False, False, False),
    (302, "", False, False, False), (400, "invalid_payload", False, False, False), (400, "", False, False, False),
    (403, "action_prohibited", False, False, True), (403, "", False, False, False),
    (404, "no_team", False, False, True), (404, "", False, False, True), (410, "channel_is_archived", False, False, True),
    (408, "", True, False, False), (429, "", True, False, False), (200, "rate_limited", True, False, False),
    (500, "", True, True, False), (502, "<html>", True, True, False), (503, "", True, False, False), (504, "", True, True, False),
])
def test_an_answer_means_what_slack_means_by_it(status: int, body: str, retry: bool, ambiguous: bool, gone: bool) -> None:
    failure = verdict(status, {}, body)
    assert failure is not None
    assert (failure.retry, failure.ambiguous, failure.address_gone) == (retry, ambiguous, gone)
    assert str(status) in failure.reason


@pytest.mark.parametrize("body", ["ok", "ok\n"])
def test_only_ok_is_ok(body: str) -> None:
    assert verdict(200, {}, body) is None


@pytest.mark.parametrize(("value", "seconds"), [
    ("30", 30), ("0", 0), ("1000000000", 10**9), ("1.5", 1.5), ("", None), ("soon", None), ("-3", None), ("nan", None), ("inf", None),
    ("1e999", None), ("Fri, 27 Jun 2025 06:00:00 GMT", None),
])
def test_the_asked_wait_is_read_where_it_makes_sense(value: str, seconds: float | None) -> None:
    assert asked_wait({"retry-AFTER": value}) == seconds
    assert asked_wait({}) is None


def test_a_redirect_is_not_followed(slack: Any, channel: SlackChannel, written: Message, answer: Callable[..., Any]) -> None:
    for status in (301, 302, 303, 307, 308):
        slack.script.append(answer(status, "", {"Location": "/elsewhere"}))
        with pytest.raises(Undelivered, match=str(status)):
            channel.send(written, slack.url, ALERT)
    assert slack.paths == ["POST /services/T0/B0/s3cret"] * 5


def test_each_send_is_one_request_whatever_the_answer(slack: Any, channel: SlackChannel, written: Message,
                                                      answer: Callable[..., Any]) -> None:
    for refused in (answer(429), answer(500), answer(manner="reset")):
        slack.script.append(refused)
        with pytest.raises(Undelivered):
            channel.send(written, slack.url, ALERT)
    assert len(slack.paths) == 3


def test_a_proxy_from_the_environment_is_not_asked(slack: Any, channel: SlackChannel, written: Message, nobodys_port: int,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{nobodys_port}")
    channel.send(written, slack.url, ALERT)
    assert len(slack.posts) == 1


def test_a_server_that_drips_is_left_after_the_total_time(slack: Any, channel: SlackChannel, written: Message,
                                                          answer: Callable[..., Any]) -> None:
    slack.script.append(answer(manner="drip"))
    started = time.monotonic()
    with pytest.raises(Undelivered) as caught:
        channel.send(written, slack.url, ALERT)
    assert time.monotonic() - started < 3
    assert caught.value.ambiguous


def test_an_answer_of_any_size_is_read_up_to_a_bound(slack: Any, channel: SlackChannel, written: Message,
                                                     answer: Callable[..., Any]) -> None:
    slack.script.append(answer(200, "x" * 3_000_000))
    with pytest.raises(Undelivered) as caught:
        channel.send(written, slack.url, ALERT)
    assert len(caught.value.reason) < 300


@pytest.mark.parametrize("url", [
    "http://127.0.0.1:{port}/x", "https://127.0.0.1:{port}/x", "https://[::ffff:127.0.0.1]:{port}/x", "https://127.1:{port}/x",
    "https://2130706433:{port}/x", "https://0x7f.1:{port}/x", "https://localhost:{port}/x", "http://localhost:{port}/x",
    "https://0.0.0.0:{port}/x", "https://user@127.0.0.1:{port}/x", "https://hooks.slack.com:{port}\\@127.0.0.1/x", "https://0177.1:{port}/",
])
def test_a_webhook_inside_our_own_network_is_not_dialled(slack: Any, written: Message, url: str) -> None:
    with pytest.raises(Undelivered) as caught:
        SlackChannel(step_seconds=0.5).send(written, url.format(port=slack.port), ALERT)
    assert not caught.value.ambiguous
    assert slack.paths == []


def test_a_name_is_judged_by_where_it_leads_each_time(slack: Any, written: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    dialled: list[tuple[Any, ...]] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, where: dialled.append(where))
    def lookup(host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("10.0.0.9", "169.254.169.254")]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(Undelivered, match="not on the public internet") as caught:
        SlackChannel().send(written, "https://hooks.rebound.example/services/x", ALERT)
    assert dialled == []
    assert caught.value.retry


def test_the_webhooks_address_is_never_logged(slack: Any, channel: SlackChannel, written: Message, nobodys_port: int,
                                              caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        channel.send(written, slack.url, ALERT)
        with pytest.raises(Undelivered):
            channel.send(written, f"http://127.0.0.1:{nobodys_port}/s3cret", ALERT)
    assert "s3cret" not in caplog.text + "".join(capfd.readouterr())
