"""Where an alert may be sent: the check of an address, once when it is subscribed and again before each sending.

An address is typed by a person and stored; it must never be able to add a recipient, a header or a command, nor make us
call a machine inside our own network. Both functions return the address in the form that is used, or raise ValueError
with a sentence that tells the person what to write instead.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import addresses

MAIL_LIMIT = 254    # RFC 5321 4.5.3.1.3, less the angle brackets
LOCAL_LIMIT = 64    # RFC 5321 4.5.3.1.1
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322 dot-atom, ASCII
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def mail_address(text: str) -> str:
    """`text` as `local@domain` in ASCII, an international domain in its `xn--` form; ValueError where it is none.

    Quoted local parts, comments, groups and address literals are refused: nobody's inbox needs them, and they are how
    one address becomes two.
    """
    local, at, domain = text.strip(" ").rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if not at or len(local) > LOCAL_LIMIT or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise ValueError("not a mail address: write it as name@example.org")
    if len(local) + 1 + len(domain) > MAIL_LIMIT:
        raise ValueError(f"a mail address has at most {MAIL_LIMIT} characters")
    return f"{local}@{domain}"


def webhook(text: str, allow_networks: Sequence[str] = ()) -> str:
    """`text` as the URL of an incoming webhook; ValueError, without the URL in it, where it may not be called.

    https everywhere; plain http only to a literal address in `allow_networks`. Where a name leads is judged when it is
    dialled (`addresses.refusal`), because only then is it known.
    """
    if re.search(r"[\s\x00-\x1f\x7f\\]", text):
        raise ValueError("a webhook's URL has no spaces, line breaks or backslashes")
    try:
        parts = urlsplit(text)
        hostname, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("not a URL: copy the webhook's address from Slack, https://hooks.slack.com/services/…") from None
    if parts.scheme not in {"http", "https"} or not hostname or port == 0:
        raise ValueError("a webhook's URL begins with https:// and names a host")
    if parts.username is not None or parts.password is not None or not text.isascii():
        raise ValueError("a webhook's URL has no user name or password in front of the host, and only ASCII characters")
    if parts.scheme == "http" and not _literally_in(hostname, allow_networks):
        raise ValueError("a webhook is called over https; plain http only to an address inside an allowed network")
    refused = addresses.refusal(hostname, allow_networks) if addresses.is_address(hostname) else None
    if refused is not None:
        raise ValueError(f"a webhook is not called there: {refused}")
    return text


def _literally_in(hostname: str, networks: Sequence[str]) -> bool:
    """Whether `hostname` is an address (not a name, `localhost` excepted) that only `networks` make reachable."""
    literal = "127.0.0.1" if hostname == "localhost" else hostname
    return addresses.refusal(literal) is not None and addresses.refusal(literal, networks) is None
