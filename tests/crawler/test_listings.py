"""Listing pages of different make: what is found on them without a selector, and with one."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.links import Link
from crawler.listings import ListingError, parse_listing

BASE = "https://press.example.gob.gt/noticias/"

MENU = """<header class="site"><nav><ul><li><a href="/inicio">Inicio</a></li><li><a href="/quienes-somos-y-que-hacemos">Quiénes somos y
qué hacemos</a></li><li><a href="/contacto">Contacto</a></li></ul></nav></header>"""
FOOTER = """<div class="footer-links"><a href="/politica-de-privacidad-del-portal">Política de privacidad del portal</a>
<a href="https://facebook.example/gob">Facebook</a></div><div id="breadcrumbs"><a href="/a-b-c-d">Está usted aquí ahora mismo</a></div>"""


def page(body: str) -> bytes:
    """A page with a menu and a footer around `body`."""
    return f"<!doctype html><html><head><meta charset=utf-8></head><body class='sidebar'>{MENU}{body}{FOOTER}</body></html>".encode()


def cards() -> str:
    """WordPress: an article element a story, its heading linked, and a "read more"."""
    return "<main>" + "".join(f"""<article id="post-{n}" class="post post-{n}"><header><h2 class="entry-title"><a href="/2025/06/{n}/nota">Comunicado
      número {n} del gobierno</a></h2><time datetime="2025-06-2{n}T10:00:00-06:00">2{n} de junio</time></header><p>Texto.</p>
      <a class="more" href="/2025/06/{n}/nota">Leer más</a></article>""" for n in range(1, 6)) + "</main>"


def table() -> str:
    """A table with a date in its own column, inside the one form that the whole page is."""
    return "<form id=aspnetForm><table class=list>" + "".join(f"""<tr><td>{n:02}/06/2025</td><td><a href="detalle.aspx?id={n}00">El ministro
      recibe a la delegación {n}</a></td></tr>""" for n in range(1, 6)) + "</table></form>"


def drupal() -> str:
    """Drupal: rows of a view, the date in a span."""
    return "<div class=view-content>" + "".join(f"""<div class="views-row views-row-{n}"><span class="date">June {n}, 2025</span>
      <div class="title"><a href="/news/2025/secretary-announces-agreement-{n}">Secretary announces agreement {n} today</a></div></div>"""
      for n in range(1, 6)) + "</div>"


def linked_cards() -> str:
    """Cards that are links as a whole, without any date, told apart from other links by title and address."""
    return "<section>" + "".join(f"""<a class="card" href="/sala-de-prensa/presidente-firma-convenio-numero-{n}"><img alt=""><h3>Presidente firma el
      convenio número {n}</h3><p>Una entradilla.</p></a>""" for n in range(1, 6)) + "</section>"


def plain() -> str:
    """A static page: a list in French."""
    return "<ul>" + "".join(f"<li>{n} juin 2025 : <a href='communique_{n}_du_ministre.html'>Déclaration du ministre sur l'accord {n}</a></li>"
                            for n in range(1, 6)) + "</ul>"


LAYOUTS = {
    "wordpress": (cards, [f"https://press.example.gob.gt/2025/06/{n}/nota" for n in range(1, 6)], "Comunicado número 1 del gobierno"),
    "table": (table, [f"{BASE}detalle.aspx?id={n}00" for n in range(1, 6)], "El ministro recibe a la delegación 1"),
    "drupal": (drupal, [f"https://press.example.gob.gt/news/2025/secretary-announces-agreement-{n}" for n in range(1, 6)],
               "Secretary announces agreement 1 today"),
    "cards": (linked_cards, [f"https://press.example.gob.gt/sala-de-prensa/presidente-firma-convenio-numero-{n}" for n in range(1, 6)],
              "Presidente firma el convenio número 1"),
    "static": (plain, [f"{BASE}communique_{n}_du_ministre.html" for n in range(1, 6)], "Déclaration du ministre sur l'accord 1"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_articles_of_a_listing_are_found_by_its_build_alone(name: str) -> None:
    build, urls, title = LAYOUTS[name]
    links = parse_listing(page(build()), BASE)
    assert [link.url for link in links] == urls
    assert links[0].title == title


def test_a_time_with_an_hour_is_taken_from_the_page() -> None:
    assert parse_listing(page(cards()), BASE)[0].published.isoformat() == "2025-06-21T16:00:00+00:00"


def test_a_leading_story_of_another_build_is_found_beside_the_list() -> None:
    lead = ("<div class=lead><h1><a href='/2025/06/9/la-gran-noticia-del-dia'>La gran noticia de este día</a></h1>"
            "<time datetime='2025-06-26'>26</time></div>")
    links = parse_listing(page(lead + cards()), BASE)
    assert [link.url.rpartition("/06/")[2] for link in links] == ["9/la-gran-noticia-del-dia", *(f"{n}/nota" for n in range(1, 6))]


@pytest.mark.parametrize("selector", ["article", "article h2 a", "main > article", ".post"])
def test_a_selector_selects_links_or_the_blocks_around_them(selector: str) -> None:
    links = parse_listing(page(cards()), BASE, selector=selector)
    assert [link.url for link in links] == LAYOUTS["wordpress"][1]
    assert links[0].title == "Comunicado número 1 del gobierno"


def test_the_charset_of_the_answer_goes_before_the_page_s_and_an_unknown_one_is_passed_over() -> None:
    body = "<a href=/a>Año</a>".encode("latin-1")
    assert parse_listing(body, BASE, selector="a", charset="iso-8859-1")[0].title == "Año"
    assert parse_listing("<meta charset=utf-8><a href=/a>Año</a>".encode(), BASE, selector="a", charset="klingon")[0].title == "Año"


def test_a_base_element_is_heeded_and_a_pdf_is_no_page() -> None:
    body = page("<base href='/prensa/'>" + plain() + "<ul><li><a href='a-b-c-d-e.pdf'>El acuerdo en un documento largo</a></ul>")
    assert parse_listing(body, BASE)[0].url == "https://press.example.gob.gt/prensa/communique_1_du_ministre.html"


@pytest.mark.parametrize(("body", "selector", "says"), [
    (b"", None, "empty"), (page(""), None, "give it a selector"), (page("<p>Nothing today.</p>"), None, "give it a selector"),
    (page(cards()), ".gone", "may have changed"), (page(cards()), "a:unheard-of(1)", "cannot be used"),
])
def test_a_page_with_nothing_to_follow_is_an_error_that_says_what_to_do(body: bytes, selector: str | None, says: str) -> None:
    with pytest.raises(ListingError, match=says):
        parse_listing(body, BASE, selector=selector)


@pytest.mark.parametrize("body", [
    b"<p>" * 1_600_000, b"<div><a href=/one-two-three-four>One and two and three</a>" * 90_000, b"<b>" * 1_000_000 + b"<a href=/x>y</a>",
    b"<a href=/same>Same text for all of them</a>" * 100_000, b"<ul>" + b"<li><i></i>" * 400_000 + b"<a href=/x-y-z-a>One two three four</a>",
], ids=["paragraphs", "nested links", "nested", "one address", "empty items"])
def test_a_listing_that_was_made_to_hurt_does_not(body: bytes) -> None:
    began = time.process_time()
    try:
        links: list[Link] = parse_listing(body, BASE)
    except ListingError:
        links = []
    assert time.process_time() - began < 2
    assert len(links) <= 200


pieces = st.sampled_from(["<a href='/x-y-z-1234'>", "</a>", "<li>", "<div class='n menu'>", "</div>", "<time datetime='2025-06-26T10:00'>", "1 de junio de 2025",
                          "<h2>Un título de varias palabras", "<base href='http://['>", "<nav>", "<a href='http://[::'>", "<article>", "\0", "&#55296;"])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(st.one_of(pieces, st.text(max_size=10)), max_size=40).map(
    lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))), st.sampled_from([None, "a", "li", "div > a"]))
def test_a_listing_of_any_bytes_is_links_or_a_listing_error(body: bytes, selector: str | None) -> None:
    try:
        links = parse_listing(body, BASE, selector=selector)
    except ListingError:
        return
    assert links
    assert all(link.url.startswith(("http://", "https://")) for link in links)
