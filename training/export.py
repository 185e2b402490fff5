"""Writes the trained network as one ONNX file with 8-bit weights, its tokenizer and where it comes from."""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from extract.hints import HINTS
from training.network import Reader
from training.weights import Pretrained

# The network's inputs in their order, and which of their axes vary: tokens, sentences, mentions.
AXES = {"ids": {1: "T"}, "sentences": {1: "S", 2: "T"}, "mentions": {1: "M", 2: "T"}, "types": {0: "M"}, "candidates": {0: "M"},
        "apart": {0: "S", 1: "M"}, "hints": {0: "S", 1: "M"}}
LARGEST = 40_000_000      # bytes: more than this is not kept in a repository


def digest(files: Iterable[Path]) -> str:
    """The SHA-256 of several files, in the order of their names."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def export(network: Reader, start: Pretrained, about: dict[str, str], target: Path) -> str:
    """Write the model to `target` with `about` in its metadata, and its SHA-256 beside it. Raises ValueError where it is too large."""
    tokens, sentences, mentions = 40, 3, 5
    given = (torch.randint(len(start.pieces), (1, tokens)), torch.rand(2, sentences, tokens), torch.rand(2, mentions, tokens),
             torch.zeros(mentions, dtype=torch.long), torch.zeros(mentions, dtype=torch.long),
             torch.zeros(sentences, mentions, dtype=torch.long), torch.zeros(sentences, mentions, len(HINTS)))
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(network, given, str(plain), input_names=list(AXES), output_names=["pairs"],
                          dynamic_axes={**AXES, "pairs": {0: "S", 1: "M"}}, dynamo=False, opset_version=17)
        quantize_dynamic(str(plain), str(small), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gemm", "Gather"])
        model = onnx.load(str(small))
    shape = start.shape
    pieces = [[piece, round(value, 4)] for piece, value in start.pieces]
    config = {"opening": shape.opening, "closing": shape.closing, "unknown": shape.unknown}
    for key, value in {"pieces": json.dumps(pieces, ensure_ascii=False, separators=(",", ":")), "config": json.dumps(config), **about}.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    data = model.SerializeToString()
    if len(data) > LARGEST:
        raise ValueError(f"the model is {len(data)} bytes; at most {LARGEST} are kept")
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    name = hashlib.sha256(data).hexdigest()
    target.with_suffix(".sha256").write_text(f"{name}  {target.name}\n", encoding="utf-8")
    return name
