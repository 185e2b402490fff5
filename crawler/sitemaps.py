"""Sitemaps and news sitemaps, plain or gzipped, from bytes to links, newest first.

Formats: https://www.sitemaps.org/protocol.html and the `news` extension. `lastmod` orders the links but is no time of
publication: only a news sitemap gives one.
"""

import zlib
from datetime import UTC, datetime, tzinfo

from lxml import etree

from crawler.links import MAX_LINKS, Link, distinct, instant, plain_title, web_address
from crawler.markup import MarkupError, local_name, parse_xml, text_of

MAX_UNPACKED = 5 * 1024 * 1024
"""Bytes of a sitemap after unpacking; a news sitemap (1,000 entries at most) has less than 1 MB."""

_MAX_ENTRIES = 50_000      # the protocol's own limit
_GZIP = b"\x1f\x8b"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class SitemapError(Exception):
    """Bytes that are no sitemap, or one that cannot be followed; the message says what to do."""


def parse_sitemap(body: bytes, base: str, zone: tzinfo = UTC) -> list[Link]:
    """The newest links of a sitemap, each address once, at most `links.MAX_LINKS`.

    Entries without a date come after those with one, in the sitemap's order; where no entry has a date, the head and the
    tail are taken, since such a sitemap grows at either end. Raises SitemapError for anything that is no sitemap.
    """
    try:
        root = parse_xml(_unpacked(body))
    except MarkupError as error:
        raise SitemapError(f"no sitemap: {error}") from error
    if local_name(root) == "sitemapindex":
        raise SitemapError("this is an index of sitemaps: follow the one of its sitemaps that has the news")
    if local_name(root) != "urlset":
        raise SitemapError(f"no sitemap: its root is <{local_name(root)[:40]}>, and a sitemap's is <urlset>")
    dated: list[tuple[datetime, Link]] = []
    for count, entry in enumerate(root.iter("{*}url")):
        if count == _MAX_ENTRIES:
            break
        if found := _entry(entry, base, zone):
            dated.append(found)
    if all(moment is _LONG_AGO for moment, _ in dated) and len(dated) > MAX_LINKS:
        half = MAX_LINKS // 2
        dated = dated[:half] + dated[-half:]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return distinct(link for _, link in dated)


def _entry(entry: etree._Element, base: str, zone: tzinfo) -> tuple[datetime, Link] | None:
    """When an entry last changed, as far as it says, and its link."""
    address = title = published = modified = None
    for field in entry.iter():
        match local_name(field):
            case "loc" if address is None:
                address = web_address(text_of(field), base)
            case "title" if title is None:
                title = plain_title(text_of(field))
            case "publication_date":
                published = instant(text_of(field), zone)
            case "lastmod":
                modified = instant(text_of(field), zone) or instant(f"{text_of(field)}T00:00:00", zone)
    return None if address is None else (published or modified or _LONG_AGO, Link(address, title, published))


def _unpacked(body: bytes) -> bytes:
    """The sitemap itself where it is a gzip file, bounded while it is unpacked; a gzip file inside one is refused."""
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(body, MAX_UNPACKED + 1)
    except zlib.error as error:
        raise SitemapError(f"no sitemap: a broken gzip file ({error})") from error
    if len(unpacked) > MAX_UNPACKED:
        raise SitemapError(f"larger than {MAX_UNPACKED // 2**20} MB when unpacked: follow a smaller one of the site's sitemaps")
    if unpacked.startswith(_GZIP):
        raise SitemapError("no sitemap: a gzip file inside a gzip file")
    return unpacked
