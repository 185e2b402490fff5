"""`python -m training.ablation CASES`: the reader with each of its parts off, on cases with known answers, as a Markdown table."""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from rich.console import Console
from rich.progress import track

from analysis import analyse_lines
from evaluation import evaluate
from extract.hints import hints_of
from extract.pipeline import read
from extract.worth import touches
from logs import configure_logging

NEVER = 2.0                # a confidence that nothing has


def _no_hints(*args: Any) -> Any:
    return np.zeros_like(hints_of(*args))


# What is put in place of what, by the name under which its user knows it.
OFF: dict[str, dict[str, Any]] = {
    "the whole reader": {},
    "rules alone": {"pipeline.read": partial(read, model=False)},
    "the model alone (what the rules read is no statement)": {"extract.reading.DOUBTED": NEVER},
    "rules, weighed by the model (nothing is heard)": {"extract.reading.CERTAIN": NEVER, "extract.reading.ASSENTED": NEVER},
    "without the rules' hints to the model": {"extract.encoder.hints_of": _no_hints},
    "without the choice of sentences (all are shown)": {"extract.encoder.worth_showing": lambda cut, _: set(range(len(cut)))},
    "without titles": {"extract.reading.Reading.read_title": lambda _: None},
    "without sentences that only promise or refuse": {"extract.reading.may_tell": touches},
    "without giving bare sides to the person who speaks": {"extract.pipeline.with_persons": lambda statements, *_: list(statements)},
    "without the table of people": {"extract.actors.office_holder": lambda *_: None, "extract.people.office_holder": lambda *_: None},
    "without the memory of people": {"pipeline.sides_of_people": lambda *_: {}},
    "without joining the articles of a story": {"ledger.identify._one_story": lambda *_: False},
}


def main(cases: Path) -> None:
    """Print a row for each part."""
    configure_logging("console", level=40)
    lines = ["| reader | P | R | F1 | speaker | side | false/1k | contradictions P / R |", "| --- | --: | --: | --: | --: | --: | --: | --: |"]
    for name, instead in track(OFF.items(), description="reading the cases"):
        with ExitStack() as stack:
            for target, value in instead.items():
                stack.enter_context(patch(target, value))
            figures = evaluate(cases, analyse_lines, "alone").figures("alone")
        found, opposed = figures.statements, figures.contradictions
        lines.append(f"| {name} | {found.precision:.3f} | {found.recall:.3f} | {found.f1:.3f} | {figures.speaker.value:.3f} | "
                     f"{figures.side.value:.3f} | {figures.control_rate:.1f} | {opposed.precision:.3f} / {opposed.recall:.3f} |")
    Console().print("\n".join(lines), soft_wrap=True, markup=False, highlight=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
