"""The parties of an agreement as far as the sentence that claims it names them."""

from collections.abc import Sequence

from extract.claims import Claim
from extract.lexicon import Lexicon
from extract.sides import SideMention
from extract.voices import Voice, Voices


def parties_of(voice: Voice, claim: Claim, text: str, mentions: Sequence[SideMention], voices: Voices) -> list[frozenset[str]]:
    """The parties that a claim names: one set for each agreement it is about."""
    lo, hi = _clause_around(text, claim, voices.lexicon)
    named = []
    for mention in mentions:
        if lo <= mention.start < hi and mention.side not in named and not is_place(text, mention):
            named.append(mention.side)
    if not voice.joint and voices.lexicon["both"].search(text, lo, hi):
        named += [s for s in voices.both(voice.side) if s not in named]
    others = [side for side in named if side != voice.side]
    if not others:      # a place is a hint where nothing else is: "In Guatemala, she said, a signed agreement …"
        places = [m.side for m in mentions if is_place(text, m) and m.side != voice.side]
        others = [s for s in places if voices.story.partners(voice.side, s) or claim.noun][:1]
    if len(others) >= 2 and (claim.plural or claim.how == "sign"):
        return [frozenset({voice.side, other}) for other in others]
    if not others and claim.plural and not named:
        return [frozenset({voice.side})]
    return [frozenset({voice.side, *others})]


def _clause_around(text: str, claim: Claim, lexicon: Lexicon) -> tuple[int, int]:
    """The part of the sentence in which a claim's parties are looked for."""
    lo = max((m.end() for m in lexicon["boundary"].finditer(text, 0, claim.start)), default=0)
    hi = min((m.start() for m in lexicon["boundary"].finditer(text, claim.end)), default=len(text))
    return lo, hi


def is_place(text: str, mention: SideMention) -> bool:
    """Whether a capital or a country is only where something happens: "in Washington", "en Guatemala"."""
    before = text[:mention.start].rstrip().lower()
    return mention.how in {"capital", "name"} and before.endswith((" in", " at", " near", " en", "in", "en", "em", " na")) \
        and (before.split() or [""])[-1] in {"in", "at", "near", "en", "em", "na"}
