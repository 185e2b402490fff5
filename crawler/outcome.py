"""Outcomes: how a fetch, and with it a look at a source, can end. Every one has a name that is stored, logged and shown."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a look at a source ended."""

    ok = "ok"
    not_modified = "not_modified"
    interrupted = "interrupted"                  # the crawler was asked to stop
    robots_denied = "robots_denied"
    robots_unreachable = "robots_unreachable"    # RFC 9309: then everything is disallowed
    not_found = "not_found"
    gone = "gone"
    rate_limited = "rate_limited"
    http_4xx = "http_4xx"
    http_5xx = "http_5xx"
    http_unexpected = "http_unexpected"          # an answer that is neither a page nor an error
    redirect_refused = "redirect_refused"        # to something else than http or https
    redirect_loop = "redirect_loop"
    timeout = "timeout"
    dns_error = "dns_error"
    connection_refused = "connection_refused"
    connection_error = "connection_error"
    tls_error = "tls_error"
    address_refused = "address_refused"          # not a public address
    too_large = "too_large"
    truncated = "truncated"                      # it broke off before its announced end
    bad_encoding = "bad_encoding"                # its compression cannot be undone
    wrong_content = "wrong_content"              # no page of text
    parse_error = "parse_error"
    error = "error"                              # a fault of our own; the log has it

    @property
    def succeeded(self) -> bool:
        """Whether the source answered as it should."""
        return self in {Outcome.ok, Outcome.not_modified}

    @property
    def lasting(self) -> bool:
        """Whether asking for the same page again soon is pointless: the answer would be the same."""
        return self in _LASTING


_LASTING = frozenset({
    Outcome.robots_denied, Outcome.not_found, Outcome.gone, Outcome.http_4xx, Outcome.http_unexpected, Outcome.redirect_refused,
    Outcome.redirect_loop, Outcome.address_refused, Outcome.too_large, Outcome.wrong_content,
})


@dataclass(frozen=True, slots=True)
class LookResult:
    """What one look at a source found, and how it ended.

    `complete` says that nothing of the listing is left to fetch, so that its validators (ETag, Last-Modified) may be kept:
    after a 304 nobody would come back for what was left.
    """

    outcome: Outcome
    reason: str
    etag: str | None = None
    last_modified: str | None = None
    retry_after: float | None = None    # seconds that the server asked for
    complete: bool = False
    links: int = 0
    stored: int = 0
    failed: int = 0


def outcome_of_status(status: int) -> Outcome:
    """What an HTTP status that is no success means; 200 and 304 are the caller's."""
    named = {404: Outcome.not_found, 410: Outcome.gone, 429: Outcome.rate_limited}
    if status in named:
        return named[status]
    if 300 <= status < 400:
        return Outcome.redirect_refused   # a redirect that was not followed
    if 400 <= status < 500:
        return Outcome.http_4xx
    return Outcome.http_5xx if status >= 500 else Outcome.http_unexpected
