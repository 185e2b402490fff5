"""What may be heard in a sentence beside what the rules read: where, of whom, and about which claim."""

from collections.abc import Iterable, Mapping, Sequence

from extract.claims import Claim, Mood, find_claims
from extract.judging import Judged, Judgement
from extract.lexicon import Lexicon
from extract.segment import Sentence
from extract.sides import How, SideMention
from extract.statement import Stance
from extract.voices import Voice
from extract.window import Mention


def with_voices(judged: Judged, number: int, voices: Iterable[Voice]) -> list[Judgement]:
    """The judgements of a sentence, and those of sides whose voice the rules hear there although the model does not."""
    heard = judged.of(number)
    refusal = next((j.stance for j in heard if j.stance.polarity < 0), Stance.denies)
    known = {(j.side, j.stance.polarity) for j in heard}
    return heard + [Judgement(voice.side, stance, 0.0, voice.speaker, voice.role) for voice in voices for stance in (Stance.confirms, refusal)
                    if (voice.side, stance.polarity) not in known]


def claim_like(heard: Judgement, text: str, lexicon: Lexicon) -> Claim:
    """The claim that carries what was heard: one of its polarity, else any, else the whole sentence."""
    claims = find_claims(text, 0, len(text), lexicon)
    return next((c for c in claims if c.positive == (heard.stance.polarity >= 0)), claims[0] if claims else whole(text))


def whole(text: str) -> Claim:
    """The claim that a sentence makes as a whole, of an agreement that is named elsewhere."""
    return Claim(0, len(text), True, Mood.fact, None, anaphoric=True, plural=False, how="cue")


def named_in(sentence: Sentence, own: Mapping[int, str], mentions: Sequence[Mention], sides: Sequence[SideMention],
             part: str = "text") -> list[SideMention]:
    """The sides named in a sentence of the text or of the title: those of the gazetteer, and in their place those that are sides by what they say."""
    those = [SideMention(m.start - sentence.start, m.end - sentence.start, own[m.candidate], How.name, weak=False) for m in mentions
             if m.part == part and m.candidate in own and sentence.start <= m.start < m.end <= sentence.end]
    rest = [s for s in sides if all(s.end <= t.start or s.start >= t.end for t in those)]
    return sorted([*rest, *those], key=lambda m: m.start)
