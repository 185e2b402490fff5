"""Fits the network to the examples. The same data, seed and number of threads give the same weights."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from rich.progress import Progress
from torch.nn import functional

from extract.encoder import NEGATIVE, SPEAKS, STANCES, inputs_of
from extract.statement import Stance
from training.examples import Example, whole
from training.network import OUTPUTS, Reader

LONGEST_STEP = 5.0      # of a gradient, beyond which it is cut
HALF = torch.autocast("cpu", torch.bfloat16)      # for the encoder: half the time, on processors that have it
_REFUSALS = {STANCES.index(Stance.denies), STANCES.index(Stance.rejects)}


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn.

    The single paragraphs are wittier than news is, so that each round takes a share of them only. A speaker matters most where
    there is a statement, hence the two weights.
    """

    rounds: int = 6
    averaged: int = 3                 # the first of the rounds whose weights are averaged: the last alone fit the texts too well
    batch: int = 4
    rate: float = 1.5e-4
    heads_rate: float = 8e-4
    decay: float = 0.01
    warm_up: float = 0.08
    paragraphs: float = 0.2
    own: float = 1.0                  # the weight of the sentences' own stances, a help that is not stored
    choice: float = 0.5               # the weight of whose a statement is, among the candidates, beside whether each says it
    unheard: float = 0.15             # the share of sentences for which the hints are withheld: new texts have fewer that are right
    speaker: float = 0.5
    speaker_elsewhere: float = 0.3
    frozen: int = 4
    layers: int = 10                  # of the pretrained twelve: the uppermost serve to embed whole sentences
    seed: int = 1
    threads: int = 2


@dataclass(frozen=True, slots=True)
class _Ready:
    """One example as tensors: the network's inputs, the candidates' columns, and what is to be learned."""

    lower: torch.Tensor               # (tokens, 384) what the frozen layers make of the window, in half precision
    inputs: tuple[torch.Tensor, ...]
    hints: torch.Tensor               # (sentences, mentions, 8)
    groups: torch.Tensor              # (candidates, mentions) whether a mention is the candidate's
    stances: torch.Tensor             # (sentences, 7)
    pairs: torch.Tensor               # (sentences, candidates, 8)
    used: torch.Tensor                # (sentences,) 0 where nobody labelled


def fit(network: Reader, train: Sequence[Sequence[Example]], plan: Plan, after: Callable[[int, float], None]) -> None:
    """Train `network` in place, showing how far it is; `after` each round is told its number and mean loss.

    `train` holds the examples in several tellings (training/swaps.py), of which the rounds take one after the other. At the end the
    network has the mean of the weights after the rounds from `plan.averaged` on.
    """
    torch.set_num_threads(plan.threads)
    chance = random.Random(plan.seed)  # noqa: S311 - the order of examples is no secret
    network.eval()
    with Progress() as progress:
        ready = [[(whole(e.id), _ready(network, e)) for e in progress.track(telling, description="preparing") if e.window.mentions]
                 for telling in train]
    rounds = [_batches([r for sober, r in ready[number % len(ready)] if sober or chance.random() < plan.paragraphs], plan.batch, chance)
              for number in range(plan.rounds)]
    steps = sum(map(len, rounds))
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": body, "lr": plan.rate}, {"params": heads, "lr": plan.heads_rate}], weight_decay=plan.decay,
                                  fused=True)
    warm = max(1, int(steps * plan.warm_up))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / warm) * max(0.02, 1 - step / steps))
    kept: list[dict[str, torch.Tensor]] = []
    with Progress() as progress:
        task = progress.add_task("learning", total=steps)
        for number, batches in enumerate(rounds, 1):
            network.train()
            losses = []
            for batch in batches:
                optimizer.zero_grad()
                loss = _loss(network, batch, plan)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_STEP)
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
                progress.update(task, advance=1, description=f"learning; loss {np.mean(losses[-100:]):.2f}")
            network.eval()
            after(number, float(np.mean(losses)))
            if number >= plan.averaged:
                kept.append({name: value.clone() for name, value in network.state_dict().items()})
    if kept:
        network.load_state_dict({name: torch.stack([state[name] for state in kept]).mean(0) for name in kept[0]})


