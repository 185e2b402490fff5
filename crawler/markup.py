"""Parsers for XML and HTML that strangers wrote: the one module that builds them, so that their safety is decided once.

No entity is expanded, no DTD and nothing from the network is loaded, and libxml2's own limits on depth and size stay on
(`huge_tree` off). A document that declares entities is refused before it is parsed: `resolve_entities` does not reach
entities inside attribute values, and no feed or sitemap needs any.
"""

from collections.abc import Iterator

from lxml import etree, html

TEXT_LIMIT = 2_000
"""Characters of an element's text that are looked at; titles and dates are far shorter."""


class MarkupError(Exception):
    """A document that cannot be read as markup; the message says why."""


def parse_xml(body: bytes) -> etree._Element:
    """The root of an XML document, repaired where it is broken, since the feeds of outlets are.

    Raises MarkupError if it declares entities, or if nothing of it is XML.
    """
    text = body.lstrip(b" \t\r\n\xef\xbb\xbf")  # a blank line before the declaration is the commonest mistake of all
    if b"<!ENTITY" in text.replace(b"\0", b"").upper():  # without NULs, UTF-16 and UTF-32 read like ASCII
        raise MarkupError("it declares entities, which a feed has no use for")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
                             recover=True, remove_comments=True, remove_pis=True)
    return _root(text, parser)


def parse_html(body: bytes, charset: str | None = None) -> etree._Element:
    """The root of an HTML page; `charset` (from its Content-Type) goes before what the page says of itself.

    Raises MarkupError if there is no element in it.
    """
    options = {"no_network": True, "huge_tree": False, "recover": True, "remove_comments": True, "remove_pis": True}
    try:
        parser = html.HTMLParser(encoding=charset, **options)
    except LookupError:  # a charset that nobody knows: let the page speak for itself
        parser = html.HTMLParser(**options)
    return _root(body, parser)


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is not an element (an entity left unexpanded)."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of(element: etree._Element, limit: int = TEXT_LIMIT) -> str:
    """An element's text with its white space folded, at most about `limit` characters of it."""
    pieces, size = [], 0
    for piece in _texts(element):
        pieces.append(piece[:limit])
        size += len(piece)
        if size > limit:
            break
    return " ".join("".join(pieces).split())[:limit]


def _texts(element: etree._Element) -> Iterator[str]:
    for text in element.itertext():
        yield str(text)


def _root(body: bytes, parser: etree.XMLParser | html.HTMLParser) -> etree._Element:
    if not body.strip():
        raise MarkupError("it is empty")
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError, SyntaxError) as error:  # lxml raises each of them for one broken input or another
        raise MarkupError(f"it cannot be parsed: {str(error)[:200]}") from error
    if root is None:
        raise MarkupError("there is no element in it")
    return root
