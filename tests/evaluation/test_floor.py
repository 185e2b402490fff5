"""What the reader and the ledger have reached on the cases, held: a change that loses more than a hundredth is seen here."""

from pathlib import Path

import pytest

from analysis import analyse_lines
from evaluation import Report, evaluate

CASES = Path(__file__).parents[1] / "cases"
MARGIN = 0.01
# language (None: all), precision, recall, as in docs/accuracy.md
STATEMENTS = [(None, 0.711, 0.542), ("en", 0.707, 0.558), ("es", 0.633, 0.358), ("fr", 0.706, 0.600), ("pt", 0.800, 0.400)]


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
    assert figures.speaker.value >= 0.821 - MARGIN
    assert figures.side.value >= 0.903 - MARGIN
    assert figures.contradictions.precision >= 0.750 - MARGIN
    assert figures.contradictions.recall >= 0.500 - MARGIN
    assert figures.control_rate <= 75.9 * (1 + MARGIN)
