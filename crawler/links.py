"""Links: an address that a source names, with what it says of it. Every parser gives a list of these.

`web_address` and `instant` are the edge where addresses and dates of strangers come in: what they return is sound, and what
they cannot read is None.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

MAX_LINKS = 200
"""Links of one feed, sitemap or listing that are considered. Feeds carry 10 to 100; an archive is not news."""

MAX_ADDRESS = 2_000   # characters; browsers and servers agree on little beyond
MAX_TITLE = 500       # characters

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hsenc|_hsmi|at_medium|at_campaign)", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TAG = re.compile(r"<[^<>]*>")
_DAY_ONLY = re.compile(r"^\d{4}(-\d\d(-\d\d)?)?$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Link:
    """One address that a source names, with the title and the time of publication that it gives, if any."""

    url: str
    title: str | None = None
    published: datetime | None = None


def web_address(text: str, base: str = "") -> str | None:
    """`text` as an absolute http or https address in its plain form, or None where it is none.

    The fragment, tracking parameters and a default port are taken off, so that one page has one address. Addresses that
    carry a user name are refused, as are those that programs read differently (a backslash before the path).
    """
    text = text.strip()
    if not text or len(text) > MAX_ADDRESS or "\\" in text or _CONTROL.search(text):
        return None
    try:
        parts = urlsplit(urljoin(base, text))
        host, port = parts.hostname, parts.port
        if parts.scheme not in _DEFAULT_PORTS or not host or parts.username is not None or parts.password is not None:
            return None
        netloc = f"[{host}]" if ":" in host else host
        if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
            netloc = f"{netloc}:{port}"
        address = safe_url_string(urlunsplit((parts.scheme, netloc, parts.path or "/", _without_tracking(parts.query), "")))
    except ValueError:  # a port out of range, a host that is no host
        return None
    return address if len(address) <= MAX_ADDRESS else None


def instant(text: str, zone: tzinfo = UTC) -> datetime | None:
    """A point in time as feeds and pages write it (RFC 822, RFC 3339, W3C date and time), in UTC; None if it names no hour.

    A day alone is None: a hint that said midnight would be taken for knowledge. `zone` is for a time that names none.
    """
    text = text.strip()[:64]
    if not text or _DAY_ONLY.match(text):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):  # what the two raise for one bad date or another
            continue
    return None


def plain_title(text: str) -> str | None:
    """A title as text: feeds put HTML and doubly escaped entities into it. None if nothing is left."""
    bare = _TAG.sub(" ", html.unescape(text[: 4 * MAX_TITLE]))
    return " ".join(_CONTROL.sub(" ", html.unescape(bare)).split())[:MAX_TITLE].rstrip() or None


def distinct(links: Iterable[Link], limit: int = MAX_LINKS) -> list[Link]:
    """The first `limit` links, each address once."""
    chosen: dict[str, Link] = {}
    for link in links:
        if len(chosen) == limit:
            break
        chosen.setdefault(link.url, link)
    return list(chosen.values())


def _without_tracking(query: str) -> str:
    """The query without tracking parameters; untouched, byte for byte, where it has none."""
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair[0])]
    return query if len(kept) == len(pairs) else urlencode(kept)
