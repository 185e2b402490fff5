"""An alert as Slack shows it: Block Kit blocks whose every foreign character is inert.

Slack reads `<!channel>`, `<@U…>`, `<#C…>` and `<address|label>` in text, so & < > are escaped in every text there is,
the notification's fallback too, and nothing else is (https://docs.slack.dev/messaging/formatting-message-text). `verbatim`
keeps it from making links and mentions of its own out of plain words. The only links are ours and the sources'.
"""

from collections.abc import Mapping
from typing import Any

from alerts.content import Content, Voice

SECTION_LIMIT = 3000   # characters of a section's text (https://docs.slack.dev/reference/block-kit/blocks/section-block)
HEADER_LIMIT = 150     # of a header's (…/header-block)
CONTEXT_LIMIT = 2000   # of ours for a context's: Slack names no figure, and nothing there is long

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str, limit: int = SECTION_LIMIT) -> str:
    """`text` with & < > as entities, cut to `limit` characters with an ellipsis, never inside an entity.

    Characters are counted as UTF-16 units: Slack does not say how it counts, and this is the longest way.
    """
    pieces: list[str] = []
    length = fitting = 0  # `fitting`: how many pieces leave room for the ellipsis
    for character in text:
        piece = _ENTITIES.get(character, character)
        length += _length(piece)
        if length > limit:
            return "".join(pieces[:fitting]) + "…"
        pieces.append(piece)
        fitting = len(pieces) if length < limit else fitting
    return "".join(pieces)


def _length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def alert(content: Content) -> tuple[Mapping[str, Any], ...]:
    """The blocks of one alert: the headline, each side's sentence with its origin, and why it was sent."""
    voices = [block for voice in content.voices for block in (_sentence(voice), _origin(voice))]
    return (
        {"type": "header", "text": {"type": "plain_text", "text": escaped(content.headline, HEADER_LIMIT), "emoji": False}},
        *voices,
        {"type": "divider"},
        _section(_link(content.page, "Everything said about this agreement") or escaped(content.headline)),
        _context(f"*Confidence* {escaped(content.confidence)}",
                 f"*Why it is a {escaped(content.type)}* {escaped(content.why, CONTEXT_LIMIT)}",
                 f"*Why you get this* {escaped(content.reason, CONTEXT_LIMIT)}"),
    )


def _sentence(voice: Voice) -> Mapping[str, Any]:
    head = f"*{escaped(voice.side)}* {voice.stands}\n>"
    return _section(head + escaped(voice.quote, SECTION_LIMIT - _length(head)))


def _origin(voice: Voice) -> Mapping[str, Any]:
    who = f"*{escaped(voice.speaker)}*" + (f", {escaped(voice.role)}" if voice.role else "")
    source = escaped(voice.source) + (" (press office, official)" if voice.official else "")
    when = voice.said + (f" · {voice.language}" if voice.language else "")
    where = _link(voice.url, voice.host) if voice.url else None
    return _context(who, source, when, *filter(None, [where]))


def _link(address: str, label: str) -> str | None:
    """A link, or None where it does not fit whole: half an address leads somewhere else."""
    text = f"<{escaped(address, len(address) * 5)}|{escaped(label)}>"  # five: the longest entity, so nothing is cut
    return text if _length(text) <= SECTION_LIMIT else None


def _section(text: str) -> Mapping[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(*texts: str) -> Mapping[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts]}
