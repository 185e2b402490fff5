"""How values are put in words on a page: sides, stances, kinds, languages, times and links.

Templates know these as filters. Nothing here touches HTML; the template engine escapes what comes out. What an alert says
as well, a country's name or a headline, is in `alerts/`, so that a mail and the page it leads to use the same words.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_datetime

from alerts import sides

ENGLISH = Locale("en")

STANCES = {
    "confirms": "confirms",
    "denies": "denies",
    "rejects": "rejects",
    "negotiating": "negotiating",
    "withdraws": "withdraws",
    "no_comment": "no comment",
}
"""Every stance in the words of a chip."""

ACRONYMS = frozenset({"afc", "asean", "ecowas", "eln", "farc", "iaea", "icc", "imf", "m23", "oas", "opec", "rsf", "wto"})
"""Words of a side's name that are written in capitals."""

KINDS = {"mou": "memorandum"}
"""Kinds whose own word is not what people say."""

STAGES = {
    "fetched": "fetched, waits to be read",
    "read": "read, waits for its statements",
    "extracted": "statements found, wait to be judged",
    "judged": "judged",
}

OUTCOMES = {
    "statements": "Statements were found.",
    "no_statements": "No side says anything of an agreement in it.",
    "no_text": "No text was found on the page.",
    "duplicate": "It is a copy of another article.",
    "unsupported_language": "It is in a language that is not read.",
    "error": "It could not be read.",
}
"""How an article ended, in words."""

_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")


def side_name(side: str) -> str:
    """A side in words: the country's English name, or the name of a side that is no country ("nippon-steel")."""
    if side != side.lower():
        return sides.name(side)
    return " ".join(word.upper() if word in ACRONYMS else word.capitalize() for word in re.split(r"[-_ ]+", side)) or side


def side_code(side: str) -> str | None:
    """The short code that stands beside a name, for sides that have one."""
    return side if _COUNTRY.fullmatch(side) or side == "NATO" else None


def stance_words(stance: str) -> str:
    """A stance in words."""
    return STANCES.get(stance, stance.replace("_", " "))


def stance_class(stance: str) -> str:
    """The style that a stance is drawn in; an unknown one is drawn as no comment."""
    return stance.replace("_", "-") if stance in STANCES else "no-comment"


def kind_words(kind: str) -> str:
    """A kind of agreement in words."""
    return KINDS.get(kind, kind.replace("_", " ").replace("-", " "))


def language_name(code: str | None) -> str:
    """A language in English words."""
    return "unknown language" if not code else str(ENGLISH.languages.get(code.split("-", maxsplit=1)[0].lower(), code))


def language_tag(code: str | None) -> str | None:
    """The value of a `lang` attribute, or None where `code` is no language tag (BCP 47, roughly)."""
    return code if code and _LANGUAGE.fullmatch(code) else None


def day(moment: datetime) -> str:
    """27 June 2025."""
    return str(format_datetime(moment.astimezone(UTC), "d MMMM y", locale=ENGLISH))


def clock(moment: datetime) -> str:
    """27 June 2025, 16:05 UTC."""
    return str(format_datetime(moment.astimezone(UTC), "d MMMM y, HH:mm 'UTC'", locale=ENGLISH))


def iso(moment: datetime) -> str:
    """2025-06-27T16:05:00Z, for machines."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(seconds: float) -> str:
    """A length of time in the largest unit that fits: 40 seconds, 3 minutes, 2 hours, 5 days."""
    whole = max(0, int(seconds))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if whole >= length:
            count = whole // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{whole} second{'' if whole == 1 else 's'}"


def ago(moment: datetime, now: datetime) -> str:
    """How long before `now` a moment was; "in 5 minutes" for one to come."""
    seconds = (now - moment).total_seconds()
    if seconds < 0:
        return f"in {span(-seconds)}"
    return "just now" if seconds < 5 else f"{span(seconds)} ago"


def count(number: int, noun: str) -> str:
    """`number` with its noun: 1 statement, 2,013 statements."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def safe_link(url: str | None) -> str | None:
    """`url` if it is a plain web address that may be a link, else None: pages show it as text then.

    Only http and https with a host, without user information and without the white space, control characters and
    backslashes that browsers read another way than `urlsplit` does.
    """
    if not url or _UNSAFE_IN_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and host and "@" not in parts.netloc else None


def host(url: str) -> str:
    """The host of an address, for a link's text; the address itself where it has none."""
    return (urlsplit(url).hostname or url).removeprefix("www.") if safe_link(url) else url
