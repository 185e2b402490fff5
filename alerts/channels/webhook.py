"""Any program by webhook: one signed POST of JSON, and what its answer means.

The signature is the one that Stripe made usual: `X-Sayso-Signature: t=<seconds>,v1=<hex>`, an HMAC-SHA256 with the operator's secret over
`<seconds>.<body>`, so that a receiver knows who sent it and can refuse what is old (https://docs.stripe.com/webhooks#verify-manually).
`X-Sayso-Alert` is the same in every attempt of one alert. The address is a secret: it stands in no reason and in no log.
"""

import hashlib
import hmac
import http.client
import json
import ssl
import time
from collections.abc import Callable, Mapping, Sequence

from alerts.channels import Undelivered
from alerts.channels.carrier import STEP_SECONDS, TOTAL_SECONDS, Carrier, NotSent, asked_wait
from alerts.message import Message
from alerts.recipient import webhook

ACCEPTED = frozenset({200, 201, 202, 204})


class WebhookChannel:
    """Posts findings as JSON. Holds no connection."""

    def __init__(self, secret: str, *, allow_networks: Sequence[str] = (), tls: ssl.SSLContext | None = None, step_seconds: float = STEP_SECONDS,
                 total_seconds: float = TOTAL_SECONDS, clock: Callable[[], float] = time.time) -> None:
        """`secret` signs; `allow_networks`: networks (CIDR) outside the public internet that a webhook may be in, over plain http too."""
        self._secret, self._clock, self._allow_networks = secret.encode(), clock, tuple(allow_networks)
        self._carrier = Carrier(self._allow_networks, tls or ssl.create_default_context(), step_seconds, total_seconds)

    def send(self, message: Message, address: str, alert_id: str) -> None:
        """Post `message` to the webhook `address`; raises Undelivered."""
        try:
            url = webhook(address, self._allow_networks)
        except ValueError as error:
            raise Undelivered(str(error), retry=False, address_gone=True) from None
        body = json.dumps({"alert": alert_id, "written_at": message.written_at.isoformat(), **message.data}, ensure_ascii=True).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "Sayso", "X-Sayso-Alert": alert_id,
                   "X-Sayso-Signature": signature(self._secret, int(self._clock()), body)}
        try:
            status, answered, _ = self._carrier.post(url, body, headers)
        except NotSent as error:
            raise Undelivered(f"the webhook cannot be reached: {error}", retry=True) from None
        except (OSError, http.client.HTTPException) as error:
            what = str(error) or type(error).__name__
            raise Undelivered(f"the webhook had the whole message and did not answer: {what}", retry=True, ambiguous=True) from None
        failure = verdict(status, answered)
        if failure is not None:
            raise failure


def signature(secret: bytes, seconds: int, body: bytes) -> str:
    """The header that says who sent `body` and when."""
    return f"t={seconds},v1={hmac.new(secret, f'{seconds}.'.encode() + body, hashlib.sha256).hexdigest()}"


def verdict(status: int, headers: Mapping[str, str]) -> Undelivered | None:
    """What an answer means; None where the message was accepted. A redirect is not followed: it is a mistake of whoever gave the address."""
    if status in ACCEPTED:
        return None
    reason = f"the webhook answered {status}"      # and not what it said: many a server repeats the address that was asked for
    if status == 429:
        return Undelivered(reason, retry=True, retry_after=asked_wait(headers))
    if status >= 500 or status == 408:
        return Undelivered(reason, retry=True, retry_after=asked_wait(headers), ambiguous=status not in {503, 408})
    return Undelivered(reason, retry=False, address_gone=status in {404, 410})
