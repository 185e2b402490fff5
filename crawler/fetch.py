"""One download through Scrapy's downloader, with every way it can fail under its own name (`failures.py`)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from w3lib.encoding import http_content_type_encoding

from crawler.failures import BodyTooLarge, FetchError, TooManyRedirects, UndecodableBody, name_of_failure
from crawler.outcome import Outcome, outcome_of_status
from crawler.schedule import retry_after_seconds

MAX_HEADER = 500   # characters of a header that are kept

log = structlog.get_logger()


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


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")[:MAX_HEADER].replace("\0", "").strip() or None
