"""`python -m training`: learn from extract/training/ and write extract/model/reader.onnx; with `--go-on`, from where it stands."""

import sys
from pathlib import Path

import torch
from rich.console import Console

from extract.encoder import MODEL_FILE, tokenizer
from training.examples import TEXTS, examples, held_out, texts
from training.export import digest, export
from training.fit import Plan, fit
from training.network import Reader
from training.resume import resume
from training.vocabulary import cut
from training.weights import pretrained

FURTHER = Plan(rounds=2, own=0.0, rate=1e-4, heads_rate=5e-4, seed=2)


def main(*, go_on: bool) -> None:
    """Train and write the model, from the pretrained encoder or, to `go_on`, from the model that is there. Half an hour on two cores."""
    console, plan = Console(), FURTHER if go_on else Plan()
    torch.manual_seed(plan.seed)
    start = cut(pretrained())
    shape = start.shape
    split = tokenizer(start.pieces, shape.unknown)
    labelled = [text for text in texts() if not held_out(text["id"])]
    train = [e for text in labelled for e in examples(text, split, (shape.opening, shape.closing))]
    console.print(f"{len(labelled)} texts, {len(train)} windows, {len(start.pieces)} pieces; {plan}")
    network = Reader(start, plan.layers, plan.frozen)
    if go_on:
        console.print(f"going on from {MODEL_FILE.name}: {resume(network, MODEL_FILE)} tensors")
    about = {"data": digest(TEXTS.glob("*.jsonl")), "script": digest(Path(__file__).parent.glob("*.py"))}

    def keep(number: int, loss: float) -> None:       # after each round, so that a run that is cut short leaves a model
        console.print(f"round {number}: mean loss {loss:.2f}; {MODEL_FILE.name} is {export(network, start, about, MODEL_FILE)[:12]}…")

    fit(network, train, plan, keep)
    console.print(f"the mean of the rounds from {plan.averaged} on; {MODEL_FILE.name} is {export(network, start, about, MODEL_FILE)[:12]}…")


if __name__ == "__main__":
    main(go_on="--go-on" in sys.argv[1:])
