"""The report of an evaluation: figures by mode and language, made by running the reader, shown as tables.

**Alone** gives the reader one case at a time; **stream** gives it all cases together in order of time, so that stories
must be kept apart. A language's line is about the cases that are in that language altogether, read without the others.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from evaluation.answer import read_answer
from evaluation.cases import lines, load_cases
from evaluation.figures import Figures, Slip, Tally
from evaluation.gold import MIXED, Case
from evaluation.score import score
from extract.document import LANGUAGES

ALL = "all"
NOTHING = "-"

Analyse = Callable[[list[dict[str, Any]]], Mapping[str, Any]]
"""Reads articles (`lines` of `evaluation.cases`) on an empty store of its own and answers as `sayso analyse` prints."""


class Mode(StrEnum):
    """How the cases are given to the reader."""

    alone = "alone"
    stream = "stream"
    both = "both"


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one mode on the cases of one language; `seconds` is what the reading took."""

    mode: Mode
    language: str              # all, en, es, fr, pt or mixed
    cases: int
    figures: Figures
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """Every line of one evaluation; the first of each mode is about all the cases that were asked for."""

    lines: tuple[Line, ...]

    def figures(self, mode: Mode | str, language: str | None = None) -> Figures:
        """The figures of one line, without `language` those of all cases. Raises KeyError where there is no such line."""
        for line in self.lines:
            if line.mode == mode and language in (None, line.language):
                return line.figures
        raise KeyError(f"{mode} {language or ALL}")

    def slips(self, mode: Mode | str) -> tuple[Slip, ...]:
        """Every miss and false alarm of one mode, in order of case in `alone`."""
        return self.figures(mode).slips

    def as_dict(self) -> dict[str, Any]:
        """The figures for a JSON file: one object a mode, its languages inside it; shares have three digits."""
        modes: dict[str, Any] = {}
        for line in self.lines:
            figures = _line_as_dict(line)
            if line.mode.value in modes:
                modes[line.mode.value]["languages"][line.language] = figures
            else:
                modes[line.mode.value] = figures | {"languages": {}}
        return modes

    def tables(self) -> tuple[Table, Table]:
        """The two tables for a terminal of 80 columns."""
        return _table(*_statement_grid(self.lines)), _table(*_pair_grid(self.lines))

    def markdown(self) -> str:
        """The same tables for docs/accuracy.md, and what their columns say."""
        grids = [_markdown(*_statement_grid(self.lines)), _markdown(*_pair_grid(self.lines)), LEGEND]
        return "\n\n".join(grids) + "\n"


LEGEND = """\
- **alone**: each case by itself; **stream**: all cases together in order of time. A language's row holds the cases whose
  articles are all in that language, **mixed** the rest.
- **found**: how many were found, of how many there are. P, R, F1: precision, recall and their harmonic mean.
- **speaker**: of the found statements, the share whose speaker is named right. **side**: of the statements with the right
  sentence and the right polarity, the share whose side is right.
- **false/1k**: statements found where there are none, per 1,000 sentences of the cases in which nobody contradicts
  anybody.
- **linked**: of the pairs of found statements, those put to one agreement: precision and recall."""


def evaluate(cases_dir: Path, analyse: Analyse, mode: Mode | str = Mode.both, *, language: str | None = None,
             progress: Callable[[int, int], None] | None = None) -> Report:
    """Score `analyse` on the cases in `cases_dir`, by language.

    With `language` only the cases that are in that language altogether count. `progress` is told after each reading how
    many articles were read and how many will be. Raises CaseError for case files with mistakes in them, ValueError for
    a mode or language that there is not, AnswerError for an answer without the shape that `sayso analyse` prints.
    """
    mode = Mode(mode)
    languages = (*LANGUAGES, MIXED)
    if language is not None and language not in languages:
        raise ValueError(f"language {language!r}: choose one of {', '.join(languages)}")
    cases = load_cases(cases_dir)
    by_language = {name: [case for case in cases if case.language == name] for name in languages}
    by_language = {name: group for name, group in by_language.items() if group and language in (None, name)}
    if not by_language:
        raise ValueError(f"no case is in {language} altogether: leave the language out, or add such a case to {cases_dir}")
    groups = {ALL: cases, **by_language} if len(by_language) > 1 else by_language   # one language says the same as all
    reader = _Reader(analyse, progress, _articles(groups, mode))
    report: list[Line] = []
    if mode != Mode.stream:
        report.extend(_alone(groups, reader))
    if mode != Mode.alone:
        report.extend(_stream(groups, reader))
    return Report(tuple(report))


