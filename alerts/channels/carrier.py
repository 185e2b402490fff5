"""Carrying one POST to an address that somebody typed: only where we may go, and never for long.

The address is judged after the look-up, on what is dialled, so that no name and no second answer of a name server leads
into our own network. No redirect is followed and no proxy asked, an answer is read up to a size, each step has a timeout and
the whole exchange another: a server that sends a byte a minute ends it all the same.
"""

import http.client
import math
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import addresses

STEP_SECONDS = 10.0     # connecting, or waiting for the next bytes
TOTAL_SECONDS = 30.0    # a webhook answers within one
ANSWER_LIMIT = 16_384   # bytes of an answer that are read; Slack's is "ok"


class NotSent(Exception):
    """The request did not leave completely, so nothing can have come of it."""


class Carrier:
    """Posts bytes over HTTP(S) to addresses that may be dialled."""

    def __init__(self, allow_networks: Sequence[str], tls: ssl.SSLContext, step_seconds: float, total_seconds: float) -> None:
        """`allow_networks`: networks outside the public internet that may be dialled (CIDR)."""
        self._allow_networks, self._tls = tuple(allow_networks), tls
        self._step_seconds, self._total_seconds = step_seconds, total_seconds

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], str]:
        """POST `body` to `url`; return status, headers and the answer's text.

        Raises NotSent where nothing can have arrived, OSError or http.client.HTTPException where everything was sent and
        no answer seen. `url` was checked by `recipient.webhook`.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        connection = http.client.HTTPConnection(host, port)
        watchdog = threading.Timer(self._total_seconds, _hang_up, [connection])
        watchdog.daemon = True
        watchdog.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            try:
                connection.sock = self._dialled(host, port, secure=parts.scheme == "https")
                connection.request("POST", target, body, {**headers, "Connection": "close"})
            except (OSError, UnicodeError, http.client.HTTPException) as error:
                raise NotSent(str(error) or type(error).__name__) from None
            answer = connection.getresponse()
            text = answer.read(ANSWER_LIMIT).decode("utf-8", "replace")
            return answer.status, dict(answer.headers.items()), text
        finally:
            watchdog.cancel()
            connection.close()

    def _dialled(self, host: str, port: int, *, secure: bool) -> socket.socket:
        """A connected socket; of the addresses that a name has, those that may not be dialled are passed over."""
        until = time.monotonic() + self._total_seconds
        failure: Exception | None = None
        for family, kind, protocol, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            refused = addresses.refusal(str(where[0]), self._allow_networks)
            if refused is not None:
                failure = failure or NotSent(refused)
                continue
            if time.monotonic() > until:
                break
            plain = socket.socket(family, kind, protocol)
            try:
                plain.settimeout(self._step_seconds)
                plain.connect(where)
                return self._tls.wrap_socket(plain, server_hostname=host) if secure else plain
            except OSError as error:
                plain.close()
                failure = error
        raise failure or NotSent("no address was reached in time")


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks for, or None where it asks for nothing that makes sense."""
    value = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "")
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """End an exchange from another thread: whoever reads gets the end of the stream."""
    if isinstance(connection.sock, socket.socket):
        try:
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)  # not SSLSocket's, which would say goodbye first
        except OSError:
            return  # it ended by itself
