"""Feeds: RSS 0.9x, 1.0 (RDF) and 2.0, and Atom, from bytes to links.

Formats: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec, RFC 4287. What the feeds of
outlets get wrong is repaired where it is harmless (see `markup.parse_xml`) and refused where it is not a feed at all.
"""

from datetime import UTC, datetime, tzinfo
from itertools import islice

from lxml import etree

from crawler.links import Link, distinct, instant, plain_title, web_address
from crawler.markup import MarkupError, local_name, parse_xml, text_of

_ROOTS = frozenset({"rss", "RDF", "feed"})
_DATES = ("pubDate", "published", "date", "issued", "updated", "modified")   # best first; `date` is Dublin Core's
_MAX_ITEMS = 2_000    # that are looked at, so that a feed that names one address for ever costs no more than others
_MAX_CHILDREN = 200   # of one item; a real one has about ten


class FeedError(Exception):
    """Bytes that are no feed; the message says what they are instead."""


def parse_feed(body: bytes, base: str, zone: tzinfo = UTC) -> list[Link]:
    """The links of a feed in its own order, each address once, at most `links.MAX_LINKS`.

    `base` is the feed's address, for relative links; `zone` is for dates that name none. An empty feed is an empty list.
    Raises FeedError for anything else than RSS, RDF or Atom.
    """
    try:
        root = parse_xml(body)
    except MarkupError as error:
        raise FeedError(f"no feed: {error}") from error
    if local_name(root) not in _ROOTS:
        raise FeedError(f"no feed: its root is <{local_name(root)[:40]}>, and a feed's is <rss>, <rdf:RDF> or <feed>")
    links = (_link(item, base, zone) for item in islice(root.iter("{*}item", "{*}entry"), _MAX_ITEMS))
    return distinct(link for link in links if link is not None)


def _link(item: etree._Element, base: str, zone: tzinfo) -> Link | None:
    fields = _fields(item)
    address = _address(fields, base)
    if address is None:
        return None
    titles = fields.get("title", [])
    return Link(address, plain_title(text_of(titles[0])) if titles else None, _published(fields, zone))


def _fields(item: etree._Element) -> dict[str, list[etree._Element]]:
    """The item's own children by local name, its own vocabulary's before those of extensions (a `media:title` is no title)."""
    namespace = item.tag.rpartition("}")[0]
    own: dict[str, list[etree._Element]] = {}
    foreign: dict[str, list[etree._Element]] = {}
    for child in item[:_MAX_CHILDREN]:
        if name := local_name(child):
            place = own if child.tag.rpartition("}")[0] == namespace else foreign
            place.setdefault(name, []).append(child)
    return {name: own.get(name, []) + foreign.get(name, []) for name in own | foreign}


def _address(fields: dict[str, list[etree._Element]], base: str) -> str | None:
    """Where the article is: the publisher's own address before that of a feed service, a link before a permanent guid."""
    candidates = [text_of(element) for element in fields.get("origLink", [])]
    for link in fields.get("link", []):
        if link.get("rel", "alternate") == "alternate":
            candidates.append(link.get("href") or text_of(link))
    candidates += [text_of(guid) for guid in fields.get("guid", []) if guid.get("isPermaLink", "true") == "true"]
    return next((address for text in candidates if (address := web_address(text, base))), None)


def _published(fields: dict[str, list[etree._Element]], zone: tzinfo) -> datetime | None:
    texts = (text_of(element) for name in _DATES for element in fields.get(name, []))
    return next((moment for text in texts if (moment := instant(text, zone))), None)
