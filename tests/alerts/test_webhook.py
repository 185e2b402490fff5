"""A webhook's receiver can tell who sent what, and when."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from alerts.channels import Undelivered
from alerts.channels.webhook import WebhookChannel, verdict
from alerts.message import Message

ALERT = "0a1b2c3d4e5f6071"


def channel(secret: str = "hush") -> WebhookChannel:
    return WebhookChannel(secret, allow_networks=["127.0.0.0/8"], clock=lambda: 1_751_000_000.9)


def test_the_finding_is_json_with_both_sentences(slack: Any, written: Message) -> None:
    channel().send(written, slack.url, ALERT)
    posted, = slack.posts
    assert (posted["alert"], posted["type"], posted["kind"], posted["parties"]) == (ALERT, "contradiction", "asylum", ["GT", "US"])
    assert [(said["side"], said["stance"], said["source"]) for said in posted["statements"]] == [
        ("US", "confirms", "U.S. Department of Homeland Security"), ("GT", "denies", "Presidencia de Guatemala")]
    assert posted["statements"][1]["quote"].startswith("El Gobierno de Guatemala no suscribió")
    assert posted["page"] == "http://127.0.0.1:8040/agreements/a93e000000000001"


def test_the_signature_is_over_the_time_and_the_very_bytes(slack: Any, written: Message) -> None:
    channel().send(written, slack.url, ALERT)
    (headers, body), = slack.requests
    seconds, _, signed = headers["X-Sayso-Signature"].partition(",")
    assert seconds == "t=1751000000"
    assert signed == "v1=" + hmac.new(b"hush", b"1751000000." + body, hashlib.sha256).hexdigest()
    assert headers["X-Sayso-Alert"] == json.loads(body)["alert"] == ALERT


def test_another_secret_signs_otherwise(slack: Any, written: Message) -> None:
    for secret in ("hush", "other"):
        channel(secret).send(written, slack.url, ALERT)
    one, other = (headers["X-Sayso-Signature"] for headers, _ in slack.requests)
    assert one != other


@pytest.mark.parametrize(("status", "retry", "ambiguous", "gone"), [
    (301, False, False, False), (400, False, False, False), (404, False, False, True), (410, False, False, True), (408, True, False, False),
    (429, True, False, False), (500, True, True, False), (503, True, False, False), (203, False, False, False),
])
def test_what_an_answer_means(status: int, retry: bool, ambiguous: bool, gone: bool) -> None:
    failure = verdict(status, {})
    assert isinstance(failure, Undelivered)
    assert (failure.retry, failure.ambiguous, failure.address_gone) == (retry, ambiguous, gone)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_it_is_accepted(status: int) -> None:
    assert verdict(status, {}) is None


def test_a_server_that_repeats_the_address_puts_it_into_no_reason(slack: Any, answer: Any, written: Message) -> None:
    slack.script.append(answer(404, "Cannot POST /services/T0/B0/s3cret"))
    with pytest.raises(Undelivered) as caught:
        channel().send(written, slack.url, ALERT)
    assert caught.value.reason == "the webhook answered 404"
