"""How downloads fail: the exceptions that Scrapy, Twisted and TLS raise, each brought to one named outcome with its reason.

Scrapy reports a refused robots.txt, a redirect too many and a body too large all as IgnoreRequest, with the reason in the
text; the first classes here are what our own middlewares raise instead.
"""

from OpenSSL.SSL import Error as OpenSSLError
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
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed

from crawler.outcome import Outcome


class RobotsDenied(IgnoreRequest):
    """The host's robots.txt disallows the page."""


class RobotsUnreachable(IgnoreRequest):
    """The host's robots.txt cannot be read, so everything on the host counts as disallowed for now."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        """`outcome`: what is wrong with the host, if its robots.txt was only the first to find out."""
        super().__init__(reason)
        self.outcome = outcome


class TooManyRedirects(IgnoreRequest):
    """A page that redirects more often than we follow, or in a circle."""


class BodyTooLarge(IgnoreRequest):
    """A body that is larger than allowed once it is decompressed."""


class UndecodableBody(Exception):
    """A body whose Content-Encoding cannot be undone."""


class AddressRefused(Exception):
    """A host leads only to addresses that must not be dialled; the message names one and says why."""


class FetchError(Exception):
    """A download that brought nothing: which outcome it is, and why, in a sentence that holds no body and no secret."""

    def __init__(self, outcome: Outcome, reason: str, retry_after: float | None = None) -> None:
        """`retry_after`: the seconds that the server asked us to stay away, if it did."""
        super().__init__(reason)
        self.outcome, self.reason, self.retry_after = outcome, reason, retry_after


_FAILURES: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (RobotsDenied, Outcome.robots_denied, ""),
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
    if isinstance(error, RobotsUnreachable):
        return error.outcome, str(error)
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
