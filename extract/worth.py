"""Which sentences of an article the model is shown: those that may say something of an agreement, with what stands around them.

The model costs far more than the rules, and most sentences of most articles speak of something else.
"""

from collections.abc import Sequence

from extract.lexicon import Lexicon
from extract.segment import Sentence

BEFORE, AFTER = 2, 1          # sentences around one that touches an agreement: who speaks stands before, what else they say behind
OPENING = 2                   # sentences at the head of an article, where it says what it is about
_GROUPS = ("agreement", "sign", "make", "anaphora", "claim_nouns", "falsehood")
_CUES = ("confirm", "deny", "reject", "withdraw", "no_comment")


def touches(text: str, lexicon: Lexicon) -> bool:
    """Whether a sentence has any word for an agreement, for making one, for the claim of one, or a cue that takes a stand."""
    return any(lexicon[name].search(text) for name in _GROUPS) or any(lexicon.cues[name].search(text) for name in _CUES)


def may_tell(text: str, lexicon: Lexicon) -> bool:
    """Whether the model may hear a statement in a sentence: it touches, or has a word that tells of an agreement in its context."""
    return lexicon["assent"].search(text) is not None or touches(text, lexicon)


def worth_showing(cut: Sequence[Sentence], lexicon: Lexicon) -> set[int]:
    """The numbers of the sentences that the model is shown."""
    shown = set(range(min(OPENING, len(cut))))
    for number, sentence in enumerate(cut):
        if touches(sentence.text, lexicon):
            shown.update(range(max(0, number - BEFORE), min(len(cut), number + AFTER + 1)))
    return shown
