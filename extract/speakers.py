"""Who it is that a body speaks through: "the White House said" is the press secretary whom the article names further down.

A lead names the side and the story its person. Where one person speaks for a side in an article, they are the speaker of what
is only said to be the side's, an office's or a role's; a press office that speaks for itself stays what it is.
"""

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace

from extract.lexicon import Lexicon
from extract.names import folded
from extract.sides import How, find_sides
from extract.statement import Statement

_GOVERNS = frozenset("government governments gobierno governo gouvernement executive ejecutivo official officials authorities autoridades "
                     "autorites s l d side".split())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name who speaks for a side in an article."""

    name: str
    side: str


def with_persons(statements: Sequence[Statement], people: Iterable[Person], publisher: str, words: Lexicon,
                 settled: Set[tuple[int, str]] = frozenset()) -> list[Statement]:
    """The statements, those of a bare side or a role given to the one person who speaks for it in the article, if there is one.

    A side is given to the person who makes the same claim, a role also to whoever speaks for the side at all. Where a sentence begins at
    which the speaker for a side is `settled`, nothing is changed.
    """
    known = [p for p in people if len(p.name.split()) > 1]
    names = {folded(p.name) for p in known}
    found = []
    for statement in statements:
        person = None
        known_already = folded(statement.speaker) in names or (statement.evidence.start, statement.side) in settled
        if not known_already and statement.speaker != publisher:
            if is_role(statement.speaker, words):
                person = _only(_saying(statement, statements, names)) or _only(p.name for p in known if p.side == statement.side)
            elif is_bare(statement.speaker, statement.side, words):
                person = _only(_saying(statement, statements, names))
        if person is not None:
            role = statement.role or (statement.speaker if is_role(statement.speaker, words) else None)
            why = f"“{statement.speaker}” is {person}, the one person who speaks for {statement.side}"
            statement = replace(statement, speaker=person, role=role, reasons=(*statement.reasons, why))      # noqa: PLW2901
        found.append(statement)
    return found


def is_bare(speaker: str, side: str, words: Lexicon) -> bool:
    """Whether a speaker is no more than the side: "Mexico", "the White House", "Mexico's government", "Renamo"."""
    if side.islower():
        return words["institutions"].search(speaker) is None
    named = [m for m in find_sides(speaker, words.language) if m.how != How.institution]
    rest = " ".join(speaker[:m.start] + " " + speaker[m.end:] for m in named[:1]) if named else speaker
    return all(word in _GOVERNS or word in words.function_words for word in folded(rest).split())


def is_role(speaker: str, words: Lexicon) -> bool:
    """Whether a speaker is told by an office that one person holds: "the Armenian premier", "Mexico's president"."""
    return words["roles"].search(speaker) is not None and words["institutions"].search(speaker) is None


def _saying(one: Statement, statements: Sequence[Statement], names: Collection[str]) -> list[str]:
    """The people who make the same claim for the same side."""
    return [s.speaker for s in statements if folded(s.speaker) in names and s.side == one.side and s.stance.polarity == one.stance.polarity]


def _only(names: Iterable[str]) -> str | None:
    """The one name among several mentions of it; None where there are two, or none."""
    by_key = {folded(name): name for name in names}
    return next(iter(by_key.values())) if len(by_key) == 1 else None
