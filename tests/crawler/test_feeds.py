"""Feeds and sitemaps: what is read, what is refused, and that nothing else is ever raised."""

import gzip
import time
import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds import FeedError, parse_feed
from crawler.links import MAX_LINKS, Link
from crawler.sitemaps import SitemapError, parse_sitemap

BASE = "https://press.example/news/feed.xml"
ATOM = "http://www.w3.org/2005/Atom"


def at(*parts: int) -> datetime:
    """A UTC instant."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


RSS = """
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:fb="urn:feedburner">
<channel><title>Sala de prensa</title><link>https://press.example/</link>
<item><media:title>picture</media:title><title><![CDATA[Guatemala <b>niega</b> &amp;quot;acuerdo&amp;quot;]]></title>
  <link> /comunicados/1?utm_source=rss&amp;id=7#more </link><pubDate>Thu, 26 Jun 2025 18:15:00 -0600</pubDate></item>
<item><title>Only a guid</title><guid>https://press.example/2</guid><dc:date>2025-06-26T10:00:00Z</dc:date></item>
<item><title>No permanent guid</title><guid isPermaLink="false">https://press.example/3</guid></item>
<item><link>https://press.example/4</link><pubDate>2025-06-26</pubDate></item>
<item><link>https://feeds.example/r/5</link><fb:origLink>https://press.example/5</fb:origLink><pubDate>26 Jun 2025 09:00</pubDate></item>
<item><link>javascript:alert(1)</link></item>
<item><link>https://user:secret@press.example/6</link></item>
</channel></rss>"""


def test_an_rss_feed_is_read_with_its_titles_times_and_plain_addresses() -> None:
    assert parse_feed(RSS.encode(), BASE, ZoneInfo("America/Guatemala")) == [
        Link("https://press.example/comunicados/1?id=7", 'Guatemala niega "acuerdo"', at(2025, 6, 27, 0, 15)),
        Link("https://press.example/2", "Only a guid", at(2025, 6, 26, 10)),
        Link("https://press.example/4", None, None),                            # a day is no hour
        Link("https://press.example/5", None, at(2025, 6, 26, 15)),             # its zone is the source's
    ]


def test_an_atom_feed_is_read() -> None:
    body = f"""<feed xmlns="{ATOM}"><entry><title type="html">A &amp;amp; B</title><link rel="enclosure" href="/a.mp3"/>
      <link rel="alternate" href="/a"/><updated>2025-06-27T00:00:00Z</updated><published>2025-06-26T00:00:00Z</published></entry></feed>"""
    assert parse_feed(body.encode(), BASE) == [Link("https://press.example/a", "A & B", at(2025, 6, 26))]


def test_an_rdf_feed_is_read() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"/><item rdf:about="https://press.example/1">
      <title>One</title><link>https://press.example/1</link><dc:date>2025-06-26T12:00:00+02:00</dc:date></item></rdf:RDF>"""
    assert parse_feed(body, BASE) == [Link("https://press.example/1", "One", at(2025, 6, 26, 10))]


@pytest.mark.parametrize("body", [
    b"\xef\xbb\xbf<rss><channel><item><link>/a</link></item></channel></rss>",
    "<?xml version='1.0' encoding='utf-16'?><rss><channel><item><link>/a</link></item></channel></rss>".encode("utf-16"),
    b"<rss><channel><item><title>Tom & Jerry &nbsp; co</title><link>/a</link></item></channel></rss>",
    b"<rss><channel><item><link>/a</link></item><item><link>/b",
    b"<rss><channel><item><link>/a</link><link>/b</link></item></rss>",
    b"<rss><channel><item><title>bad \x00 byte</title><link>/a</link></item></channel></rss>",
], ids=["bom", "utf-16", "bare ampersand", "cut off", "not closed", "nul"])
def test_a_feed_that_is_broken_in_a_usual_way_is_read(body: bytes) -> None:
    assert parse_feed(body, BASE)[0].url == "https://press.example/a"


def test_an_empty_feed_is_no_error() -> None:
    assert parse_feed(b"<rss><channel/></rss>", BASE) == []


