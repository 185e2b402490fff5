"""Listing pages: the newest articles of a site that has no feed, from bytes to links.

With a CSS selector the links are what it selects. Without one they are found by what listings have in common: blocks of the
same build, one link each, with a title of some words, a date nearby, and an address that looks like an article's. Navigation,
footers and links to other sites are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from crawler.links import Link, distinct, instant, plain_title, web_address
from crawler.markup import MarkupError, local_name, parse_html, text_of

GOOD = 1.6          # mean score of a link in a group that is taken for articles when it is the best there is
CERTAIN = 3.0       # mean score of groups that are taken beside the best: a leading story is often built differently
_MAX_ANCHORS = 5_000   # of a page that are looked at; a listing has some hundreds
_MAX_SELECTED = 1_000  # elements
_BLOCK_TEXT = 1_000  # characters of a block in which a date is looked for

_ASIDE_TAGS = frozenset({"nav", "footer", "aside"})   # no form: some systems put the whole page into one
_ASIDE_NAME = re.compile(r"([a-z]+[-_])?(nav|navbar|navigation|menu|breadcrumbs?|footer|pagination|pager|share|social|cookies?|"
                         r"login|sidebar)([-_](list|items?|links?|wrapper|container|bar))?", re.I)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_PAGE = re.compile(r"\.(jpe?g|png|gif|svg|webp|ico|css|js|zip|rar|7z|mp[34]|avi|mov|pdf|docx?|xlsx?|pptx?|xml|rss|ics)$", re.I)
_MONTHS = ("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|janv|févr|fév|avr|mai|juin|juil|août|déc|"
           "fev|set|out|dez|enero|agosto|diciembre|march|april|august|mars|março|abril")
_DATE = re.compile(
    r"\b20\d\d[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.](?:20)?\d\d\b"
    rf"|\b\d{{1,2}}\w{{0,2}}\.? (?:de |del )?(?:{_MONTHS})\w{{0,8}}\.?,? (?:de |del )?20\d\d\b"
    rf"|\b(?:{_MONTHS})\w{{0,8}}\.? \d{{1,2}}\w{{0,2}},? 20\d\d\b", re.I)


class ListingError(Exception):
    """A page that is no HTML, or on which no article was found; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Block:
    """What the surroundings of a link say: whether there is a date, the exact time of a <time>, a heading."""

    dated: bool
    published: datetime | None
    heading: str | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    anchor: etree._Element
    link: Link
    score: float


def parse_listing(body: bytes, base: str, *, selector: str | None = None, charset: str | None = None,
                  zone: tzinfo = UTC) -> list[Link]:
    """The articles that a listing page names, in its order, each address once, at most `links.MAX_LINKS`.

    `base` is the page's address, `selector` selects the links or the blocks around them, `charset` is the Content-Type's,
    `zone` is for times that name none. Raises ListingError where there is nothing to follow, because a page that lost all
    its articles has changed its build.
    """
    try:
        root = parse_html(body, charset)
    except MarkupError as error:
        raise ListingError(f"no page: {error}") from error
    base = _base_of(root, base)
    if selector is not None:
        links = distinct(_selected(root, base, selector, zone))
        if not links:
            raise ListingError(f"the selector {selector!r} selects no link on this page: the page may have changed")
        return links
    links = distinct(candidate.link for candidate in _articles(_candidates(root, base, zone)))
    if not links:
        raise ListingError("no list of articles was found on this page: give it a selector")
    return links


def _base_of(root: etree._Element, base: str) -> str:
    element = next(root.iter("base"), None)
    return (web_address(element.get("href") or "", base) if element is not None else None) or base


def _selected(root: etree._Element, base: str, selector: str, zone: tzinfo) -> Iterator[Link]:
    try:
        elements = CSSSelector(selector)(root)
    except (SelectorError, etree.XPathError) as error:
        raise ListingError(f"the selector {selector!r} cannot be used: {error}") from error
    for element in elements[:_MAX_SELECTED]:
        anchor = element if local_name(element) == "a" else next(element.iter("a"), None)
        if anchor is not None and (address := web_address(anchor.get("href") or "", base)):
            block = _read_block(element, zone)
            title = _own_title(anchor, anchor is element) or block.heading or _own_title(anchor, True)
            yield Link(address, title, block.published)