class _Reader:
    """Runs the reader, times it and tells how far it is."""

    def __init__(self, analyse: Analyse, progress: Callable[[int, int], None] | None, total: int) -> None:
        self._analyse, self._progress = analyse, progress
        self._read, self._total = 0, total

    def figures(self, cases: Sequence[Case]) -> tuple[Figures, float]:
        articles = lines(cases)
        began = time.monotonic()
        answer = read_answer(self._analyse(articles))
        seconds = time.monotonic() - began
        self._read += len(articles)
        if self._progress is not None:
            self._progress(self._read, self._total)
        return score(cases, answer), seconds


def _articles(groups: Mapping[str, Sequence[Case]], mode: Mode) -> int:
    counts = {name: sum(len(case.articles) for case in group) for name, group in groups.items()}
    return (mode != Mode.stream) * max(counts.values()) + (mode != Mode.alone) * sum(counts.values())


def _alone(groups: Mapping[str, Sequence[Case]], reader: _Reader) -> list[Line]:
    results = {case.id: reader.figures([case]) for case in next(iter(groups.values()))}
    return [
        Line(Mode.alone, name, len(group), sum((results[case.id][0] for case in group), Figures()),
             sum(results[case.id][1] for case in group))
        for name, group in groups.items()
    ]


def _stream(groups: Mapping[str, Sequence[Case]], reader: _Reader) -> list[Line]:
    return [Line(Mode.stream, name, len(group), *reader.figures(group)) for name, group in groups.items()]


def _line_as_dict(line: Line) -> dict[str, Any]:
    figures = line.figures
    return {
        "cases": line.cases,
        "statements": _tally_as_dict(figures.statements),
        "speaker": round(figures.speaker.value, 3),
        "side": round(figures.side.value, 3),
        "contradictions": _tally_as_dict(figures.contradictions),
        "reversals": _tally_as_dict(figures.reversals),
        "agreements": _tally_as_dict(figures.agreements),
        "control": {"false": figures.control_false, "sentences": figures.control_sentences,
                    "per_1000": round(figures.control_rate, 3)},
        "seconds": round(line.seconds, 1),
    }


def _tally_as_dict(tally: Tally) -> dict[str, Any]:
    return {"precision": round(tally.precision, 3), "recall": round(tally.recall, 3), "f1": round(tally.f1, 3),
            "hit": tally.hit, "false": tally.false, "missed": tally.missed}


Cells = tuple[str, ...]
Grid = tuple[str, Cells, list[Cells]]
"""A table before it is drawn: its title, its heads and its rows; the first two columns are mode and language."""


def _statement_grid(report: Sequence[Line]) -> Grid:
    rows: list[Cells] = []
    for line in report:
        figures = line.figures
        rows.append((
            line.mode.value, line.language, str(line.cases), *_tally_cells(figures.statements),
            _share(figures.speaker.value, figures.speaker.of), _share(figures.side.value, figures.side.of),
            f"{figures.control_rate:.1f}" if figures.control_sentences else NOTHING,
        ))
    return "Statements", ("", "", "cases", "found", "P", "R", "F1", "speaker", "side", "false/1k"), rows


def _pair_grid(report: Sequence[Line]) -> Grid:
    rows: list[Cells] = [
        (line.mode.value, line.language, *_tally_cells(line.figures.contradictions), *_tally_cells(line.figures.reversals)[::3],
         *_tally_cells(line.figures.agreements)[1:3])
        for line in report
    ]
    heads = ("", "", "found", "P", "R", "F1", "reversals", "F1", "linked P", "R")
    return "Contradictions", heads, rows


def _tally_cells(tally: Tally) -> Cells:
    shares = [_share(value, tally.asked) for value in (tally.precision, tally.recall, tally.f1)]
    return (f"{tally.hit}/{tally.hit + tally.missed}", *shares)


def _share(value: float, asked: int) -> str:
    return f"{value:.3f}" if asked else NOTHING


def _table(title: str, heads: Cells, rows: Sequence[Cells]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for index, head in enumerate(heads):
        table.add_column(head, no_wrap=True, justify="left" if index < 2 else "right", style="bold" if head == "F1" else None)
    before = ""
    for row in rows:
        if before and row[0] != before:
            table.add_section()
        table.add_row("" if row[0] == before else row[0], *row[1:], style="dim" if row[0] == before else "")
        before = row[0]
    return table


def _markdown(title: str, heads: Cells, rows: Sequence[Cells]) -> str:
    ruler = ["---"] * 2 + ["--:"] * (len(heads) - 2)
    cells = [heads, ruler, *rows]
    return f"### {title}\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in cells)