@pytest.mark.parametrize(("body", "says"), [
    (b"", "empty"), (b"   ", "empty"), (b"%PDF-1.7 \xff\xfe", "no feed"), (b"<html><body>Welcome</body></html>", "its root is <html>"),
    (b"<urlset/>", "its root is <urlset>"), (b"{}", "no feed"), (b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>", "declares entities"),
])
def test_what_is_no_feed_is_refused_with_what_it_is(body: bytes, says: str) -> None:
    with pytest.raises(FeedError, match=says):
        parse_feed(body, BASE)


def test_an_address_is_named_once_and_a_feed_is_bounded() -> None:
    items = "".join(f"<item><link>/{number // 2}</link></item>" for number in range(4 * MAX_LINKS))
    links = parse_feed(f"<rss><channel>{items}</channel></rss>".encode(), BASE)
    assert len(links) == len({link.url for link in links}) == MAX_LINKS


NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://press.example/old</loc><lastmod>2025-06-20</lastmod></url>
<url><loc>https://press.example/new</loc><news:news><news:publication_date>2025-06-26T10:00:00Z</news:publication_date>
 <news:title>New</news:title></news:news><image:image><image:loc>https://press.example/p.jpg</image:loc>
 <image:title>A picture</image:title></image:image></url>
<url><loc>https://press.example/undated</loc></url>
</urlset>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_sitemap_gives_the_newest_first_and_a_time_only_where_it_knows_one(pack: object) -> None:
    assert parse_sitemap(pack(NEWS.encode()), BASE) == [  # type: ignore[operator]
        Link("https://press.example/new", "New", at(2025, 6, 26, 10)),
        Link("https://press.example/old", None, None),
        Link("https://press.example/undated", None, None),
    ]


def test_a_long_sitemap_without_dates_gives_its_head_and_its_tail() -> None:
    urls = "".join(f"<url><loc>https://press.example/{number}</loc></url>" for number in range(1_000))
    links = parse_sitemap(f"<urlset>{urls}</urlset>".encode(), BASE)
    assert len(links) == MAX_LINKS
    assert [links[0].url, links[-1].url] == ["https://press.example/0", "https://press.example/999"]


@pytest.mark.parametrize(("body", "says"), [
    (b"<sitemapindex/>", "follow the one of its sitemaps"), (b"<html/>", "its root is <html>"), (b"", "empty"),
    (gzip.compress(gzip.compress(b"<urlset/>")), "inside a gzip"), (b"\x1f\x8b nothing", "broken gzip"),
    (gzip.compress(b"<urlset>" + b" " * (6 * 1024 * 1024)), "larger than 5 MB"),
], ids=["index", "html", "empty", "gzip in gzip", "broken gzip", "bomb"])
def test_what_is_no_sitemap_is_refused_with_what_to_do(body: bytes, says: str) -> None:
    with pytest.raises(SitemapError, match=says):
        parse_sitemap(body, BASE)


def evil() -> dict[str, bytes]:
    """Feeds that were made to hurt; each is below the size cap."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    return {
        "laughs": f"<!DOCTYPE r [<!ENTITY l0 'ha'>{laughs}]><rss a='&l9;'>&l9;</rss>".encode(),
        "laughs in utf-16": f"<?xml version='1.0' encoding='utf-16'?><!DOCTYPE r [<!ENTITY l0 'ha'>{laughs}]><rss>&l9;</rss>".encode("utf-16"),
        "laughs in utf-7": b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE r [+ADwAIQ-ENTITY a 'b'+AD4]+AD4+ADw-rss/+AD4",
        "xxe": b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><rss><channel><item><title>&x;</title></item></channel></rss>",
        "external dtd": b"<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'><rss><channel><item><link>/a</link></item></channel></rss>",
        "xinclude": b"<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><item><title><xi:include href='file:///etc/hostname' "
                    b"parse='text'/></title><link>/a</link></item></channel></rss>",
        "deep": b"<rss>" + b"<a>" * 200_000,
        "a million elements": b"<rss>" + b"<a/>" * 1_000_000 + b"</rss>",
        "many items": b"<rss>" + b"<item><link>/a</link></item>" * 150_000 + b"</rss>",
        "one item of many": b"<rss><item>" + b"<link>ftp://a</link>" * 200_000 + b"</item></rss>",
        "long text": b"<rss><item><title>" + b"<" * 10 + b"&lt;" * 1_000_000 + b"</title><link>/a</link></item></rss>",
        "long attribute": b"<rss><item><link href='" + b"a" * 4_000_000 + b"'/></item></rss>",
    }


@pytest.mark.parametrize("name", evil())
def test_a_feed_that_was_made_to_hurt_does_not(name: str) -> None:
    began = time.process_time()
    try:
        links = parse_feed(evil()[name], BASE)
    except FeedError:
        links = []
    assert time.process_time() - began < 1
    assert all("hostname" not in (link.title or "") and len(link.title or "") <= 500 for link in links)


pieces = st.sampled_from([b"<rss>", b"<channel>", b"<item>", b"<link>", b"</link>", b"<title>", b"</item>", b"<entry>", b"<feed xmlns='a'>",
                          b"<urlset>", b"<url>", b"<loc>", b"<lastmod>", b"http://[", b"https://a/b", b"2025-13-45", b"&#0;", b"&x;", b"<![CDATA[",
                          b"Thu, 99 Jun 99999 10:00:00 +9999", b"<link href='http://a:99999/'/>", b"<pubDate>", b"\xff\xfe", b"<!--", b"<?x"])
soup = st.one_of(st.binary(max_size=300), st.lists(st.one_of(pieces, st.binary(max_size=12)), max_size=30).map(b"".join))


@settings(max_examples=200, deadline=None)
@given(soup)
def test_a_feed_of_any_bytes_is_links_or_a_feed_error(body: bytes) -> None:
    try:
        links = parse_feed(body, BASE)
    except FeedError:
        return
    assert all(link.url.startswith(("http://", "https://")) for link in links)


@settings(max_examples=200, deadline=None)
@given(st.one_of(soup, soup.map(gzip.compress), soup.map(lambda body: b"\x1f\x8b" + zlib.compress(body))))
def test_a_sitemap_of_any_bytes_is_links_or_a_sitemap_error(body: bytes) -> None:
    try:
        links = parse_sitemap(body, BASE)
    except SitemapError:
        return
    assert all(link.url.startswith(("http://", "https://")) for link in links)