def _candidates(root: etree._Element, base: str, zone: tzinfo) -> list[_Candidate]:
    """Every link that could be an article's, with the block around it, in the page's order."""
    anchors: list[tuple[etree._Element, str]] = []
    for anchor in islice(root.iter("a"), _MAX_ANCHORS):
        address = web_address(anchor.get("href") or "", base)
        if address and _is_page_of(address, base) and not _is_aside(anchor):
            anchors.append((anchor, address))
    only: dict[etree._Element, str | None] = {}    # element: the one address below it; None where there are several
    for anchor, address in anchors:
        for element in (anchor, *anchor.iterancestors()):
            only[element] = address if only.setdefault(element, address) == address else None
    blocks: dict[etree._Element, _Block] = {}      # each is read once, however many links are in it
    candidates = []
    for anchor, address in anchors:
        element = _block_around(anchor, only)
        block = blocks.get(element) or blocks.setdefault(element, _read_block(element, zone))
        title = _own_title(anchor, anchor is element) or block.heading or _own_title(anchor, True)
        score = 2.0 * block.dated + min(len((title or "").split()), 8) / 4 + _looks_like_an_article(address)
        candidates.append(_Candidate(anchor, Link(address, title, block.published), score))
    return candidates


def _block_around(anchor: etree._Element, only: dict[etree._Element, str | None]) -> etree._Element:
    """The largest element around a link that leads to its address only."""
    block = anchor
    for element in anchor.iterancestors():
        if only[element] is None or local_name(element) in {"body", "html", "main"}:
            break
        block = element
    return block


def _read_block(block: etree._Element, zone: tzinfo) -> _Block:
    dated = next(block.iter("time"), None) is not None or _DATE.search(text_of(block, _BLOCK_TEXT)) is not None
    heading = next(block.iter(*_HEADINGS), None)
    return _Block(dated, _time_in(block, zone), plain_title(text_of(heading)) if heading is not None else None)


def _articles(candidates: list[_Candidate]) -> list[_Candidate]:
    """The candidates of the best group of links built alike, and of every other group that is certain, in the page's order."""
    groups: dict[tuple[str, ...], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.link.title:
            groups[_build(candidate.anchor)].append(candidate)
    if not groups:
        return []
    means = {build: sum(one.score for one in group) / len(group) for build, group in groups.items()}
    best = max(groups, key=lambda build: means[build] * min(len({one.link.url for one in groups[build]}), 30) ** 0.5)
    if means[best] < GOOD:
        return []
    chosen = {id(one) for build, group in groups.items() if build == best or means[build] >= CERTAIN for one in group}
    return [candidate for candidate in candidates if id(candidate) in chosen]


def _build(anchor: etree._Element) -> tuple[str, ...]:
    """How a link is built: its tag and its next ancestors', each with its first class that does not count items."""
    return tuple(_tag_and_class(element) for element in (anchor, *list(anchor.iterancestors())[:3]))


def _tag_and_class(element: etree._Element) -> str:
    classes = (name for name in (element.get("class") or "").split() if not any(sign.isdigit() for sign in name))
    return f"{local_name(element)}.{next(classes, '')}"


def _own_title(anchor: etree._Element, short_too: bool) -> str | None:
    """The link's own heading or text; a short one ("read more") only if `short_too`, since its block may know better."""
    heading = next(anchor.iter(*_HEADINGS), None)
    own = plain_title(text_of(heading if heading is not None else anchor)) or plain_title(anchor.get("title") or "")
    return own if own and (short_too or len(own.split()) > 3) else None


def _time_in(block: etree._Element, zone: tzinfo) -> datetime | None:
    times = (instant(element.get("datetime") or "", zone) for element in block.iter("time"))
    return next((moment for moment in times if moment), None)


def _is_page_of(address: str, base: str) -> bool:
    """Whether an address is a page of the listing's own site, and another one than the listing."""
    there, here = urlsplit(address), urlsplit(base)
    if _host(there.netloc) != _host(here.netloc) or _NO_PAGE.search(there.path):
        return False
    return (there.path.rstrip("/"), there.query) not in {(here.path.rstrip("/"), here.query), ("", "")}


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def _is_aside(anchor: etree._Element) -> bool:
    for element in anchor.iterancestors():
        name = local_name(element)
        if name in {"article", "main"}:
            return False
        if name in _ASIDE_TAGS or element.get("role") in {"navigation", "contentinfo"}:
            return True
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if name not in {"body", "html"} and any(_ASIDE_NAME.fullmatch(word) for word in names[:500].split()):
            return True
    return False


def _looks_like_an_article(address: str) -> float:
    """1 for an address with a slug of several words, a date or a number of an article in it; 0 for a section's."""
    parts = urlsplit(address)
    last = parts.path.rstrip("/").rpartition("/")[2]
    slug = last.count("-") >= 3 or last.count("_") >= 3
    number = re.search(r"/20\d\d/|\d{4,}", parts.path) or re.search(r"\b(id|p|nid|articleid|noticia)=\d+", parts.query, re.I)
    return 1.0 if slug or number else 0.0
