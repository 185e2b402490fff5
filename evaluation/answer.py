"""An answer: what `sayso analyse` printed for some articles, as values that can be scored.

Only what counts is kept: a statement's place, side, speaker, stance and agreement, and the pairs that were found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extract.statement import Stance

POLARITY = {stance.value: stance.polarity for stance in Stance}


class AnswerError(Exception):
    """An answer without the shape that `sayso analyse` prints."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One statement of an answer. `span` is where its evidence stands in the text, None where it stands in the title."""

    article: str
    side: str | None
    speaker: str
    stance: str
    agreement: str
    span: tuple[int, int] | None

    @property
    def polarity(self) -> int:
        """+1, -1, or 0 for a stance that is not scored."""
        return POLARITY.get(self.stance, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A contradiction (two sides) or a reversal (one) of an answer, as it names its agreement and sides."""

    agreement: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of an answer that is scored."""

    statements: tuple[Answered, ...]
    contradictions: tuple[Found, ...] = ()
    reversals: tuple[Found, ...] = ()


def read_answer(result: Mapping[str, Any]) -> Answer:
    """The values in `result`, the object that `sayso analyse` prints.

    Raises AnswerError where a statement or a pair lacks one of its keys.
    """
    try:
        return Answer(
            tuple(_answered(item) for item in result["statements"]),
            tuple(Found(item["agreement"], tuple(map(str, item["sides"]))) for item in result.get("contradictions", ())),
            tuple(Found(item["agreement"], (str(item["side"]),)) for item in result.get("reversals", ())),
        )
    except (KeyError, TypeError) as error:
        raise AnswerError(f"not what `sayso analyse` prints: {type(error).__name__} {error}") from error


def _answered(item: Mapping[str, Any]) -> Answered:
    evidence = item.get("evidence") or {}
    start = evidence.get("start")
    side = item["side"]
    return Answered(
        article=item["article"],
        side=None if side is None else str(side),
        speaker=item.get("speaker") or "",
        stance=item["stance"],
        agreement=item["agreement"],
        span=None if start is None else (start, evidence["end"]),
    )
