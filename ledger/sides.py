"""Which names of organisations are one: a side that no gazetteer knows is called by its initials here and in full there."""

from collections.abc import Collection
from dataclasses import replace

from extract.sides import known_sides
from ledger.claim import Claim

_WEAK = frozenset("of the and for de del la las los el y e para por du des le les et pour do da dos das no na al en d l".split())
_TELLING = 2            # words that two names must share where one has more


def alike(one: str, other: str) -> bool:
    """Whether two codes of organisations are one: "prs" and "partido-da-renovacao-social", "comite-de-paro" and "comite-nacional-del-paro"."""
    first, second = (tuple(word for word in code.split("-") if word not in _WEAK) for code in (one, other))
    if not first or not second:
        return False
    if len(first) > len(second):
        first, second = second, first
    initials = "".join(word[0] for word in second)
    if len(first) == 1 and len(second) > 1 and first[0] == initials:
        return True
    return set(first) == set(second) or (len(first) >= _TELLING and set(first) <= set(second))


def with_known_sides(claim: Claim, known: Collection[str]) -> tuple[Claim, dict[str, str]]:
    """The claim with its organisations called as `known` calls them, and what was renamed. Sides of the gazetteer keep their codes."""
    fixed = known_sides()
    free = sorted(side for side in known if side.islower())
    renamed = {}
    for side in sorted({claim.side, *claim.parties, *claim.named, *claim.context}):
        if side.islower() and side not in known and side not in fixed:
            same = [other for other in free if alike(side, other)]
            if len(same) == 1:
                renamed[side] = same[0]
    if not renamed:
        return claim, {}

    def told(sides: Collection[str]) -> frozenset[str]:
        return frozenset(renamed.get(side, side) for side in sides)

    return replace(claim, side=renamed.get(claim.side, claim.side), parties=told(claim.parties), named=told(claim.named),
                   context=told(claim.context)), renamed
