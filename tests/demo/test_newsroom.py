"""The recorded newsroom: it is whole, it reads as its gold data say, and it is served as the web would serve it."""

import errno
import gzip
import re
import socket
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import trafilatura
import yaml
from lxml import etree
from lxml import html as lxml_html

import demo.server
from demo.server import NEWSROOM, Newsroom

GOLD = yaml.safe_load((NEWSROOM / "gold.yaml").read_text(encoding="utf-8"))
PAGES = GOLD["pages"]
SITES = sorted({page["site"] for page in PAGES})
OUT_OF_ORDER = "radio-paso-sur"
SIDES = {"confirms": 1, "denies": -1, "rejects": -1, "no_comment": 0}
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=[page["site"] + page["path"] for page in PAGES])
EVERY_SITE = pytest.mark.parametrize("site", SITES)


def day(moment):
    """The day on which a page says that it appeared: PyYAML keeps the offset that the file gives."""
    return moment.date() if isinstance(moment, datetime) else moment


@pytest.fixture(scope="module")
def served(newsroom, get):
    """Every page as it is served, by site and path."""
    return {(page["site"], page["path"]): get(newsroom.bases[page["site"]] + page["path"]) for page in PAGES}


@pytest.fixture(scope="module")
def read(served):
    """Every page as trafilatura reads it, by site and path."""
    return {key: trafilatura.bare_extraction(answer.text, with_metadata=True, include_comments=False) for key, answer in served.items()}


def listed(newsroom, get, source):
    """The addresses that a source's feed, sitemap or listing names."""
    answer = get(source["url"])
    assert answer.status == 200
    if source["follow"] == "listing":
        root = lxml_html.fromstring(answer.text)
        table, cell = re.fullmatch(r"table\.(\w+) td\.(\w+) a", source["selector"]).groups()
        links = root.xpath(f'//table[@class="{table}"]//td[@class="{cell}"]/a/@href')
    else:
        root = etree.fromstring(answer.body, etree.XMLParser(resolve_entities=False, no_network=True))
        links = root.xpath('//item/link/text() | //*[local-name()="entry"]/*[local-name()="link"]/@href | //*[local-name()="loc"]/text()')
    return [urljoin(source["url"], link) for link in links]


# ---------------------------------------------------------------------------------------------------------------- pages


def test_there_are_about_twenty_five_pages_of_seven_sites_and_one_that_is_out_of_order(newsroom):
    assert 25 <= len(PAGES) <= 32
    assert len(SITES) == 7
    assert {source["id"] for source in newsroom.sources()} == {*SITES, OUT_OF_ORDER}
    assert {source["follow"] for source in newsroom.sources()} == {"feed", "listing", "sitemap"}
    assert {source["side"] for source in newsroom.sources() if source["kind"] == "press_office"} == {"US", "GT", "HN"}


@EVERY_PAGE
def test_a_page_is_served_and_is_html(page, served):
    answer = served[page["site"], page["path"]]
    assert answer.status == 200
    assert answer.headers.get_content_type() == "text/html"
    root = lxml_html.fromstring(answer.text)
    assert [" ".join(heading.text_content().split()) for heading in root.iter("h1")] == [page["title"]]
    assert "{{" not in answer.text
    assert "�" not in answer.text


@EVERY_PAGE
def test_a_page_reads_as_its_gold_data_say(page, read):
    document = read[page["site"], page["path"]]
    assert document.title == page["title"]
    assert document.date == day(page["published"]).isoformat()
    assert [sentence for sentence in page["holds"] if sentence not in document.text] == []
    assert [words for words in page["lacks"] if words in document.text] == []


@EVERY_PAGE
def test_a_page_is_as_long_as_a_real_one(page, read):
    assert 150 <= len(read[page["site"], page["path"]].text.split()) <= 600


@EVERY_PAGE
def test_a_page_says_that_it_is_a_demonstration(page, served):
    text = served[page["site"], page["path"]].text
    assert "Demonstration page" in text or "Página de demostración" in text


@EVERY_PAGE
def test_the_evidence_of_a_statement_stands_once_in_the_text(page, read):
    text = read[page["site"], page["path"]].text
    for statement in page["statements"]:
        assert statement["stance"] in SIDES
        assert statement["agreement"] in {agreement["id"] for agreement in GOLD["agreements"]}
        assert [piece for piece in statement["evidence"] if text.count(piece) != 1] == []


