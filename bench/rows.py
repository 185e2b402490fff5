"""A row: one figure that a bench measured, with the bound it must keep and what was measured beside it.

A speed by itself says more about the machine than about Sayso, so a row with one is refused unless it has a reference:
another way to do the same work, timed in the same run, turn and turn about. Its bound is then on the ratio of the two.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

TIMES = ("s", "ms", "µs", "ns")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table and one object of results.json. Make it with `beside` or `within`, which judge it."""

    name: str
    value: float
    unit: str
    bound: str                    # in words: "≥ 1 × reference", "≤ 200"
    reference: float | None       # in the same unit
    ok: bool

    def __post_init__(self) -> None:
        """Refuse a speed without a reference."""
        if self.reference is None and (self.unit in TIMES or self.unit.endswith(tuple(f"/{unit}" for unit in TIMES))):
            raise ValueError(f"{self.name!r} is a speed ({self.unit}): measure a reference beside it and use Row.beside")

    @classmethod
    def beside(cls, name: str, value: float, unit: str, *, reference: float, at_least: float | None = None,
               at_most: float | None = None) -> "Row":
        """A figure beside its reference; the bounds are multiples of the reference. ValueError without a bound."""
        return cls(name, value, unit, _bound(at_least, at_most, " × reference"), reference,
                   _kept(value / reference, at_least, at_most))

    @classmethod
    def within(cls, name: str, value: float, unit: str, *, at_least: float | None = None, at_most: float | None = None) -> "Row":
        """A figure by itself: a count, a size, a share. ValueError without a bound, or for a speed."""
        return cls(name, value, unit, _bound(at_least, at_most, ""), None, _kept(value, at_least, at_most))

    @property
    def ratio(self) -> float | None:
        """How many times the reference it is."""
        return None if self.reference is None else self.value / self.reference


def seconds_beside(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 3) -> tuple[float, float]:
    """The seconds of the quickest of `rounds` runs of each, the two taking turns at going first.

    The quickest, because whatever else the machine does can only make a run longer (so does Python's own timeit:
    https://docs.python.org/3/library/timeit.html#timeit.Timer.repeat). Run each once beforehand, so that nothing loads.
    """
    mine: list[float] = []
    other: list[float] = []
    for turn in range(rounds):
        for work, seconds in ((ours, mine), (theirs, other))[:: 1 if turn % 2 == 0 else -1]:
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
    return min(mine), min(other)


def _bound(at_least: float | None, at_most: float | None, of: str) -> str:
    bounds = [f"{sign} {number:g}{of}" for sign, number in (("≥", at_least), ("≤", at_most)) if number is not None]
    if not bounds:
        raise ValueError("a row needs a bound: at_least, at_most or both")
    return ", ".join(bounds)


def _kept(number: float, at_least: float | None, at_most: float | None) -> bool:
    return (at_least is None or number >= at_least) and (at_most is None or number <= at_most)
