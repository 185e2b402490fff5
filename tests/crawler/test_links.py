"""Addresses and times as strangers write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.links import MAX_TITLE, instant, plain_title, web_address

BASE = "https://press.example/news/"


@pytest.mark.parametrize(("text", "address"), [
    ("/a", "https://press.example/a"),
    ("a?b=1&a=2", "https://press.example/news/a?b=1&a=2"),
    ("//other.example/x", "https://other.example/x"),
    ("HTTPS://Press.Example:443/A#top", "https://press.example/A"),
    ("http://press.example:80", "http://press.example/"),
    ("http://press.example:8080/a", "http://press.example:8080/a"),
    ("/a?utm_source=x&id=7&utm_medium=y&fbclid=z", "https://press.example/a?id=7"),
    ("/a?utm_source=x", "https://press.example/a"),
    ("/comunicación/año", "https://press.example/comunicaci%C3%B3n/a%C3%B1o"),
    ("  /a \n", "https://press.example/a"),
    ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ("https://españa.example/", "https://xn--espaa-rta.example/"),
])
def test_an_address_has_one_plain_form(text: str, address: str) -> None:
    assert web_address(text, BASE) == address
    assert web_address(address) == address


@pytest.mark.parametrize("text", [
    "", "   ", "javascript:alert(1)", "mailto:a@b.example", "ftp://a.example/b", "file:///etc/passwd", "data:text/html,x", "gopher://a/",
    "http://internal:8888\\@public.example/", "http://user@public.example/", "http://user:secret@public.example/", "http://",
    "http://a.example:99999/", "http://[::1/", "http://a\x00b.example/", "/a\nb", "/" + "a" * 3_000, "tel:123", "jar:http://a!/b",
])
def test_what_is_no_address_is_none(text: str) -> None:
    assert web_address(text, BASE) is None


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.from_regex(r"https?://[^/]{1,30}(:[0-9]{1,6})?/[^#]{0,20}", fullmatch=True)))
def test_any_text_is_a_plain_address_or_none(text: str) -> None:
    address = web_address(text, BASE)
    assert address is None or (address.startswith(("http://", "https://")) and web_address(address) == address)


@pytest.mark.parametrize(("text", "moment"), [
    ("Thu, 26 Jun 2025 22:40:00 GMT", datetime(2025, 6, 26, 22, 40, tzinfo=UTC)),
    ("2025-06-26T18:40:00-04:00", datetime(2025, 6, 26, 22, 40, tzinfo=UTC)),
    ("2025-06-26T22:40:00Z", datetime(2025, 6, 26, 22, 40, tzinfo=UTC)),
    ("2025-06-26 16:40", datetime(2025, 6, 26, 22, 40, tzinfo=UTC)),
    ("2025-06-26", None), ("2025-06", None), ("yesterday", None), ("", None), ("0001-01-01T00:00:00+14:00", None),
    ("Thu, 99 Jun 2025 22:40:00 GMT", None), ("9" * 100, None),
])
def test_a_time_is_read_as_feeds_write_it_and_a_day_is_no_time(text: str, moment: datetime | None) -> None:
    assert instant(text, timezone(timedelta(hours=-6))) == moment


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_time_or_none(text: str) -> None:
    moment = instant(text)
    assert moment is None or moment.utcoffset() == timedelta(0)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=2_000))
def test_any_text_is_a_title_of_one_line_or_none(text: str) -> None:
    title = plain_title(text)
    assert title is None or (0 < len(title) <= MAX_TITLE and "\n" not in title and "\0" not in title)
    if title:
        title.encode()   # no lone surrogate: a database would refuse it
