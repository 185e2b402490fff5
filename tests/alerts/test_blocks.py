import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.blocks import HEADER_LIMIT, SECTION_LIMIT, escaped
from alerts.message import Message, message
from ledger.finding import Finding

NASTY = st.lists(st.sampled_from([
    "<!channel>", "<!everyone>", "<@U024BE7LH>", "<#C024BE7LR>", "<https://evil.example|Reuters>", "&lt;!here&gt;", "<", ">", "|", "&",
    "&amp;", "\n", "\u2028", "\ud800", "```", "*", "@here", "https://evil.example", "a" * 1500, "&" * 1500, "👩\u200d🚀",
]) | st.text(max_size=40), max_size=8).map("".join)
ENTITY = re.compile(r"&(amp|lt|gt);")
OURS = "http://127.0.0.1:8040/agreements/"


def texts(written: Message) -> Iterator[tuple[str, str]]:
    """Every text that Slack would read, with the type of its object; the notification's fallback is read as mrkdwn."""
    def walk(value: object) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            if isinstance(value.get("text"), str):
                yield value["type"], value["text"]
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    yield "mrkdwn", written.slack_text
    yield from walk(json.loads(json.dumps(written.slack_blocks)))


def commands(text: str) -> list[str]:
    """What Slack would not print but carry out: everything between angle brackets."""
    return re.findall(r"<([^>]*)>", text)


@given(text=NASTY)
def test_no_text_of_others_can_mention_link_or_break_anything(contradiction: Finding, now: datetime, text: str) -> None:
    spoken = {"speaker": text, "role": text, "quote": text, "source": text, "title": text, "side": text, "language": text,
              "url": "https://example.org/" + text, "stance": text}
    first, second = replace(contradiction.first, **spoken), replace(contradiction.second, **spoken)
    nasty = replace(contradiction, first=first, second=second, kind=text, label=text, reason=text, agreement_id=text or "x")
    for kind, shown in texts(message(nasty, reason=text, public_url="http://127.0.0.1:8040", written_at=now)):
        for command in commands(shown):
            address, _, label = command.partition("|")
            assert kind == "mrkdwn"
            assert address.startswith((OURS, "https://example.org/"))
            assert label in {"Everything said about this agreement", "example.org"}
        bare = re.sub(r"<[^>]*>", "", shown)
        assert "<" not in bare
        assert ">" not in bare.replace("\n>", "")
        assert bare.count("&") == len(ENTITY.findall(bare))
        assert len(shown.encode("utf-16-le")) // 2 <= (SECTION_LIMIT if kind == "mrkdwn" else HEADER_LIMIT)


@given(NASTY, st.integers(8, 80))
def test_escaping_respects_the_limit_and_cuts_no_entity(text: str, limit: int) -> None:
    text = text.replace("\ud800", "")
    short = escaped(text, limit)
    assert len(short.encode("utf-16-le")) // 2 <= limit
    assert not re.search(r"[<>]", short)
    assert short.count("&") == len(ENTITY.findall(short))


@pytest.mark.parametrize(("text", "limit", "expected"), [
    ("AT&T <b>", 100, "AT&amp;T &lt;b&gt;"),
    ("*bold* _it_ `code`", 100, "*bold* _it_ `code`"),
    ("abcde", 5, "abcde"), ("abcdef", 5, "abcd…"), ("abc&", 5, "abc…"), ("&&", 9, "&amp;…"), ("&&", 10, "&amp;&amp;"),
])
def test_only_ampersand_and_angle_brackets_are_escaped(text: str, limit: int, expected: str) -> None:
    assert escaped(text, limit) == expected


def test_slack_makes_no_links_and_mentions_of_plain_words(written: Message) -> None:
    for block in written.slack_blocks:
        for part in [block.get("text"), *block.get("elements", [])]:
            assert part is None or part["type"] == "plain_text" or part["verbatim"] is True
