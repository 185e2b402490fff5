"""What an edited article says otherwise than before: the statements that came, went, or turned into their opposite."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extract.sides import side_name
from extract.statement import Stance


@dataclass(frozen=True, slots=True)
class Said:
    """One statement as an edit compares it."""

    side: str
    stance: Stance
    speaker: str
    quote: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what was said before (None: nothing), and after."""

    before: Said | None
    after: Said | None

    @property
    def words(self) -> str:
        """The change in a sentence."""
        if self.before and self.after:
            return (f"{side_name(self.after.side, 'en')} {self.after.stance} it now and {self.before.stance} it before: "
                    f"“{self.before.quote}” became “{self.after.quote}”")
        one = self.after or self.before
        assert one is not None
        return f"{side_name(one.side, 'en')} {one.stance}: “{one.quote}” {'was added' if self.after else 'was taken out'}"


def changes(before: Sequence[Said], after: Sequence[Said]) -> tuple[Change, ...]:
    """How `after` differs from `before`, in its order; a statement in other words that says the same is no change.

    A side that said one thing and says the opposite is one change and not two.
    """
    gone, come = _left(before, after), _left(after, before)
    found = []
    for said in come:
        turned = next((one for one in gone if one.side == said.side and one.stance.polarity * said.stance.polarity < 0), None)
        if turned is not None:
            gone.remove(turned)
        found.append(Change(turned, said))
    return (*found, *(Change(one, None) for one in gone))


def _left(some: Sequence[Said], others: Sequence[Said]) -> list[Said]:
    """Of `some` those that `others` have no counterpart for, counted by side and stance."""
    counts, left = Counter((said.side, said.stance) for said in others), []
    for said in some:
        if counts[said.side, said.stance] > 0:
            counts[said.side, said.stance] -= 1
        else:
            left.append(said)
    return left
