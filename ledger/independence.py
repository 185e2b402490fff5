"""How many sources tell a thing of their own: copies of a wire's text, edited or not, count as the one they were taken from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from extract.fingerprint import distance

# Of the 64 bits of two fingerprints. Measured on 138 articles: with the last paragraph off, another opening or a third cut away a text
# differs from itself by 11 in the median and by 18 at most in nine of ten; different articles of one story by 23 at least.
NEAR = 18


@dataclass(frozen=True, slots=True)
class Telling:
    """One article that carries something: its source, its text's fingerprint (None: unknown) and when it appeared."""

    article_id: str
    source: str
    fingerprint: int | None
    at: datetime


def independent(tellings: Iterable[Telling]) -> tuple[str, ...]:
    """The sources that tell it of their own, the first one first: those of articles that are no copy of an earlier one."""
    own: list[Telling] = []
    for telling in sorted(set(tellings), key=lambda t: (t.at, t.article_id)):
        if not any(telling.fingerprint and earlier.fingerprint and distance(telling.fingerprint, earlier.fingerprint) <= NEAR for earlier in own):
            own.append(telling)
    return tuple(dict.fromkeys(telling.source for telling in own))
