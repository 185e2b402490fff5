"""What holds for every answer: headers, no scripts, nothing from elsewhere, reading only; and words that stay words."""

import html
from datetime import UTC, datetime
from html.parser import HTMLParser

import lxml.html
import pytest

from store.types import row_id
from web.rendering import STYLESHEET
from web.wording import safe_link

AGREEMENT, ARTICLE = row_id("agreement", "gt-asylum"), row_id("wire", 1)
EVERY_KIND = ("/", f"/agreements/{AGREEMENT}", f"/articles/{ARTICLE}", "/sources", "/health", "/health.json", "/metrics",
              "/api/openapi.json", "/api/v1/agreements", "/api/v1/nothing", "/nothing", "/?page=x", "/static/sayso.css")
PAGES = EVERY_KIND[:5]

PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' autofocus onfocus='alert(1)",
    "</title><svg onload=alert(1)>", "<!--<b>", "]]><!DOCTYPE x>", "javascript:alert(1)//", "{{ 7 * 7 }}",
    "{% for i in range(10**9) %}x{% endfor %}", "${7*7}#{7*7}", "&lt;b&gt;&#60;script&#62;", "</p></blockquote></main><h1>",
    "<style>*{display:none}</style>", "\u202e\u2066txt.exe", "\x00\x08\x1f",
    "<a href=//evil.example>", "`onmouseover=alert(1)`", "<base href=//evil.example/>", "<meta http-equiv=refresh content=0>",
    "\u2028\u2029\ufeff", "%3Cscript%3E", "<iframe srcdoc='<script>alert(1)</script>'>", "x" * 300, "👩‍👩‍👧‍👦é̂",
)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_answer_carries_the_security_headers(client, story, path):
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy == {"default-src": "'none'", "style-src": "'self'", "img-src": "'self' data:", "form-action": "'self'",
                      "base-uri": "'none'", "frame-ancestors": "'none'"}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"]


