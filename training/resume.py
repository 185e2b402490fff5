"""Takes the weights of a stored model back into the network, so that learning can go on from it.

Their names went into the biases beside them: a product of 8-bit integers is followed, up to scaling, by the sum with its bias.
Word and position tables and what is frozen are the pretrained ones already.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from training.network import Reader

HELP = "stance."           # a head that helps the first rounds and is not stored


def resume(network: Reader, file: Path) -> int:
    """Load the weights of `file`; returns how many tensors were loaded. Raises ValueError where some that are learned are missing."""
    graph = onnx.load(str(file)).graph
    constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    wanted = {name: value for name, value in network.state_dict().items() if not name.startswith(("encoder.words", "encoder.positions", HELP))}
    found: dict[str, NDArray[np.float32]] = {name: constants[name] for name in wanted if name in constants}
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in constants:
            bias = _bias(node.output[0], readers, constants)
            if bias is not None:
                found[bias.removesuffix("bias") + "weight"] = _plain(node.input[1], constants).T
    for name in wanted:
        if f"{name}_quantized" in constants and name not in found:      # tables that are looked up in
            found[name] = _plain(f"{name}_quantized", constants)
    missing = [name for name, value in wanted.items() if name not in found or found[name].shape != tuple(value.shape)]
    if missing:
        raise ValueError(f"{file.name} lacks {', '.join(missing[:5])}; train from the start")
    network.load_state_dict({name: torch.tensor(np.array(found[name], np.float32)) for name in wanted}, strict=False)
    return len(wanted)


def _plain(name: str, constants: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    stem = name.removesuffix("_quantized")
    scale, zero = constants[f"{stem}_scale"], constants[f"{stem}_zero_point"]
    return np.asarray((constants[name].astype(np.float32) - zero.astype(np.float32)) * scale, np.float32)


def _bias(output: str, readers: dict[str, list[onnx.NodeProto]], constants: dict[str, NDArray[np.float32]]) -> str | None:
    """The bias that is added to a product, through casts and scales."""
    for _ in range(4):
        for node in readers.get(output, []):
            if node.op_type == "Add":
                return next((name for name in node.input if name in constants and name.endswith(".bias")), None)
            if node.op_type in {"Cast", "Mul"}:
                output = node.output[0]
                break
    return None
