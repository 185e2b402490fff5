"""Writes golden.json: what the reference scorer makes of the made-up answers. Run it when a way to spoil one changes:

    SAYSO_SCORER=../shared/eval/score.py python tests/evaluation/golden.py

The cases are named in the file, so that a case added later leaves the figures alone. The scorer itself lives outside.
"""

import importlib.util
import json
import os
from pathlib import Path

from fake_answers import SPOILT, read_cases, reader

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
SEEDS = {"everything": (1, 2, 3, 4)}


def scorer(path):
    """The reference scorer as a module."""
    spec = importlib.util.spec_from_file_location("reference_scorer", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference_figures(module, folder, analyse, mode, language=None):
    """The figures of the reference scorer for `analyse` on the cases in `folder`, as its own --json option writes them."""
    cases = module.load(folder)
    if language is not None:
        cases = [case for case in cases if {article["language"] for article in case["articles"]} == {language}]
    statements, pairs, reversals = module.Tally(), module.Tally(), module.Tally()
    for group in ([case] for case in cases) if mode == "alone" else [cases]:
        module.score(group, analyse(module.article_lines(group)), statements, pairs, reversals, False)
    return {
        "statements": statements.figures(),
        "speaker": round(statements.speaker_right / statements.hit, 3) if statements.hit else 0.0,
        "contradictions": pairs.figures(),
        "reversals": reversals.figures(),
    }


def main():
    module = scorer(os.environ["SAYSO_SCORER"])
    cases = read_cases(CASES)
    golden = {"cases": [case["id"] for case in cases], "answers": []}
    for name in SPOILT:
        for seed in SEEDS.get(name, (1,)):
            figures = {mode: reference_figures(module, CASES, reader(name, seed, cases), mode) for mode in ("alone", "stream")}
            golden["answers"].append({"name": name, "seed": seed, "figures": figures})
    text = json.dumps(golden, indent=1)
    (HERE / "golden.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
