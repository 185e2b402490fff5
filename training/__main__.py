"""`python -m training`: learn from extract/training/ and write extract/model/reader.onnx."""

import random
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import track

from extract.encoder import MODEL_FILE, tokenizer
from training.examples import TEXTS, examples, held_out, texts
from training.export import digest, export
from training.fit import Plan, fit
from training.network import Reader
from training.swaps import swapped
from training.vocabulary import cut
from training.weights import pretrained

TELLINGS = 3          # of every text: as it is written, and so many less one of other countries


def main() -> None:
    """Train and write the model, from the pretrained encoder. Up to an hour on two cores."""
    console, plan = Console(), Plan()
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)  # noqa: S311 - which countries stand in for others is no secret
    start = cut(pretrained())
    shape = start.shape
    split = tokenizer(start.pieces, shape.unknown)
    labelled = [text for text in texts() if not held_out(text["id"])]
    told = [labelled, *([swapped(text, chance) for text in labelled] for _ in range(TELLINGS - 1))]
    ends = (shape.opening, shape.closing)      # each text once in full, and otherwise as the reader shows its model the articles
    train = [[e for text in track(telling, description="reading") for e in examples(text, split, ends, every=number == 0)]
             for number, telling in enumerate(told)]
    console.print(f"{len(labelled)} texts, {len(train[0])} windows, {len(start.pieces)} pieces; {plan}")
    network = Reader(start, plan.layers, plan.frozen)
    about = {"data": digest(TEXTS.glob("*.jsonl")), "script": digest(Path(__file__).parent.glob("*.py"))}

    def keep(number: int, loss: float) -> None:       # after each round, so that a run that is cut short leaves a model
        console.print(f"round {number}: mean loss {loss:.2f}; {MODEL_FILE.name} is {export(network, start, about, MODEL_FILE)[:12]}…")

    fit(network, train, plan, keep)
    console.print(f"the mean of the rounds from {plan.averaged} on; {MODEL_FILE.name} is {export(network, start, about, MODEL_FILE)[:12]}…")


if __name__ == "__main__":
    main()
