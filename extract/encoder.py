"""The reading model: one pass over a window gives, for each sentence, what each candidate says of an agreement there.

The model is multilingual-e5-small with its vocabulary cut to the four languages, fine-tuned on `extract/training/` and stored
as one ONNX file (8-bit weights) that also carries its tokenizer. `training/` makes that file; docs/accuracy.md measures it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from extract.document import Document
from extract.hints import Trace, hints_of
from extract.lexicon import Lexicon
from extract.segment import Sentence
from extract.statement import Stance
from extract.window import NEAREST, Candidate, Mention, Window, find_mentions, windows
from extract.worth import worth_showing

MODEL_FILE = Path(__file__).parent / "model" / "reader.onnx"
MOST = 12_000                    # characters that the model reads: news says what it has to say before
WINDOWS = 5                      # and runs of the model, so that no text of any kind costs more
STANCES = (Stance.confirms, Stance.denies, Stance.rejects, Stance.negotiating, Stance.withdraws, Stance.no_comment)
NEGATIVE = len(STANCES)          # the output that says "denies or rejects"
SPEAKS = NEGATIVE + 1            # the output that says "these are this candidate's words"
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of a document: rows of probabilities by sentence number (-1: the title) and candidate.

    `says[n]` has the shape (candidates, 8): the six stances of `STANCES`, denies-or-rejects, and whether these are its words.
    """

    candidates: list[Candidate]
    mentions: list[Mention]
    says: Mapping[int, Floats]


def score(document: Document, cut: Sequence[Sentence], lexicon: Lexicon, traces: Mapping[int, Trace]) -> Scores:
    """Run the model over a document whose sentences are `cut` and of which the rules heard `traces`."""
    model = _model()
    cut = [s for s in cut if s.end <= MOST]
    document = replace(document, text=document.text[:MOST])
    mentions, candidates = find_mentions(document, cut, lexicon)
    says: dict[int, Floats] = {}
    for window in windows(document, cut, mentions, model.tokens, model.ends, worth_showing(cut, lexicon))[:WINDOWS]:
        hints = hints_of(window, mentions, candidates, traces)
        for number, row in model.run(window, hints, len(candidates)):
            says[number] = row
    return Scores(candidates, mentions, says)


def tokenizer(pieces: Sequence[tuple[str, float]], unknown: int) -> Tokenizer:
    """The unigram tokenizer of XLM-R over these pieces; it keeps offsets into the text as it was written."""
    made = Tokenizer(models.Unigram(list(pieces), unk_id=unknown, byte_fallback=False))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    return made


def inputs_of(window: Window, hints: Floats) -> dict[str, NDArray[Any]]:
    """A window as the network takes it.

    ids (1, T); pooling matrices of the sentences (2, S, T) and the mentions (2, M, T), whose rows average the tokens of a span,
    or pick its first; mention types (M,) and the numbers of their candidates (M,); distances from sentence to mention in sentences
    (S, M), 0..20; the rules' hints (S, M, 8).
    """
    length = len(window.ids)
    sentences = np.zeros((2, len(window.sentences), length), np.float32)
    mentions = np.zeros((2, len(window.mentions), length), np.float32)
    home = np.full(len(window.mentions), -2)
    for row, (_, a, b) in enumerate(window.sentences):
        sentences[0, row, a:b] = 1 / (b - a)
        sentences[1, row, a] = 1
    for row, (_, _, a, b) in enumerate(window.mentions):
        mentions[0, row, a:b] = 1 / (b - a)
        mentions[1, row, a] = 1
        home[row] = next((n for n, start, end in window.sentences if start <= a < end), -2)
    numbers = np.array([n for n, _, _ in window.sentences])
    apart = np.clip(home[None, :] - numbers[:, None], -NEAREST, NEAREST) + NEAREST
    apart = np.where(numbers[:, None] < 0, 2 * NEAREST + 1, apart)
    apart = np.where(home[None, :] < 0, 2 * NEAREST + 2, apart)
    return {"ids": np.array([window.ids], np.int64), "sentences": sentences, "mentions": mentions,
            "types": np.array([kind for _, kind, _, _ in window.mentions], np.int64),
            "candidates": np.array([candidate for candidate, _, _, _ in window.mentions], np.int64),
            "apart": apart.astype(np.int64), "hints": hints}


class _Model:
    """The ONNX session and its tokenizer."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1       # the worker runs one process a core
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(str(MODEL_FILE), options, providers=["CPUExecutionProvider"])
        about = self.session.get_modelmeta().custom_metadata_map
        config = json.loads(about["config"])
        self.tokens = tokenizer([(piece, value) for piece, value in json.loads(about["pieces"])], config["unknown"])
        self.ends = (config["opening"], config["closing"])

    def run(self, window: Window, hints: Floats, candidates: int) -> list[tuple[int, Floats]]:
        """For each sentence that is fresh in this window: its number and its row of probabilities (candidates, 8)."""
        if not window.mentions or not window.sentences:
            return []
        (pairs,) = self.session.run(["pairs"], inputs_of(window, hints))
        columns = np.array([candidate for candidate, _, _, _ in window.mentions])
        found = []
        for row, (number, _, _) in enumerate(window.sentences):
            if number not in window.fresh:
                continue
            logits = np.full((candidates, pairs.shape[2]), -np.inf, np.float32)
            np.logaddexp.at(logits, columns, pairs[row])        # a candidate says it if any of its mentions does
            found.append((number, _sigmoid(logits)))
        return found


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


@cache
def _model() -> _Model:
    return _Model()
