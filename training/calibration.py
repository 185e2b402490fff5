"""`python -m training.calibration`: how the model's odds and the rules' reading become one confidence.

Over the articles held out of training, every side that the model or the rules take to confirm or to deny in a sentence is
compared with the labels. A logistic regression over its signs (extract/signs.py) is what is kept there as WEIGHTS.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from extract.pipeline import consider
from extract.segment import sentences
from extract.signs import Signs
from training.examples import document_of, held_out, is_side, texts

RIDGE = 1.0               # draws the weights toward nought where few readings tell
POLAR = {"confirms": 1, "denies": -1, "rejects": -1}
BANDS = (0.0, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def rows() -> Iterator[tuple[Signs, bool]]:
    """Every polar reading of the held-out articles, and whether it is right."""
    for text in track([t for t in texts() if held_out(t["id"])], description="reading"):
        document = document_of(text)
        reading = consider(document)
        if reading is None or reading.judged is None:
            continue
        cut = sentences(document.text)
        gold: dict[tuple[int, int], list[tuple[str, list[str]]]] = {}
        for statement in text["statements"]:
            for piece in [statement["evidence"], *statement.get("also", [])]:
                at = document.text.find(piece)
                for number, sentence in enumerate(cut):
                    if 0 <= at < sentence.end and sentence.start < at + len(piece) and (polarity := POLAR.get(statement["stance"], 0)):
                        gold.setdefault((number, polarity), []).append((statement["side"], (text.get("forms") or {}).get(statement["side"], [])))
        candidates = {reading.judged.side_of(c): c for c in reading.judged.candidates}
        seen: dict[tuple[int, str, int], Signs] = {}
        for number, side, stance, signs in reading.considered:
            key = (number, side, stance.polarity)
            if stance.polarity and (key not in seen or signs.ruled):
                seen[key] = signs
        for (number, side, polarity), signs in seen.items():
            candidate = candidates.get(side)
            yield signs, any(s == side or (candidate is not None and is_side(candidate, s, forms)) for s, forms in gold.get((number, polarity), []))


def regression(inputs: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of a logistic regression, by Newton's method."""
    weights = np.zeros(inputs.shape[1])
    for _ in range(100):
        expected = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (right - expected) - RIDGE * weights
        curvature = (inputs * (expected * (1 - expected))[:, None]).T @ inputs + RIDGE * np.eye(len(weights))
        weights = weights + np.clip(np.linalg.solve(curvature, gradient), -1, 1)
    return weights


def main() -> None:
    """Print the weights, and of the readings in each band of confidence how many are right."""
    console, found = Console(), list(rows())
    inputs, right = np.stack([signs.vector() for signs, _ in found]), np.array([r for _, r in found], np.float64)
    weights = regression(inputs, right)
    console.print(f"WEIGHTS = {[round(float(w), 3) for w in weights]}   {len(found)} readings, {int(right.sum())} right")
    confidence = 1 / (1 + np.exp(-inputs @ weights))
    for low, high in pairwise(BANDS):
        those = (confidence >= low) & (confidence < high)
        console.print(f"  {low:.2f} and above: {int(those.sum())}, right {right[those].mean() if those.any() else 0:.2f}")


if __name__ == "__main__":
    main()
