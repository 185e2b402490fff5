"""How far along an agreement is, as a statement has it: talks, in principle, agreed, initialled, signed, ratified, in force, ended."""

from extract.lexicon import Lexicon
from extract.statement import AgreementStage, Stance

REACH = 80           # characters around a claim in which the words that tell its stage stand
GOVERNS = 30         # characters before such a word in which "will" or "if" governs it
_ORDER = list(AgreementStage)
_ENDED = {AgreementStage.suspended, AgreementStage.withdrawn}


def stage_of(text: str, start: int, end: int, stance: Stance, lexicon: Lexicon) -> AgreementStage | None:
    """The stage that text[start:end], a claim of `stance` in the sentence `text`, claims or, where it denies, denies.

    None where no word tells it, and for a side that did not comment. What is only to come ("will be ratified") is no stage yet.
    """
    if stance is Stance.no_comment:
        return None
    if stance is Stance.negotiating:
        return AgreementStage.talks
    lo, hi = max(0, start - REACH), min(len(text), end + REACH)
    told = {AgreementStage(name) for name, pattern in lexicon.stages.items() for match in pattern.finditer(text, lo, hi)
            if stance.polarity < 0 or not _to_come(text, match.start(), lexicon)}
    if stance is Stance.withdraws:
        return max(told & _ENDED, key=_ORDER.index, default=AgreementStage.withdrawn)
    told -= _ENDED
    if stance is Stance.confirms:
        told.discard(AgreementStage.talks)
        if told == {AgreementStage.in_principle, AgreementStage.agreed}:
            return AgreementStage.in_principle
    return max(told, key=_ORDER.index, default=None)


def _to_come(text: str, at: int, lexicon: Lexicon) -> bool:
    """Whether a word at `at` is governed by one for what is not yet, within its clause."""
    return lexicon["irrealis"].search(text, max(0, at - GOVERNS, text.rfind(",", 0, at)), at) is not None
