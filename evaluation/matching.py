"""Matching: which statement of an answer is which gold statement.

A statement of the answer **hits** a gold one when article, side and polarity agree and its evidence touches a sentence
that holds the gold evidence; each gold statement is hit once. Saying it again is neither right nor wrong, and so is a
statement that rests on the headline and hits nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.answer import Answer, Answered
from evaluation.gold import Case
from evaluation.names import SideNames

SENTENCE_END = re.compile(r"""(?<=[.?!])["'”’»)\]]*\s+ | \n+""", re.VERBOSE)
"""A full stop, question or exclamation mark with what closes after it and white space, or the end of a line."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A gold statement that counts, its agreement under the name that all cases share."""

    article: str
    side: str
    speaker: str
    stance: str
    polarity: int
    agreement: str
    evidence: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]

    def said_like(self, said: Answered) -> bool:
        """Whether `said` has its article, polarity and sentence, whoever says it. A headline stands for every sentence."""
        if (said.article, said.polarity) != (self.article, self.polarity):
            return False
        return said.span is None or any(said.span[0] < end and start < said.span[1] for start, end in self.sentences)


@dataclass(frozen=True, slots=True)
class Matching:
    """An answer beside the gold statements. The dictionaries go from places in `answer.statements` to places in `gold`."""

    gold: tuple[Scored, ...]
    answer: Answer
    names: SideNames
    hits: dict[int, int]
    again: dict[int, int]          # said once more
    false: tuple[int, ...]         # places in the answer
    missed: tuple[int, ...]        # places in the gold
    mistaken: dict[int, int]       # false and missed at once: everything is right but the side; one to one

    def agreements_of(self, agreement: str) -> set[str]:
        """The gold agreements whose statements the answer puts on its own `agreement`."""
        said = self.answer.statements
        return {self.gold[at].agreement for index, at in (self.hits | self.again).items() if said[index].agreement == agreement}


def match(cases: Sequence[Case], answer: Answer, shared: Mapping[str, str]) -> Matching:
    """Put each statement of `answer` to a gold one, in the order of the answer; the first free one of the case file takes it.

    `shared` names each `case/agreement` as all cases name it.
    """
    gold, names = _scored(cases, shared), SideNames(cases)
    hits: dict[int, int] = {}
    again: dict[int, int] = {}
    false: list[int] = []
    taken: set[int] = set()
    for index, said in enumerate(answer.statements):
        if not said.polarity:
            continue
        side = names.side_of(said.side)
        like = [at for at, item in enumerate(gold) if item.side == side and item.said_like(said)]
        free = [at for at in like if at not in taken]
        if free:
            hits[index] = free[0]
            taken.add(free[0])
        elif like:
            again[index] = like[0]
        elif said.span is not None:      # a headline alone is no ground to call it false
            false.append(index)
    missed = tuple(at for at in range(len(gold)) if at not in taken)
    mistaken: dict[int, int] = {}
    for index in false:
        left = (at for at in missed if at not in mistaken.values() and gold[at].said_like(answer.statements[index]))
        if (at := next(left, None)) is not None:
            mistaken[index] = at
    return Matching(gold, answer, names, hits, again, tuple(false), missed, mistaken)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of `text` stands; white space between two belongs to the first."""
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    return [(start, end) for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if text[start:end].strip()]


def _scored(cases: Sequence[Case], shared: Mapping[str, str]) -> tuple[Scored, ...]:
    texts = {f"{case.id}/{article.id}": article.text for case in cases for article in case.articles}
    return tuple(
        Scored(
            article, item.side, item.speaker, item.stance.value, item.stance.polarity, shared[f"{case.id}/{item.agreement}"],
            item.evidence, tuple(_sentences_around(piece, texts[article]) for piece in item.evidence),
        )
        for case in cases for item in case.statements if item.stance.polarity for article in [f"{case.id}/{item.article}"]
    )


def _sentences_around(piece: str, text: str) -> tuple[int, int]:
    """From the start to the end of the sentences that hold the first place of `piece` in `text`."""
    start = text.index(piece)
    end = start + len(piece)
    bounds = [0, *(found.end() for found in SENTENCE_END.finditer(text)), len(text)]
    return max(bound for bound in bounds if bound <= start), min(bound for bound in bounds if bound >= end)
