"""Learning, on a network small enough for a test: it fits, it is deterministic, and what is written answers as what was learned.

Needs what only `make train` installs (training/requirements.txt); elsewhere these tests are skipped.
"""

from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings("ignore")          # torch and onnx warn of each other
torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")

from extract.encoder import inputs_of, tokenizer  # noqa: E402
from training.examples import Example, examples  # noqa: E402
from training.export import export  # noqa: E402
from training.fit import Plan, fit  # noqa: E402
from training.network import Reader  # noqa: E402
from training.weights import Pretrained, Shape  # noqa: E402

PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0),
          *((word, -1.0) for word in "▁Kenya ▁Uganda ▁said ▁that ▁it ▁had ▁signed ▁nothing ▁an ▁accord . ▁denied ▁with".split()),
          *((letter, -8.0) for letter in "abcdefghijklmnopqrstuvwxyzKUABCDEFGHIJLMNOPQRSTVWXYZ(),-'’")]
PLAN = Plan(rounds=40, averaged=39, batch=2, rate=2e-3, heads_rate=5e-3, paragraphs=1.0, frozen=1, layers=2, threads=1)
TEXTS = [
    {"id": "en-article-t1", "language": "en", "text": "Kenya said that it had signed an accord with Uganda.", "statements": [
        {"speaker": "Kenya", "side": "KE", "stance": "confirms", "evidence": "it had signed an accord"}]},
    {"id": "en-article-t2", "language": "en", "text": "Uganda denied that it had signed an accord with Kenya.", "statements": [
        {"speaker": "Uganda", "side": "UG", "stance": "denies", "evidence": "denied that it had signed an accord"}]},
]


def small() -> Pretrained:
    """An untrained encoder of two narrow layers."""
    values = np.random.default_rng(7)
    hidden, inner = 16, 32
    tensors = {"words": values.normal(0, 0.1, (len(PIECES), hidden)), "positions": values.normal(0, 0.1, (514, hidden)),
               "norm.weight": np.ones(hidden), "norm.bias": np.zeros(hidden)}
    for layer in range(2):
        for name, shape in {"query": (hidden, hidden), "key": (hidden, hidden), "value": (hidden, hidden), "attended": (hidden, hidden),
                            "inner": (inner, hidden), "outer": (hidden, inner)}.items():
            tensors[f"layers.{layer}.{name}.weight"], tensors[f"layers.{layer}.{name}.bias"] = (
                values.normal(0, 0.2, shape), values.normal(0, 0.01, shape[0]))
        for name in ("attended_norm", "outer_norm"):
            tensors[f"layers.{layer}.{name}.weight"] = values.normal(1, 0.01, hidden)
            tensors[f"layers.{layer}.{name}.bias"] = values.normal(0, 0.01, hidden)
    return Pretrained(Shape(hidden, 2, 2, inner, 514, 1e-5, 0, 2, 1, 3), {name: np.asarray(v, np.float32) for name, v in tensors.items()}, PIECES)


def learned(plan: Plan = PLAN) -> tuple[Pretrained, list[Example], Reader, list[float]]:
    """A network fitted to `TEXTS`, and its loss by round."""
    torch.manual_seed(plan.seed)
    start, losses = small(), []
    shown = [e for text in TEXTS for e in examples(text, tokenizer(PIECES, 3), (0, 2))]
    network = Reader(start, plan.layers, plan.frozen)
    fit(network, [shown], plan, lambda _, loss: losses.append(loss))
    return start, shown, network.eval(), losses


def asked(network: Reader, example: Example) -> np.ndarray:
    """The logits of an example's pairs."""
    inputs = inputs_of(example.window, example.hints)
    with torch.no_grad():
        return network(*(torch.tensor(inputs[k]) for k in ("ids", "sentences", "mentions", "types", "candidates", "apart", "hints"))).numpy()


def test_a_network_learns_who_says_what_and_leaves_its_frozen_layer_alone() -> None:
    start, shown, network, losses = learned()
    assert losses[-1] < losses[0] / 4
    confirms = asked(network, shown[0])[-1, :, 0]
    kenya = [c == shown[0].says[0][2][0] for c, _, _, _ in shown[0].window.mentions]
    assert confirms[kenya].max() > 0 > confirms[np.logical_not(kenya)].max()
    assert np.array_equal(network.encoder.layers[0].query.weight.detach().numpy(), start.tensors["layers.0.query.weight"])
    assert not np.array_equal(network.encoder.layers[1].query.weight.detach().numpy(), start.tensors["layers.1.query.weight"])


def test_the_same_seed_gives_the_same_weights() -> None:
    short = Plan(rounds=3, batch=2, frozen=1, layers=2, threads=1)
    (_, shown, one, _), (_, _, other, _) = learned(short), learned(short)
    assert np.array_equal(asked(one, shown[0]), asked(other, shown[0]))


def test_what_is_written_answers_as_what_was_learned(tmp_path: Path) -> None:
    start, shown, network, _ = learned()
    file = tmp_path / "reader.onnx"
    digest = export(network, start, {"data": "d", "script": "s"}, file)
    assert (tmp_path / "reader.sha256").read_text(encoding="utf-8").startswith(digest)
    session = onnxruntime.InferenceSession(str(file))
    for example in shown:
        (stored,) = session.run(["pairs"], inputs_of(example.window, example.hints))
        wanted = asked(network, example)
        assert np.abs(stored - wanted).max() < 0.1 * np.abs(wanted).max()        # 8-bit weights
