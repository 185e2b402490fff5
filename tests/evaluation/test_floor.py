"""What the reader and the ledger have reached on the cases, held: a change that loses more than a hundredth is seen here."""

from pathlib import Path

import pytest

from analysis import analyse_lines
from evaluation import Report, evaluate

CASES = Path(__file__).parents[1] / "cases"
MARGIN = 0.01
# language (None: all), precision, recall, as in docs/accuracy.md
STATEMENTS = [(None, 0.781, 0.643), ("en", 0.744, 0.611), ("es", 0.829, 0.547), ("fr", 0.714, 0.750), ("pt", 0.750, 0.600)]


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(CASES, analyse_lines, "alone")


@pytest.mark.parametrize(("language", "precision", "recall"), STATEMENTS)
def test_statements_stay_as_good_as_they_were(report: Report, language: str | None, precision: float, recall: float) -> None:
    figures = report.figures("alone", language).statements
    assert figures.precision >= precision - MARGIN
    assert figures.recall >= recall - MARGIN


def test_speakers_and_contradictions_stay_as_good_as_they_were(report: Report) -> None:
    figures = report.figures("alone")
    assert figures.speaker.value >= 0.870 - MARGIN
    assert figures.side.value >= 0.918 - MARGIN
    assert figures.contradictions.precision >= 0.613 - MARGIN
    assert figures.contradictions.recall >= 0.633 - MARGIN
    assert figures.control_rate <= 33.8 * (1 + MARGIN)
