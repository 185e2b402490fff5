"""The recorded newsroom, served once for all tests of the demo, and a client for it."""

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from demo.server import Newsroom


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body, in the charset that the headers name."""
        return self.body.decode(self.headers.get_content_charset() or "utf-8")


def ask(url: str, method: str = "GET", **headers: str) -> Answer:
    """One request; keywords are headers, with _ for -."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""),
                           headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


@pytest.fixture(scope="session")
def get() -> Callable[..., Answer]:
    """A client: `get(url, method="GET", If_None_Match="…")`."""
    return ask


@pytest.fixture(scope="session")
def newsroom() -> Iterator[Newsroom]:
    """A running newsroom."""
    with Newsroom() as running:
        yield running
