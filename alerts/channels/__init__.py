"""What every channel promises: one message to one address, either accepted, or not delivered with what is to be done about it.

A channel is one file in this folder and passes `tests/alerts/test_channel_contract.py`. It does not retry, does not wait
between attempts and does not log: it makes one attempt, within bounded time, and says how that ended. An address and
whatever else is secret never stand in a reason: reasons are stored, logged and shown.
"""

from typing import Protocol

from alerts.cleaning import one_line
from alerts.message import Message

REASON_LIMIT = 300  # characters; a server's own words are quoted, and servers are talkative


class Undelivered(Exception):
    """A message that was not delivered, as far as can be seen."""

    def __init__(self, reason: str, *, retry: bool, retry_after: float | None = None, ambiguous: bool = False,
                 address_gone: bool = False) -> None:
        """Say why, and what follows from it.

        `retry`: another attempt may succeed. `retry_after`: seconds that the server asked to wait. `ambiguous`: everything
        was sent and no answer was seen, so the message may have arrived. `address_gone`: the address will never work again.
        """
        self.reason = one_line(reason, REASON_LIMIT)
        self.retry = retry
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.address_gone = address_gone
        super().__init__(self.reason)


class Channel(Protocol):
    """A way to reach a subscriber."""

    def send(self, message: Message, address: str, alert_id: str) -> None:
        """Deliver `message` to `address`; returning means that it was accepted. Raises Undelivered.

        `alert_id` is the same in every attempt of one alert, and becomes the identity of the message where the channel
        has such a thing, so that a receiver can tell a repeated message from a new one.
        """