def _ready(network: Reader, example: Example) -> _Ready:
    window = example.window
    inputs = inputs_of(window, example.hints)
    rows = {number: row for row, (number, _, _) in enumerate(window.sentences)}
    candidates = sorted({candidate for candidate, _, _, _ in window.mentions})
    column = {candidate: n for n, candidate in enumerate(candidates)}
    stances, pairs = np.zeros((len(rows), SPEAKS), np.float32), np.zeros((len(rows), len(candidates), OUTPUTS), np.float32)
    for number, stance, who in example.says:
        if number in rows:
            for output in [stance, *([NEGATIVE] if stance in _REFUSALS else [])]:
                stances[rows[number], output] = 1
                pairs[rows[number], [column[c] for c in who if c in column], output] = 1
    for number, who in example.speaks:
        if number in rows:
            pairs[rows[number], [column[c] for c in who if c in column], SPEAKS] = 1
    used = np.array([number >= 0 or example.titled for number, _, _ in window.sentences], np.float32)
    groups = np.array([[c == m[0] for m in window.mentions] for c in candidates], bool)
    with torch.no_grad(), HALF:
        lower = network.encoder.lower(torch.tensor(inputs["ids"]))[0].half()
    return _Ready(lower, tuple(torch.tensor(inputs[k]) for k in ("sentences", "mentions", "types", "candidates", "apart")),
                  torch.tensor(inputs["hints"]),
                  torch.tensor(groups), torch.tensor(stances), torch.tensor(pairs), torch.tensor(used))


def _batches(ready: list[_Ready], size: int, chance: random.Random) -> list[list[_Ready]]:
    """Batches of texts of like length, so that little is padding, in random order."""
    chance.shuffle(ready)
    made = []
    for at in range(0, len(ready), size * 12):
        near = sorted(ready[at:at + size * 12], key=lambda r: len(r.lower))
        made += [near[n:n + size] for n in range(0, len(near), size)]
    chance.shuffle(made)
    return made


def _loss(network: Reader, batch: list[_Ready], plan: Plan) -> torch.Tensor:
    lengths = [len(r.lower) for r in batch]
    real = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
    lower = torch.nn.utils.rnn.pad_sequence([r.lower for r in batch], batch_first=True).float()
    with HALF:
        encoded = network.encoder.upper(lower, real)
    encoded = encoded.float()
    total = torch.zeros(())
    for x, r in zip(encoded, batch, strict=True):
        heard = (torch.rand(len(r.hints), 1, 1) >= plan.unheard).float()
        pairs, stances = network.heads(x[:len(r.lower)], *(*r.inputs, r.hints * heard))
        said = torch.stack([torch.logsumexp(pairs[:, group], 1) for group in r.groups], 1)
        wrong = functional.binary_cross_entropy_with_logits(said, r.pairs, reduction="none") * r.used[:, None, None]
        own = functional.binary_cross_entropy_with_logits(stances, r.stances, reduction="none").sum(1) * r.used
        there = (r.stances.sum(1) > 0).float()
        weight = plan.speaker * (there + plan.speaker_elsewhere * (1 - there))
        total = total + plan.own * own.sum() + wrong[..., :SPEAKS].sum() + (wrong[..., SPEAKS].sum(1) * weight).sum()
        chosen = functional.log_softmax(said, 1).masked_fill(r.pairs == 0, -torch.inf).logsumexp(1)      # (sentences, outputs)
        total = total - plan.choice * (chosen[(r.pairs.sum(1) > 0) & (r.used[:, None] > 0)]).sum()
    return total / len(batch)
