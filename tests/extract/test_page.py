from datetime import UTC, datetime

import pytest

from extract.fingerprint import distance, fingerprint
from extract.page import MAX_BYTES, ExtractError, read_page

BODY = """<!doctype html><html lang="es"><head><title>No hay acuerdo, dice la ministra | El Diario</title>
<meta property="og:site_name" content="El Diario"><meta property="article:published_time" content="2025-06-26T18:30:00-06:00"></head>
<body><nav><a href="/">Portada</a> <a href="/deportes">Deportes</a></nav><article><h1>No hay acuerdo, dice la ministra</h1>
<p>La ministra de Relaciones Exteriores dijo el jueves que su país no ha firmado ningún acuerdo con sus vecinos, y que las conversaciones
seguirán durante el próximo mes en la capital.</p><p>El texto que circula en las redes sociales, añadió la funcionaria, es un borrador antiguo
que nadie ha aprobado y que no compromete a ninguno de los dos gobiernos.</p></article><footer>Todos los derechos reservados</footer></body></html>"""


def test_a_page_gives_its_title_text_language_and_the_hour_of_its_metadata() -> None:
    page = read_page(BODY.encode(), "https://diario.example/a")
    assert page.title.startswith("No hay acuerdo, dice la ministra")
    assert "no ha firmado ningún acuerdo" in page.text
    assert "Deportes" not in page.text
    assert page.language == "es"
    assert page.published == datetime(2025, 6, 27, 0, 30, tzinfo=UTC)


def test_what_the_feed_said_wins_over_what_the_page_says() -> None:
    at = datetime(2025, 6, 26, 12, tzinfo=UTC)
    page = read_page(BODY.encode(), "https://diario.example/a", hinted_title="Desde el feed", hinted_at=at)
    assert (page.title, page.published) == ("Desde el feed", at)


def test_a_date_in_the_future_is_clamped_to_the_time_of_fetching() -> None:
    fetched = datetime(2025, 6, 26, 12, tzinfo=UTC)
    assert read_page(BODY.encode(), "https://diario.example/a", fetched_at=fetched).published == fetched


def test_a_day_without_an_hour_is_taken_to_its_end_and_no_later_than_the_page_was_seen() -> None:
    body = BODY.replace("2025-06-26T18:30:00-06:00", "2025-06-26").encode()
    assert read_page(body, "https://diario.example/a").published == datetime(2025, 6, 26, 23, 59, 59, tzinfo=UTC)
    fetched = datetime(2025, 6, 26, 18, 40, tzinfo=UTC)
    assert read_page(body, "https://diario.example/a", fetched_at=fetched).published == fetched


def test_a_body_over_the_cap_is_refused_with_its_address() -> None:
    with pytest.raises(ExtractError, match=r"https://big\.example"):
        read_page(b"<p>" * (MAX_BYTES // 3 + 1), "https://big.example")


def test_controls_and_nul_never_reach_the_text() -> None:
    page = read_page(BODY.replace("vecinos", "ve\x00ci\x0bnos").encode(), "https://diario.example/a")
    assert "\x00" not in page.text
    assert "\x0b" not in page.text


def test_copies_have_equal_fingerprints_and_edited_copies_close_ones() -> None:
    text = " ".join(f"word{n % 97} and {n % 31}" for n in range(300))
    assert fingerprint(text) == fingerprint(text.upper())
    assert distance(fingerprint(text), fingerprint(text.replace("word5 ", "other "))) < 16
    assert distance(fingerprint(text), fingerprint("something else altogether " * 50)) > 16
    assert -(2**63) <= fingerprint(text) < 2**63
