"""Slack by incoming webhook: one POST, and what its answer means.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. slack_sdk's client builds the request; how that is
carried is in `carrier`. The webhook's address is a secret: it stands in no reason and in no log.
"""

import http.client
import logging
import ssl
from collections.abc import Mapping, Sequence
from urllib.request import Request

from slack_sdk.webhook import WebhookClient, WebhookResponse

from alerts.channels import Undelivered
from alerts.channels.carrier import STEP_SECONDS, TOTAL_SECONDS, Carrier, NotSent, asked_wait
from alerts.cleaning import one_line
from alerts.message import Message
from alerts.recipient import webhook

# Slack's names for what will never work again at this address, and for a message that it will never take.
GONE = frozenset({
    "action_prohibited", "channel_is_archived", "channel_not_found", "invalid_token", "no_active_hooks", "no_service",
    "no_service_id", "no_team", "posting_to_general_channel_denied", "team_disabled", "user_not_found",
})
UNACCEPTABLE = frozenset({"invalid_attachments", "invalid_blocks", "invalid_payload", "no_text", "too_many_attachments"})

_SILENT = logging.Logger("slack_sdk", level=logging.CRITICAL + 1)  # the client would log the webhook's address


class SlackChannel:
    """Posts to incoming webhooks. Holds no connection."""

    def __init__(self, *, allow_networks: Sequence[str] = (), tls: ssl.SSLContext | None = None,
                 step_seconds: float = STEP_SECONDS, total_seconds: float = TOTAL_SECONDS) -> None:
        """`allow_networks`: networks (CIDR) outside the public internet that a webhook may be in, over plain http too.

        Certificates are verified against the system's authorities unless `tls` brings its own.
        """
        self._allow_networks = tuple(allow_networks)
        self._carrier = Carrier(self._allow_networks, tls or ssl.create_default_context(), step_seconds, total_seconds)

    def send(self, message: Message, address: str, alert_id: str) -> None:  # noqa: ARG002 - a webhook takes no identity
        """Post `message` to the webhook `address`; raises Undelivered."""
        try:
            url = webhook(address, self._allow_networks)
        except ValueError as error:
            raise Undelivered(str(error), retry=False, address_gone=True) from None
        client = _Client(url, self._carrier)
        try:
            answer = client.send(text=message.slack_text, blocks=[dict(block) for block in message.slack_blocks],
                                 unfurl_links=False, unfurl_media=False)
        except NotSent as error:
            raise Undelivered(f"the webhook cannot be reached: {error}", retry=True) from None
        except (OSError, http.client.HTTPException) as error:
            what = str(error) or type(error).__name__
            reason = f"the webhook had the whole message and did not answer: {what}"
            raise Undelivered(reason, retry=True, ambiguous=True) from None
        failure = verdict(answer.status_code, answer.headers, answer.body)
        if failure is not None:
            raise failure


def verdict(status: int, headers: Mapping[str, str], body: str) -> Undelivered | None:
    """What an answer means: None where the message was accepted, which only a 200 with the body "ok" says."""
    said = one_line(body, 120)
    if status == 200 and said == "ok":
        return None
    reason = f"the webhook answered {status}: {said}" if said else f"the webhook answered {status}"
    if status == 429 or said in {"rate_limited", "ratelimited"}:
        return Undelivered(reason, retry=True, retry_after=asked_wait(headers))
    if said in UNACCEPTABLE:
        return Undelivered(reason, retry=False)
    if status in {404, 410} or said in GONE:
        return Undelivered(reason, retry=False, address_gone=True)
    if status >= 500 or status in {200, 408}:
        # 503 says that nothing was done; the others, and a 200 that is not "ok", leave it open.
        return Undelivered(reason, retry=True, ambiguous=status not in {503, 408})
    return Undelivered(reason, retry=False)


class _Client(WebhookClient):
    """slack_sdk's client over our carrier, without repetitions of its own: whether to repeat is decided elsewhere."""

    def __init__(self, url: str, carrier: Carrier) -> None:
        super().__init__(url, logger=_SILENT, retry_handlers=[])
        self._carrier = carrier

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        # The client's own would follow redirects, ask the environment for a proxy and read an answer of any size.
        body = req.data if isinstance(req.data, bytes) else b""
        status, headers, text = self._carrier.post(url, body, dict(req.header_items()))
        return WebhookResponse(url=url, status_code=status, body=text, headers=headers)
