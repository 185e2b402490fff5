"""The goldens beside this file are what a subscriber gets. After a change that is meant, look at the new ones and store them:

    python -c "import pytest; pytest.main(['tests/alerts/test_message.py', '--basetemp', 'look', '-k', 'golden'])"

The test writes what it got under `look/`.
"""

import html
import json
import re
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.exceptions import SecurityError

from alerts.message import COLUMNS, Message, _engine, message
from ledger.finding import Finding

GOLDEN = Path(__file__).with_name("golden")
FIELDS = ("speaker", "role", "quote", "source", "title", "side")
TEMPLATES = ["{{7*7}}", "{% for i in range(10**9) %}x{% endfor %}", "{{ ''.__class__.__mro__[1].__subclasses__() }}",
             "{{ alert|attr('__class__') }}", "{% include '/etc/passwd' %}", "{{ self._TemplateReference__context }}", "{#", "#}", "${7*7}"]
SCRIPTS = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</td></table><form action=x>",
           "<style>*{display:none}</style>", "&#60;script&#62;", "javascript:alert(1)", "<!--", "]]>", "</title><svg onload=alert(1)>"]


def said(finding: Finding, now: datetime, text: str, *, reason: str = "You follow it.") -> Message:
    """The finding with `text` in every place that an article or a subscriber fills."""
    voices = [replace(voice, **dict.fromkeys(FIELDS, text), url=f"https://example.org/{text}")
              for voice in (finding.first, finding.second)]
    nasty = replace(finding, first=voices[0], second=voices[1], label=text, kind=text, reason=text)
    return message(nasty, reason=reason + text, public_url="http://127.0.0.1:8040", written_at=now)


@pytest.mark.parametrize(("name", "part"), [("contradiction.txt", "text"), ("contradiction.html", "html"),
                                            ("contradiction.json", "slack_blocks")])
def test_the_message_is_the_golden_one(written: Message, tmp_path: Path, name: str, part: str) -> None:
    value = getattr(written, part)
    got = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    (tmp_path / name).write_text(got, encoding="utf-8")
    assert got == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_subject_says_what_happened(written: Message) -> None:
    assert written.subject == "Guatemala denies the asylum agreement that the United States announced"
    assert written.slack_text == written.subject


def test_every_form_holds_both_sentences_with_all_that_tells_their_worth(contradiction: Finding, written: Message) -> None:
    plain = " ".join(written.text.split())
    web = html.unescape(written.html)
    slack = html.unescape(json.dumps(written.slack_blocks, ensure_ascii=False))
    for form in (plain, web, slack):
        for voice in (contradiction.first, contradiction.second):
            for fact in (voice.quote, voice.speaker, voice.role or "", voice.source, voice.url):
                assert fact in form
        for words in ("26 June 2025, 22:40 UTC", "27 June 2025, 00:15 UTC", "English", "Spanish", "official", "high (91%)",
                      "Your subscription “Central America”", "the United States confirms and Guatemala denies".capitalize()[4:],
                      "http://127.0.0.1:8040/agreements/a93e000000000001"):
            assert words.casefold() in form.casefold()


def test_an_outlet_is_not_called_official(contradiction: Finding, now: datetime) -> None:
    outlets = replace(contradiction, first=replace(contradiction.first, official=False),
                      second=replace(contradiction.second, official=False))
    written = message(outlets, reason="x", public_url="http://127.0.0.1", written_at=now)
    assert "official" not in written.text + written.html + json.dumps(written.slack_blocks)


def test_the_text_is_readable_in_forty_columns(contradiction: Finding, now: datetime, written: Message) -> None:
    long = said(contradiction, now, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 20)
    for line in [*written.text.splitlines(), *long.text.splitlines()]:
        assert len(line) <= COLUMNS or line.strip().startswith("http")


def test_the_same_finding_makes_the_same_message_to_the_byte(contradiction: Finding, now: datetime) -> None:
    assert said(contradiction, now, "x") == said(contradiction, now, "x")


@pytest.mark.parametrize("payload", TEMPLATES)
def test_a_template_in_an_article_is_printed_and_not_run(contradiction: Finding, now: datetime, payload: str) -> None:
    started = time.perf_counter()
    written = said(contradiction, now, payload)
    assert time.perf_counter() - started < 1.0
    assert payload in html.unescape(written.html)
    assert "".join(payload.split()) in "".join(written.text.split())
    assert "49" not in written.text.replace(payload, "")
    assert len(written.html) < 1_000_000


def test_the_engine_is_sandboxed_even_against_our_own_templates() -> None:
    with pytest.raises(SecurityError):
        _engine().from_string("{{ ''.__class__.__mro__[1].__subclasses__() }}").render()


@pytest.mark.parametrize("payload", SCRIPTS)
def test_markup_in_an_article_is_printed_and_not_made(contradiction: Finding, now: datetime, written: Message, payload: str) -> None:
    nasty = said(contradiction, now, payload).html
    tags = re.findall(r"<[/!]?[a-z]+", nasty)
    assert set(tags) <= set(re.findall(r"<[/!]?[a-z]+", written.html))
    assert html.escape(payload, quote=False)[:12] in html.escape(html.unescape(nasty), quote=False)


@given(text=st.text(max_size=60))
def test_links_lead_only_to_the_web_and_are_attributes_from_end_to_end(contradiction: Finding, now: datetime, text: str) -> None:
    nasty = said(contradiction, now, text).html
    for address in re.findall(r'href="([^"]*)"', nasty):
        assert html.unescape(address).startswith(("https://example.org/", "http://127.0.0.1:8040/"))
    assert "src=" not in re.sub(r">[^<]*<", "><", nasty)


def test_nothing_in_the_mail_is_loaded_from_elsewhere(written: Message) -> None:
    assert not re.search(r"<(img|link|script|iframe|form|video|audio|object)|url\(|@import|@font-face", written.html)


def test_a_link_that_is_no_web_address_is_left_out(contradiction: Finding, now: datetime) -> None:
    bad = replace(contradiction, first=replace(contradiction.first, url="javascript:alert(1)"))
    written = message(bad, reason="x", public_url="http://127.0.0.1", written_at=now)
    assert "javascript" not in written.text + written.html + json.dumps(written.slack_blocks)
    assert "Kristi Noem" in written.text


def test_a_reversal_is_told_in_the_order_of_time(reversal: Finding, now: datetime) -> None:
    written = message(reversal, reason="x", public_url="http://127.0.0.1", written_at=now)
    assert written.subject == "Guatemala now confirms the asylum agreement it had denied"
    assert written.text.index("no suscribió") < written.text.index("Sí, se firmó.")
    assert "Why it is a reversal" in written.text
