"""Datelines: where an article says that it was written, before its first sentence."""

import re

from extract.sides import find_sides

DATELINE = re.compile(r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’/ -]{2,30}(?:,\s[^—–:;]{2,30})?(?:\s\([^)]{1,30}\))?\s[—–-]\s")


def side_of_dateline(text: str, language: str) -> str | None:
    """The side that an article is written from: the last one named in its dateline."""
    dateline = DATELINE.match(text)
    mentions = find_sides(dateline.group(), language) if dateline else []
    return mentions[-1].side if mentions else None
