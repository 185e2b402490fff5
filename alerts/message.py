"""What is said: a finding made into a message, in the forms that channels need.

Article text is data from the first to the last: it goes into the templates as values, never as template text, and the
engine is sandboxed all the same. HTML is escaped by the engine, Slack by `blocks`; every value was folded to one
well-formed line before, so that none can end a header, a line or a block.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from alerts import blocks, sides, wording
from alerts.cleaning import host, link, one_line
from alerts.content import Content, Voice
from ledger.finding import Evidence, Finding

COLUMNS = 40            # a phone held upright shows so many characters of plain text in a line
QUOTE_LIMIT = 1500      # a sentence that carries a claim has a few hundred; a longer one ends in "…" and its link
NAME_LIMIT = 120        # of a speaker, a role or a source
REASON_LIMIT = 400

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Message:
    """One alert, ready for any channel."""

    subject: str                                   # one line
    text: str                                      # plain, at most 40 columns but for addresses
    html: str
    slack_text: str                                # the fallback shown in notifications, escaped for Slack
    slack_blocks: tuple[Mapping[str, Any], ...]    # Block Kit, escaped
    written_at: datetime                           # when the alert was made: the same in every attempt
    data: Mapping[str, Any] = field(default_factory=dict)     # the same for programs: what JSON can hold


def message(finding: Finding, *, reason: str, public_url: str, written_at: datetime) -> Message:
    """Put `finding` into words. `reason` says why it is sent; `public_url` is where the web pages are, without a slash.

    Pure: the same arguments give the same message, to the byte.
    """
    voices = (_voice(finding.first), _voice(finding.second))
    content = Content(
        headline=wording.headline(finding), type=finding.type.value, voices=voices,
        confidence=wording.confidence(finding.confidence), why=_sentence(finding.reason),
        reason=_sentence(reason),
        page=f"{public_url}/agreements/{quote(finding.agreement_id, safe='', errors='replace')}",
    )
    return Message(
        subject=content.headline,
        text=_engine().get_template("alert.txt").render(alert=content),
        html=_engine().get_template("alert.html").render(alert=content),
        slack_text=blocks.escaped(content.headline),
        slack_blocks=blocks.alert(content),
        data=_data(finding, content),
        written_at=written_at,
    )


def _data(finding: Finding, content: Content) -> dict[str, Any]:
    return {
        "finding": finding.id, "type": finding.type.value, "headline": content.headline, "agreement": finding.agreement_id, "kind": finding.kind,
        "parties": list(finding.parties), "confidence": finding.confidence, "opened_at": finding.opened_at.isoformat(), "page": content.page,
        "reason": content.reason,
        "statements": [{
            "id": said.statement_id, "side": said.side, "stance": said.stance, "speaker": said.speaker, "role": said.role, "quote": said.quote,
            "language": said.language, "source": said.source, "official": said.official, "url": link(said.url), "said_at": said.said_at.isoformat(),
        } for said in (finding.first, finding.second)],
    }


def _voice(evidence: Evidence) -> Voice:
    address = link(evidence.url)
    code = evidence.language or ""
    return Voice(
        side=sides.name(evidence.side), stands=wording.stands(evidence), affirms=evidence.stance == "confirms",
        quote=one_line(evidence.quote, QUOTE_LIMIT), tag=code if code.isascii() and code.isalpha() else None,
        language=wording.language(evidence.language), speaker=one_line(evidence.speaker, NAME_LIMIT),
        role=one_line(evidence.role or "", NAME_LIMIT) or None, source=one_line(evidence.source, NAME_LIMIT),
        official=evidence.official, said=wording.moment(evidence.said_at), url=address, host=host(address) if address else "",
    )


def _sentence(text: str) -> str:
    line = one_line(text, REASON_LIMIT)
    return line[:1].upper() + line[1:] + ("" if line.endswith((".", "!", "?", "…")) else ".")


def _wrapped(text: str, indent: int = 0, first: int | None = None) -> str:
    """`text` in lines of at most 40 columns; `first` is the first line's own indent, where it differs."""
    lines = textwrap.wrap(text, COLUMNS, initial_indent=" " * (indent if first is None else first),
                          subsequent_indent=" " * indent, break_on_hyphens=False)
    return "\n".join(lines)


@cache
def _engine() -> ImmutableSandboxedEnvironment:
    engine = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False,
    )
    engine.filters["wrapped"] = _wrapped
    return engine