def test_an_answer_to_an_unforeseen_error_carries_them_too(client, story, monkeypatch):
    monkeypatch.setattr("store.readings.sources", lambda session: 1 // 0)
    response = client.get("/sources")
    assert response.status_code == 500
    assert "content-security-policy" in response.headers
    assert "Something broke" in response.text
    assert "ZeroDivision" not in response.text


@pytest.mark.parametrize("path", [*PAGES, "/nothing"])
def test_a_page_has_no_script_no_inline_style_and_loads_nothing_from_elsewhere(client, story, path):
    page = lxml.html.fromstring(client.get(path).text)
    assert not page.xpath("//script | //style | //iframe | //object | //embed | //img | //base | //*[@style]")
    assert not [name for element in page.iter() for name in element.attrib if name.lower().startswith("on")]
    assert all(address.startswith("/static/") for address in page.xpath("//link[not(@rel='alternate')]/@href | //@src | //image/@href"))


def test_the_stylesheet_loads_nothing():
    assert b"url(" not in STYLESHEET
    assert b"@import" not in STYLESHEET


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/api/v1/statements", "/nothing"])
def test_nothing_but_reading_is_allowed(client, story, method, path):
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    assert "content-security-policy" in response.headers


def test_head_is_answered_like_get_without_the_body(client, story):
    for path in ("/", "/health.json", "/nothing"):
        got, head = client.get(path), client.request("HEAD", path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(("path", "status"), [
    ("/?words=" + "x" * 101, 400), ("/?side=" + "x" * 61, 400), ("/?page=0", 400), ("/?page=801", 400), ("/?page=1e3", 400),
    ("/?contradicted=maybe", 400), ("/?" + "a=1&" * 600, 414), ("/" + "x" * 501, 414), ("/agreements/" + "é" * 300, 414),
    ("/api/v1/agreements/" + "x" * 65, 400), ("/api/v1/statements?agreement=" + "x" * 65, 400),
])
def test_what_is_asked_is_bounded(client, story, path, status):
    assert client.get(path).status_code == status


def test_a_large_range_header_costs_nothing(client, story):
    header = {"Range": "bytes=" + ",".join(f"{number}-" for number in range(10_000))}
    assert client.request("GET", "/static/sayso.css", headers=header).status_code == 200


@pytest.mark.parametrize(("url", "safe"), [
    ("https://paper.example/a?b=c#d", True), ("http://paper.example:8080/", True), ("HTTPS://paper.example/é", True),
    ("https://[2001:db8::1]/", True), ("javascript:alert(1)", False), ("JaVaScRiPt:alert(1)", False),
    ("java\nscript:alert(1)", False),
    (" javascript:alert(1)", False), ("data:text/html,<b>", False), ("vbscript:x", False), ("file:///etc/passwd", False),
    ("ftp://paper.example/", False), ("//paper.example/", False), ("https:/paper.example", False), ("https://", False),
    ("https://paper.example\\@evil.example/", False), ("https://user:secret@paper.example/", False), ("https://[::1", False),
    ("https://paper.example/\r\nx", False), ("", False), (None, False),
])
def test_only_plain_web_addresses_become_links(url, safe):
    assert safe_link(url) == (url if safe else None)


def fill(corpus, word, url="https://paper.example/page"):
    """One of everything, with `word` in every text that a row can hold."""
    at = datetime(2025, 6, 27, 12, 0, tzinfo=UTC)
    corpus.source("outlet", word, side=word, language=word, follow=word, url=url, outcome=word, outcome_reason=word, failures=2)
    corpus.source("office", word, kind="press_office", side=word)
    article = corpus.article("payload", "outlet", at, f"T: {word} end", f"First {word} here.\n\nSecond paragraph.", language=word,
                             url=url, outcome=word, outcome_reason=word, duplicate_of=None)
    agreement = corpus.agreement("payload", word, word, [word, "US"], [word, f"{word} two"], at, at)
    columns = {"role": word, "reasons": [word, word], "identity_reason": word}
    first = corpus.say(article, agreement, "US", "confirms", word, "Second paragraph", **columns)
    second = corpus.say(article, agreement, word, "denies", word, word, **columns)
    corpus.say(article, agreement, word, word, word, f"{word} end", **columns)
    corpus.contradict(agreement, first, second, ("US", word), at)
    corpus.session.commit()
    agreement_path = f"/agreements/{agreement}"
    return ["/", agreement_path, f"/articles/{article.id}?statement={second}", "/sources", "/health"]


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, without any words."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value for name, value in attrs if name in {"href", "src", "cite", "action"} and value]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_words_from_anywhere_stay_words(serve, payload):
    (corpus, client), (harmless_corpus, harmless_client) = serve(), serve()
    pages = [client.get(path) for path in fill(corpus, payload)]
    harmless = [harmless_client.get(path) for path in fill(harmless_corpus, "Plainword")]
    for page, same in zip(pages, harmless, strict=True):
        assert (page.status_code, same.status_code) == (200, 200)
        assert Shape(page.text).elements == Shape(same.text).elements
    assert payload in html.unescape(pages[1].text)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_words_from_an_address_stay_words(client, story, payload):
    response = client.request("GET", "/", params={"words": payload[:100], "side": payload[:60], "kind": payload[:60]})
    assert Shape(response.text).elements == Shape(client.get("/?words=zzz&side=zzz&kind=zzz").text).elements


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "https://a.example/\"onclick=\"x",
                                 "https://a.example\\@b.example/", "ftp://a.example/x"])
def test_no_address_from_a_feed_becomes_a_link_of_another_kind(serve, url):
    corpus, client = serve()
    for path in fill(corpus, "Plainword", url=url):
        links = Shape(client.get(path).text).links
        assert not [link for link in links if not link.startswith(("/", "#", "https://"))]
        assert not [link for link in links if link.startswith("//") or "@" in link]