def test_the_pages_appeared_around_the_26th_and_27th_of_june_2025():
    days = [day(page["published"]) for page in PAGES]
    assert date(2025, 6, 20) <= min(days)
    assert max(days) == date(2025, 6, 27)
    assert sum(appeared in {date(2025, 6, 26), date(2025, 6, 27)} for appeared in days) >= 25


def test_at_least_ten_pages_hold_no_statement_at_all():
    assert sum(not page["statements"] for page in PAGES) >= 10


def test_the_gold_statements_oppose_each_other_exactly_where_contradictions_are_expected():
    polarities = {}
    for statement in (statement for page in PAGES for statement in page["statements"]):
        if SIDES[statement["stance"]]:
            polarities.setdefault(statement["agreement"], {}).setdefault(statement["side"], set()).add(SIDES[statement["stance"]])
    assert all(len(found) == 1 for sides in polarities.values() for found in sides.values())
    opposed = {(agreement, confirming, denying) for agreement, sides in polarities.items()
               for confirming, up in sides.items() for denying, down in sides.items() if up == {1} and down == {-1}}
    assert opposed == {(expected["agreement"], *expected["sides"]) for expected in GOLD["expected"]["contradictions"]}


# ---------------------------------------------------------------------------------------------------------------- links


@EVERY_SITE
def test_a_source_lists_exactly_its_pages_and_each_resolves(site, newsroom, get):
    source = next(source for source in newsroom.sources() if source["id"] == site)
    links = listed(newsroom, get, source)
    articles = [link for link in links if urlsplit(link).path not in {"/", urlsplit(source["url"]).path}]
    assert sorted(articles) == sorted(newsroom.bases[site] + page["path"] for page in PAGES if page["site"] == site)
    assert {get(link).status for link in links} == {200}


@EVERY_SITE
def test_no_link_of_a_site_leads_nowhere(site, newsroom, get):
    base = newsroom.bases[site]
    waiting, seen = {base + "/"}, set()
    while waiting:
        url = waiting.pop()
        seen.add(url)
        answer = get(url)
        assert answer.status == 200, url
        if answer.headers.get_content_type() == "text/html":
            links = lxml_html.fromstring(answer.text).xpath("//@href | //@src")
            waiting |= {link for link in (urldefrag(urljoin(url, link)).url for link in links) if link.startswith(base)} - seen
    assert {base + page["path"] for page in PAGES if page["site"] == site} <= seen


@EVERY_PAGE
def test_a_page_loads_nothing_from_outside_this_machine(page, newsroom, served):
    root = lxml_html.fromstring(served[page["site"], page["path"]].text)
    loaded = root.xpath('//@src | //link[@rel="stylesheet"]/@href | //form/@action')
    assert {urlsplit(urljoin(newsroom.bases[page["site"]], address)).hostname for address in loaded} <= {
        urlsplit(base).hostname for base in newsroom.bases.values()}


# ---------------------------------------------------------------------------------------------------------------- server


def test_every_site_answers_on_an_address_of_its_own(newsroom):
    assert len(set(newsroom.bases.values())) == 8
    assert all(urlsplit(base).hostname.startswith("127.") for base in newsroom.bases.values())


@EVERY_SITE
def test_a_site_lets_crawlers_in_everywhere_but_its_back_office(site, newsroom, get):
    answer = get(newsroom.bases[site] + "/robots.txt")
    assert answer.status == 200
    assert answer.headers.get_content_type() == "text/plain"
    assert answer.text.startswith("User-agent: *\nDisallow: /admin/\n")
    assert "crawl-delay" not in answer.text.lower()


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/noticias/feed/", "/anything"])
def test_the_site_that_is_out_of_order_answers_500_to_everything(path, newsroom, get):
    assert get(newsroom.bases[OUT_OF_ORDER] + path).status == 500


@EVERY_SITE
def test_a_client_that_holds_the_newest_version_gets_a_304_without_a_body(site, newsroom, get):
    url = next(source["url"] for source in newsroom.sources() if source["id"] == site)
    etag = get(url).headers["ETag"]
    for held in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = get(url, If_None_Match=held)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    assert get(url, If_None_Match='W/"older"').status == 200


@pytest.mark.parametrize(("offer", "packed"), [("gzip, deflate, br", True), ("br;q=1.0, gzip;q=0.8", True), ("*", True),
                                               ("gzip;q=0", False), ("gzip;q=0.000, br", False), ("br", False), ("identity", False)])
