"""The agreements of one article: which one a claim is about, when the claim itself says little.

"The government signed nothing of the sort" names neither parties nor kind; the story so far does. Agreements of one
article are told apart by parties and kind.
"""

from dataclasses import dataclass, field, replace

from extract.lexicon import Lexicon
from extract.statement import AgreementMention

UNKNOWN_KIND = "agreement"
CONTEXT = 5           # sides that an article is about, at most
TOPICS = 3            # and kinds


@dataclass(frozen=True, slots=True)
class Named:
    """The sides that one claim names: `parties` of the agreement, and those that only stand near by."""

    parties: frozenset[str]
    near: frozenset[str] = frozenset()


@dataclass(slots=True)
class Story:
    """What an article has told so far: its agreements, newest last, its sides by how often they are named, and its topic."""

    lexicon: Lexicon
    topic: str                                             # the kind that the whole article is about
    sides: dict[str, int] = field(default_factory=dict)
    topics: tuple[str, ...] = ()                           # the kinds that its words tell, the most frequent first
    names: tuple[str, ...] = ()                            # of agreements, as the article calls them
    told: list[AgreementMention] = field(default_factory=list)

    def kinds_near(self, text: str) -> tuple[str, ...]:
        """The kinds of agreement whose topic words stand in `text`, the most frequent first."""
        counts = {kind: len(pattern.findall(text)) for kind, pattern in self.lexicon.kinds.items()}
        return tuple(kind for kind in sorted(counts, key=lambda k: -counts[k]) if counts[kind])

    def kind_near(self, text: str) -> str | None:
        """The first of them."""
        return next(iter(self.kinds_near(text)), None)

    def context(self) -> frozenset[str]:
        """The sides that the article is about: those named more than once, or all where none is; the most named few."""
        often = sorted(self.sides, key=lambda s: (-self.sides[s], s))
        return frozenset([s for s in often if self.sides[s] > 1][:CONTEXT] or often[:CONTEXT])

    def partners(self, one: str, other: str) -> bool:
        """Whether an agreement between the two has been told."""
        return any({one, other} <= m.parties for m in self.told)

    def involves(self, side: str) -> bool:
        """Whether an agreement of this side, or that is told of by this side, has been told."""
        return bool(self.told) and (any(side in m.parties for m in self.told) or len(self.told) == 1)

    def counterpart(self, side: str) -> str | None:
        """Whom `side` would have an agreement with, when nothing says: its partner so far, else the article's other side."""
        for mention in reversed(self.told):
            if side in mention.parties and len(mention.parties) > 1:
                return next(iter(sorted(mention.parties - {side})))
        others = [s for s in sorted(self.sides, key=lambda s: -self.sides[s]) if s != side]
        return others[0] if others else None

    def place(self, side: str, named: Named, kind: str | None, *, anaphoric: bool, heard: bool = False, this: bool = False) -> AgreementMention:
        """The agreement that a claim by `side` is about, by the sides that it names and a `kind` if its words tell one.

        A claim that names no party, or is only `heard`, is about an agreement told before if it can be: one with the sides that stand
        near by, else one of its own side, else the last, where an organisation speaks or the words say that it is `this` one.
        """
        parties = named.parties
        if anaphoric or not (parties - {side}):
            match = (self._earlier(side, parties | named.near, kind) or (self._earlier(side, parties, kind) if named.near or not heard else None)
                     or (self._earlier(side, frozenset({side}), kind) or self._joined(side) if heard else None)
                     or (self.told[-1] if this and self.told and not named.parties - {side} else None))
            if match is not None:
                return match
        if not parties - {side}:
            other = self._other(side, named.near)
            parties = parties | {side} | ({other} if other else set())
        kind = kind or self._kind_of(parties) or self._kind_with(side) or self.topic
        mention = AgreementMention(key="+".join([kind, *sorted(parties)]), kind=kind, parties=parties, anaphoric=anaphoric)
        if all(m.key != mention.key for m in self.told):
            self.told.append(mention)
        return mention

    def _other(self, side: str, near: frozenset[str]) -> str | None:
        """Whom `side` would have an agreement with: a side near by that the article is as much about as any other, else its partner so far."""
        other = self.counterpart(side)
        best = max(sorted(near), key=lambda s: self.sides.get(s, 0), default=None)
        return best if best and 2 * self.sides.get(best, 0) >= self.sides.get(other or "", 0) else other

    def _earlier(self, side: str, parties: frozenset[str], kind: str | None) -> AgreementMention | None:
        """The newest agreement told that fits: the same kind if one is named, with the side among its parties."""
        fitting = [m for m in self.told if (kind is None or m.kind == kind) and parties <= m.parties]
        with_side = [m for m in fitting if side in m.parties]
        preferred = [m for m in with_side or fitting if m.kind == (kind or self.topic)]
        best = preferred or with_side or fitting
        return best[-1] if best else None

    def _joined(self, side: str) -> AgreementMention | None:
        """The agreement told last, with an organisation that nothing named as its party so far but that speaks of it.

        A country may speak of an agreement of its own ("Mexico has refused any such accord").
        """
        return replace(self.told[-1], parties=self.told[-1].parties | {side}) if self.told and side.islower() else None

    def _kind_with(self, side: str) -> str | None:
        """The kind of the agreement told last with `side`: an article seldom leaves its subject without naming another."""
        return next((m.kind for m in reversed(self.told) if side in m.parties), None)

    def _kind_of(self, parties: frozenset[str]) -> str | None:
        return next((m.kind for m in reversed(self.told) if m.parties == parties), None)
