"""What the rules hear in a document, sentence by sentence, as the encoder's heads are told it.

The rules resolve speakers exactly where a cue stands beside a name and are silent elsewhere. A first reading by rules alone
leaves a `Trace` for each sentence; for a pair of a sentence and a mention it becomes `HINTS` numbers, and what they are worth
is learned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extract.window import Candidate, Mention, Window

HINTS = ("voiced", "confirms", "denies", "spoke before", "source", "source of a denial", "source of a confirmation", "critic")
_DENIES, _CONFIRMS = frozenset({"deny", "reject", "withdraw"}), frozenset({"confirm"})


@dataclass(frozen=True, slots=True)
class Source:
    """Whoever an attribution belongs to, at characters [start, end) of the text; `group` is that of its cue."""

    start: int
    end: int
    group: str
    critic: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """What the rules hear in one sentence: whose voices, which polarity each side states, whose words the sentence before was."""

    voiced: frozenset[str]
    said: frozenset[tuple[str, int]]
    last: str | None
    sources: tuple[Source, ...]


def hints_of(window: Window, mentions: Sequence[Mention], candidates: Sequence[Candidate], traces: Mapping[int, Trace]) -> NDArray[np.float32]:
    """The hints of a window as zeros and ones, (sentences, mentions, hints); zeros for the title and for what no rule has read."""
    found = np.zeros((len(window.sentences), len(window.spots), len(HINTS)), np.float32)
    spotted = [mentions[spot] for spot in window.spots]
    for row, (number, _, _) in enumerate(window.sentences):
        trace = traces.get(number)
        if trace is None:
            continue
        for column, mention in enumerate(spotted):
            side = candidates[mention.candidate].side
            if side is not None:
                found[row, column, :4] = side in trace.voiced, (side, 1) in trace.said, (side, -1) in trace.said, side == trace.last
            if mention.part != "text":
                continue
            for source in trace.sources:
                if mention.start < source.end and source.start < mention.end:
                    found[row, column, 4:] = np.maximum(found[row, column, 4:], (
                        not source.critic, source.group in _DENIES, source.group in _CONFIRMS, source.critic))
    return found
