import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.cleaning import LINK_LIMIT, host, link, one_line

ANY_TEXT = st.text(st.characters(codec=None, categories=None) | st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp"]))


@pytest.mark.parametrize(("text", "line"), [
    ("one\r\ntwo", "one two"),
    ("one\u2028two\u2029three\x85four\x0bfive", "one two three four five"),
    ("a\x00b", "a b"),
    ("a\ud800b", "a\ufffdb"),
    ("safe\u202egpj.exe", "safegpj.exe"),
    ("hid\U000e0041den", "hidden"),
    ("« signé »", "« signé »"),
    ("«\u00a0signé\u00a0»", "«\u00a0signé\u00a0»"),
    ("  two   spaces ", "two spaces"),
    ("Ñandú 中文 👩\u200d🚀", "Ñandú 中文 👩\u200d🚀"),
])
def test_text_becomes_one_line_and_nothing_else_is_changed(text: str, line: str) -> None:
    assert one_line(text) == line


@given(ANY_TEXT, st.integers(1, 60))
def test_any_text_becomes_one_printable_line_within_the_limit(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")
    assert not [c for c in line if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]


def test_a_text_of_many_megabytes_is_not_read_to_its_end() -> None:
    assert one_line("x" * 50_000_000, 100) == "x" * 99 + "…"


@pytest.mark.parametrize(("url", "expected"), [
    ("https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f"),
    ("https://example.org/a|b<c>\"d", "https://example.org/a%7Cb%3Cc%3E%22d"),
    ("https://example.org/año/ñ", "https://example.org/a%C3%B1o/%C3%B1"),
    ("https://example.org/already%20there", "https://example.org/already%20there"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://un.org@evil.example/", "https://evil.example/"),
    ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ("HTTPS://EXAMPLE.org/", "https://example.org/"),
])
def test_a_link_that_is_one_is_printed_so_that_nothing_ends_it_early(url: str, expected: str) -> None:
    assert link(url) == expected


@pytest.mark.parametrize("url", [
    "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org/", "//example.org/", "/a", "", "https://",
    "https://example.org/ a", "https://example.org/\r\nBcc:x", "http://a.example\\@b.example/", "https://exa mple.org/",
    "https://example.org:port/", "https://[::1", "https://a\ud800.example/", "https://example.org/\ud800",
    "https://<script>.example/", "https://example.org/" + "x" * LINK_LIMIT, "https://" + "a" * 70 + ".example/",
])
def test_what_is_no_plain_web_address_is_no_link(url: str) -> None:
    assert link(url) is None


@given(ANY_TEXT)
def test_a_link_made_of_anything_holds_no_character_that_ends_one(text: str) -> None:
    address = link("https://example.org/" + text)
    assert address is None or not set(address) & set(" <>|\"\\\r\n\t")


def test_a_host_is_named_without_www() -> None:
    assert host("https://www.example.org/a") == "example.org"
