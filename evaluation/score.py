"""Scoring: what an answer gets right and wrong on the cases, counted. Pure: cases and an answer in, figures out.

Statements count by `evaluation.matching`. A contradiction or reversal is right when its sides are, and the agreement that
the answer puts it on holds a matched statement of the gold agreement.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from evaluation.answer import Answer, Found
from evaluation.figures import Figures, Share, Slip, Tally
from evaluation.gold import Case
from evaluation.matching import Matching, match, sentences
from evaluation.names import telling_words

Pair = tuple[str, frozenset[str | None]]
"""A gold agreement and the sides that contradict each other on it, or the one that changed its word."""


def score(cases: Sequence[Case], answer: Answer) -> Figures:
    """What `answer`, given for the articles of `cases`, gets right and wrong on them."""
    shared = {f"{case.id}/{item.id}": item.same_as or f"{case.id}/{item.id}" for case in cases for item in case.agreements}
    texts = {f"{case.id}/{article.id}": article.text for case in cases for article in case.articles}
    control = {f"{case.id}/{article.id}" for case in cases if not case.contradictions for article in case.articles}
    matching = match(cases, answer, shared)
    contradictions, wrong_pairs = _pairs("contradiction", answer.contradictions, matching, {
        (shared[f"{case.id}/{pair.agreement}"], frozenset(pair.sides)) for case in cases for pair in case.contradictions})
    reversals, wrong_turns = _pairs("reversal", answer.reversals, matching, {
        (shared[f"{case.id}/{turn.agreement}"], frozenset([turn.side])) for case in cases for turn in case.reversals})
    return Figures(
        statements=Tally(len(matching.hits), len(matching.false), len(matching.missed)),
        speaker=_speakers(matching),
        side=_sides(matching),
        contradictions=contradictions,
        reversals=reversals,
        agreements=_agreements(matching),
        control_false=sum(answer.statements[index].article in control for index in matching.false),
        control_sentences=sum(len(sentences(texts[article])) for article in control),
        slips=(*_false_statements(matching, texts), *_missed_statements(matching), *wrong_pairs, *wrong_turns),
    )


def _speakers(matching: Matching) -> Share:
    said = matching.answer.statements
    right = sum(bool(telling_words(matching.gold[at].speaker) & telling_words(said[index].speaker))
                for index, at in matching.hits.items())
    return Share(right, len(matching.hits))


def _sides(matching: Matching) -> Share:
    """Headlines are left out: they name no sentence."""
    right = sum(matching.answer.statements[index].span is not None for index in matching.hits)
    return Share(right, right + len(matching.mistaken))


def _agreements(matching: Matching) -> Tally:
    """Pairs of hit statements: put to one agreement by both (hit), by the answer alone (false), by the gold alone (missed)."""
    placed = [(matching.answer.statements[index].agreement, matching.gold[at].agreement) for index, at in matching.hits.items()]
    together = [(one[0] == two[0], one[1] == two[1]) for one, two in combinations(placed, 2)]
    return Tally(together.count((True, True)), together.count((True, False)), together.count((False, True)))


def _pairs(what: str, found: Iterable[Found], matching: Matching, wanted: set[Pair]) -> tuple[Tally, tuple[Slip, ...]]:
    right: set[Pair] = set()
    false: list[Slip] = []
    for pair in found:
        sides = frozenset(matching.names.side_of(side) for side in pair.sides)
        agreements = matching.agreements_of(pair.agreement)
        meant = {(agreement, sides) for agreement in agreements} & wanted
        if meant - right:
            right.add(min(meant - right, key=lambda each: each[0]))
        elif not meant:
            note = f"on {', '.join(sorted(agreements))}" if agreements else "on no statement that is right"
            false.append(Slip("false", what, pair.agreement, _listed(sides), note=note))
    missed = [Slip("missed", what, agreement, _listed(sides)) for agreement, sides in wanted - right]
    missed.sort(key=lambda slip: (slip.where, slip.sides))
    return Tally(len(right), len(false), len(missed)), (*false, *missed)


def _listed(sides: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted(str(side) for side in sides))


def _false_statements(matching: Matching, texts: Mapping[str, str]) -> Iterable[Slip]:
    for index in matching.false:
        said = matching.answer.statements[index]
        start, end = said.span or (0, 0)
        text = texts.get(said.article, "")
        note = "" if text else "no such article"
        if index in matching.mistaken:
            note = f"{matching.gold[matching.mistaken[index]].side} says it"
        yield Slip("false", "statement", said.article, (str(said.side),), said.stance, text[start:end], note)


def _missed_statements(matching: Matching) -> Iterable[Slip]:
    taken_for = {at: matching.answer.statements[index].side for index, at in matching.mistaken.items()}
    for at in matching.missed:
        item = matching.gold[at]
        note = f"taken for {taken_for[at]}" if at in taken_for else ""
        yield Slip("missed", "statement", item.article, (item.side,), item.stance, " … ".join(item.evidence), note)