def test_a_page_is_packed_where_the_client_takes_gzip(offer, packed, newsroom, get):
    url = newsroom.bases["us-dhs"] + "/"
    answer = get(url, Accept_Encoding=offer)
    assert (answer.headers["Content-Encoding"] == "gzip") is packed
    assert (gzip.decompress(answer.body) if packed else answer.body) == get(url).body


@pytest.mark.parametrize(("site", "path", "content_type", "charset"), [
    ("us-dhs", "/rss/news-releases.xml", "application/rss+xml", "utf-8"),
    ("northgate-wire", "/feeds/latest.rss", "application/rss+xml", "utf-8"),
    ("hn-prensa", "/feed.atom", "application/atom+xml", "utf-8"),
    ("saltmarsh-gazette", "/atom.xml", "application/atom+xml", "utf-8"),
    ("correo-de-sula", "/sitemap-news.xml", "application/xml", "utf-8"),
    ("diario-la-ermita", "/rss.xml", "application/rss+xml", "utf-8"),
    ("gt-presidencia", "/noticias/", "text/html", "windows-1252"),
    ("gt-presidencia", "/noticias/4131.html", "text/html", "windows-1252"),
    ("gt-presidencia", "/css/estilo.css", "text/css", "utf-8"),
    ("hn-prensa", "/assets/rain.svg", "image/svg+xml", "utf-8"),
])
def test_a_file_is_sent_with_its_type_and_its_charset(site, path, content_type, charset, newsroom, get):
    headers = get(newsroom.bases[site] + path).headers
    assert (headers.get_content_type(), headers.get_content_charset()) == (content_type, charset)


@pytest.mark.parametrize("path", ["/no-such-page", "/../gold.yaml", "/%2e%2e/gold.yaml", "/..%2fsources.yaml", "//etc/passwd"])
def test_an_address_without_a_page_is_a_404(path, newsroom, get):
    assert get(newsroom.bases["us-dhs"] + path).status == 404


def test_a_query_changes_nothing_and_head_sends_no_body(newsroom, get):
    url = newsroom.bases["us-dhs"] + "/"
    assert get(url + "?q=asylum").body == get(url).body
    head = get(url, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(get(url).body)


def test_what_was_asked_is_logged(get):
    with Newsroom() as newsroom:
        base = newsroom.bases["hn-prensa"]
        get(base + "/feed.atom")
        get(base + "/nowhere", method="HEAD")
        broken = newsroom.bases[OUT_OF_ORDER]
        get(broken + "/")
        asked = list(newsroom.requests)
    host = urlsplit(base).netloc
    assert [(request.site, request.host, request.method, request.path, request.status) for request in asked] == [
        ("hn-prensa", host, "GET", "/feed.atom", 200), ("hn-prensa", host, "HEAD", "/nowhere", 404),
        (OUT_OF_ORDER, urlsplit(broken).netloc, "GET", "/", 500)]
    assert all(datetime.now(UTC) - request.time < timedelta(minutes=1) for request in asked)


def test_after_the_block_nothing_listens(get):
    with Newsroom() as newsroom:
        bases = list(newsroom.bases.values())
    for base in bases:
        with pytest.raises(ConnectionRefusedError):
            get(base + "/")


def test_a_port_that_was_asked_for_is_used_by_every_site_and_can_be_used_again(get):
    with Newsroom() as first:
        port = urlsplit(first.bases["us-dhs"]).port
    for _ in range(2):
        with Newsroom(port=port) as newsroom:
            assert {urlsplit(base).port for base in newsroom.bases.values()} == {port}
            assert get(newsroom.bases["us-dhs"] + "/").status == 200


def test_a_port_in_use_is_reported_with_what_to_do():
    with socket.create_server(("127.0.0.13", 0)) as taken, \
            pytest.raises(OSError, match="choose another port, or 0 for a free one"), Newsroom(port=taken.getsockname()[1]):
        pass


def test_a_machine_with_one_loopback_address_gets_a_port_for_each_site(get, monkeypatch):
    class OneAddress(demo.server._SiteServer):
        def server_bind(self):
            if self.server_address[0] != "127.0.0.1":
                raise OSError(errno.EADDRNOTAVAIL, "Can't assign requested address")
            super().server_bind()

    monkeypatch.setattr(demo.server, "_SiteServer", OneAddress)
    with Newsroom() as newsroom:
        assert {urlsplit(base).hostname for base in newsroom.bases.values()} == {"127.0.0.1"}
        assert len({urlsplit(base).port for base in newsroom.bases.values()}) == 8
        for source in newsroom.sources():
            assert get(source["url"]).status == (500 if source["id"] == OUT_OF_ORDER else 200)
