"""One download through Scrapy's downloader, with every way it can fail under its own name.

Scrapy reports a refused robots.txt, a redirect too many and a body too large all as IgnoreRequest, with the reason in the
text; the two small middlewares here give the last two classes of their own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from OpenSSL.SSL import Error as OpenSSLError
from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from w3lib.encoding import http_content_type_encoding

from crawler.outcome import Outcome, outcome_of_status
from crawler.resolver import AddressRefused
from crawler.robots import RobotsDenied, RobotsUnreachable
from crawler.schedule import retry_after_seconds

MAX_HEADER = 500   # characters of a header that are kept

log = structlog.get_logger()


class FetchError(Exception):
    """A download that brought nothing: which outcome it is, and why, in a sentence that holds no body and no secret."""

    def __init__(self, outcome: Outcome, reason: str, retry_after: float | None = None) -> None:
        """`retry_after`: the seconds that the server asked us to stay away, if it did."""
        super().__init__(reason)
        self.outcome, self.reason, self.retry_after = outcome, reason, retry_after


class TooManyRedirects(IgnoreRequest):
    """A page that redirects more often than we follow, or in a circle."""


class BodyTooLarge(IgnoreRequest):
    """A body that is larger than allowed once it is decompressed."""


class UndecodableBody(Exception):
    """A body whose Content-Encoding cannot be undone."""


class NamedRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects, with a name for the one too many."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002
        """Follow a redirect; raises TooManyRedirects."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooManyRedirects(f"more than {self.max_redirect_times} redirects") from error


class NamedCompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's decompression, with a name for what is too large and for what is broken."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002
        """Decompress a body; raises BodyTooLarge or UndecodableBody."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise BodyTooLarge("larger than allowed once it is decompressed") from error
        except Exception as error:  # (each of four libraries raises its own)
            encoding = (_header(response, "Content-Encoding") or "")[:40]
            raise UndecodableBody(f"it says Content-Encoding {encoding!r} and is not: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a download brought: the final address, the status (200 or 304), the headers that matter, the decompressed body."""

    url: str
    status: int
    content_type: str
    etag: str | None
    last_modified: str | None
    body: bytes

    @property
    def charset(self) -> str | None:
        """The charset that the Content-Type names, if any."""
        return http_content_type_encoding(self.content_type)

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()


async def fetch(engine: ExecutionEngine, url: str, *, languages: tuple[str, ...] = (), max_size: int | None = None,
                etag: str | None = None, last_modified: str | None = None) -> Fetched:
    """Fetch `url`, following redirects. With validators the answer may be a 304; otherwise it is a 200.

    Raises FetchError for everything else.
    """
    headers: dict[str, str] = {}
    if languages:
        headers["Accept-Language"] = ", ".join((*languages, "*;q=0.5"))
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    meta = {} if max_size is None else {"download_maxsize": max_size}
    try:
        request = Request(url, headers=headers, meta=meta, callback=NO_CALLBACK)
        response = await engine.download_async(request)
    except Exception as error:
        outcome, reason = name_of_failure(error)
        if outcome is Outcome.error:
            log.exception("fetch_broke", url=url)
        raise FetchError(outcome, f"{url}: {reason}") from error
    if response.status != 200 and not (response.status == 304 and (etag or last_modified)):
        retry_after = retry_after_seconds(_header(response, "Retry-After"), datetime.now(UTC))
        raise FetchError(outcome_of_status(response.status), f"{url}: HTTP {response.status}", retry_after)
    return Fetched(
        url=response.url, status=response.status, content_type=_header(response, "Content-Type") or "",
        etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"), body=response.body,
    )


_FAILURES: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (RobotsDenied, Outcome.robots_denied, ""),
    (RobotsUnreachable, Outcome.robots_unreachable, ""),
    (TooManyRedirects, Outcome.redirect_loop, ""),
    (BodyTooLarge, Outcome.too_large, ""),
    (UndecodableBody, Outcome.bad_encoding, ""),
    (AddressRefused, Outcome.address_refused, ""),
    (DownloadCancelledError, Outcome.too_large, "larger than allowed"),   # Scrapy cancels for no other reason
    (DownloadTimeoutError, Outcome.timeout, "no complete answer in time"),
    (CannotResolveHostError, Outcome.dns_error, "its name cannot be resolved"),
    (DownloadConnectionRefusedError, Outcome.connection_refused, "the host refuses connections"),
    (ResponseDataLossError, Outcome.truncated, "the answer broke off before its announced end"),
    (UnsupportedURLSchemeError, Outcome.redirect_refused, "neither http nor https"),
    (NotSupported, Outcome.redirect_refused, "neither http nor https"),
    (OpenSSLError, Outcome.tls_error, "the TLS connection failed"),
    (VerificationError, Outcome.tls_error, "its certificate is for another host"),
    (ConnectError, Outcome.connection_error, "no connection"),
    (ConnectionClosed, Outcome.connection_error, "the connection was lost"),
    (UnicodeError, Outcome.dns_error, "its host is no name"),
)


def name_of_failure(error: BaseException) -> tuple[Outcome, str]:
    """Which outcome an exception of the downloader is, and the reason; Outcome.error if it is a fault of our own."""
    if isinstance(error, DownloadFailedError):  # a failed response: the reasons are Twisted's, and TLS is one of them
        reasons = [getattr(failure, "value", failure) for failure in getattr(error.__cause__, "reasons", ())]
        for reason in reasons:
            if isinstance(reason, OpenSSLError | VerificationError):
                return Outcome.tls_error, _tls_reason(reason)
        return Outcome.connection_error, "the connection was lost before the answer was complete"
    if isinstance(error, ValueError) and str(error).startswith("invalid hostname"):  # Twisted has no class for it
        return Outcome.dns_error, "its host is no name"
    for failure, outcome, reason in _FAILURES:
        if isinstance(error, failure):
            return outcome, reason or str(error)
    return Outcome.error, type(error).__name__


def _tls_reason(error: BaseException) -> str:
    if isinstance(error, VerificationError):
        return "its certificate is for another host"
    details = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return "TLS failed: " + ("; ".join(str(detail[-1]) for detail in details) or "no reason given")


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")[:MAX_HEADER].replace("\0", "").strip() or None
