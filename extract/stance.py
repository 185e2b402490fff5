"""What a voice or a cue makes of a claim: "signed" said plainly confirms, denied it denies, and "denied that they had not" confirms."""

from extract.attribution import Attribution
from extract.claims import Claim, Mood
from extract.lexicon import Lexicon
from extract.statement import Stance


def spoken_stance(claim: Claim) -> Stance | None:
    """What a claim in a neutral voice amounts to."""
    if claim.mood is Mood.fact:
        return Stance.confirms if claim.positive else Stance.denies
    return Stance.negotiating if claim.positive else Stance.rejects


def cued_stance(group: str, negated: bool, claims: list[Claim], *, about_claim: bool, refers: bool) -> Stance | None:
    """What a cue with a stance of its own makes of the claims in its content."""
    reversed_ = bool(claims) and not claims[0].positive
    if negated:
        return None
    if group == "confirm":
        return Stance.denies if reversed_ else Stance.confirms
    if group == "deny":
        # "denied that no talks were held" confirms; "denied the report: we did not sign" says the same twice
        return Stance.confirms if reversed_ and not refers and not about_claim else Stance.denies
    if group == "reject":
        return Stance.denies if about_claim else Stance.rejects
    return Stance.withdraws


def object_pronoun(text: str, attribution: Attribution, lexicon: Lexicon) -> bool:
    """Whether the cue's object is a word that refers back: "lo desmintió", "denied it", "contradicted her"."""
    start, end = attribution.cue
    after = text[end:end + 8].strip(" .,;").lower()
    if after.startswith("that ") or (after == "that" and text[end + 5:end + 6] == " "):       # "denied that …"
        return False
    if after.split(" ")[0] in {"it", "this", "that", "her", "him", "them", "", "-o", "-a", "isso"}:
        return True
    return any(m.end() in {start, start - 1} for m in lexicon["anaphora"].finditer(text))
