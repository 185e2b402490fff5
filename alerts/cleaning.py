"""Words of others, made fit to print on one line: no line breaks, control characters or hidden text; and links that are links.

Titles, names and quotations come from pages that anybody can write. What is printed in a header, a plain text or a Slack
message must not be able to end the line, turn the direction of the text, or hide a word. Nothing else is changed: escaping
for HTML or Slack belongs to whoever writes HTML or Slack.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

LINK_LIMIT = 2000       # characters of an address; longer ones are cut by mail clients and refused by Slack
JOINERS = "\u200c\u200d"  # zero-width joiners are letters in Persian and in emoji; every other format character is dropped
LINK_SAFE = "/:?#[]@!$'()*+,;=%~&"  # RFC 3986 reserved characters and "%": what is already encoded stays as it is

_RAW_FACTOR = 8         # at most so many characters are looked at for each that is kept, however long the text


def one_line(text: str, limit: int | None = None) -> str:
    """`text` as one line of well-formed characters, cut to `limit` characters with an ellipsis.

    Line and paragraph separators and control characters become spaces, lone surrogates and noncharacters U+FFFD, and
    format characters (direction marks, tags, soft hyphens) are dropped. Non-breaking spaces stay.
    """
    if limit is not None:
        text = text[: limit * _RAW_FACTOR]
    line = re.sub(" {2,}", " ", "".join(map(_printable, text))).strip(" ")
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip(" ") + "…"


def link(url: str) -> str | None:
    """`url` as an address that may be printed and followed, or None where it is no plain http(s) address.

    Everything that could end a link early in HTML, Slack or plain text is percent-encoded, the host is in its ASCII form
    so that it cannot pose as another, and a user name in front of the host is not shown.
    """
    if re.search(r"[\s\x00-\x1f\x7f\\]", url) or len(url) > LINK_LIMIT:
        return None
    try:
        parts = urlsplit(url)
        port, hostname = parts.port, parts.hostname or ""
        where = f"[{hostname}]" if ":" in hostname else hostname.encode("idna").decode("ascii")
        path, query, fragment = (quote(part, safe=LINK_SAFE) for part in (parts.path, parts.query, parts.fragment))
    except ValueError:  # a port or host that is none, or lone surrogates: UnicodeError is a ValueError
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", where):
        return None
    address = f"{parts.scheme}://{where}" + (f":{port}" if port is not None else "") + path
    address += (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return address if len(address) <= LINK_LIMIT else None


def host(address: str) -> str:
    """The host that an address made by `link` leads to, as people name it: without a leading `www.`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category == "Cf":
        return character if character in JOINERS else ""
    if category == "Cs" or (category == "Cn" and ord(character) & 0xFFFE == 0xFFFE):
        return "\ufffd"
    return character
