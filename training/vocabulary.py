"""Cuts the encoder's vocabulary to the pieces that the four languages use, most of its size.

Which pieces those are: the words of each language by how often they are written (wordfreq), as they stand, capitalised and in
capitals, and all Latin letters by themselves, so that every Latin text can still be spelled.
"""

from collections import Counter
from dataclasses import replace

import wordfreq

from extract.document import LANGUAGES
from extract.encoder import tokenizer
from training.weights import Pretrained

PIECES = 36_000           # 99.8 % of what is written in the four languages
WORDS = 120_000           # words of each language that are counted
CASED = ((str, 1.0), (str.capitalize, 0.3), (str.upper, 0.02))      # how a word is written, and how often beside its plain form
LATIN = 0x250             # letters below this code point are kept one by one


def cut(whole: Pretrained) -> Pretrained:
    """The same encoder over fewer pieces."""
    split = tokenizer(whole.pieces, whole.shape.unknown)
    counts: Counter[int] = Counter()
    for language in LANGUAGES:
        frequent = sorted(wordfreq.get_frequency_dict(language, "best").items(), key=lambda item: (-item[1], item[0]))[:WORDS]
        for cased, weight in CASED:
            for (_, frequency), encoded in zip(frequent, split.encode_batch([cased(w) for w, _ in frequent], add_special_tokens=False),
                                               strict=True):
                for piece in encoded.ids:
                    counts[piece] += frequency * weight
    shape = whole.shape
    special = {shape.opening, shape.closing, shape.padding, shape.unknown}
    letters = {n for n, (piece, _) in enumerate(whole.pieces) if len(bare := piece.replace("▁", "")) <= 1 and ord(bare or "a") < LATIN}
    frequent_pieces = sorted(counts, key=lambda n: (-counts[n], n))[:PIECES]
    kept = sorted(special | letters | set(frequent_pieces))
    place = {old: new for new, old in enumerate(kept)}
    return Pretrained(
        replace(shape, opening=place[shape.opening], closing=place[shape.closing], padding=place[shape.padding], unknown=place[shape.unknown]),
        {**whole.tensors, "words": whole.tensors["words"][kept]},
        [whole.pieces[n] for n in kept])
