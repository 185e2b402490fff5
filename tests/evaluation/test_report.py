"""The report: which cases stand on which line, what the reader is given, how it looks."""

import io

import pytest
from rich.console import Console

from evaluation import AnswerError, evaluate


@pytest.fixture
def analyse(cases_dir, fakes):
    return fakes.reader("everything", 1, fakes.read_cases(cases_dir))


def test_every_case_is_on_one_language_line(cases_dir, analyse):
    report = evaluate(cases_dir, analyse)
    for mode in ("alone", "stream"):
        lines = {line.language: line for line in report.lines if line.mode == mode}
        assert next(iter(lines)) == "all"
        assert set(lines) == {"all", "en", "es", "fr", "pt", "mixed"}
        assert sum(line.cases for name, line in lines.items() if name != "all") == lines["all"].cases
        found = [line.figures.statements.hit + line.figures.statements.missed for line in lines.values()]
        assert sum(found[1:]) == found[0]


def test_alone_the_reader_sees_one_case_and_in_the_stream_all(cases_dir, analyse):
    seen = []

    def watching(lines):
        seen.append({line["id"].split("/")[0] for line in lines})
        return analyse(lines)

    evaluate(cases_dir, watching, "alone")
    assert all(len(cases) == 1 for cases in seen)
    alone = len(seen)
    seen.clear()
    evaluate(cases_dir, watching, "stream")
    assert len(seen[0]) == alone
    assert len(seen) == 6


def test_progress_ends_where_it_said(cases_dir, analyse):
    for mode in ("alone", "stream", "both"):
        told = []
        evaluate(cases_dir, analyse, mode, progress=lambda done, total, told=told: told.append((done, total)))
        assert told[-1][0] == told[-1][1]
        assert len({total for _, total in told}) == 1


def test_one_language_can_be_asked_for(cases_dir, analyse):
    full, french = evaluate(cases_dir, analyse), evaluate(cases_dir, analyse, language="fr")
    assert [(line.mode, line.language) for line in french.lines] == [("alone", "fr"), ("stream", "fr")]
    assert french.figures("alone") == full.figures("alone", "fr")
    assert french.slips("stream") == full.figures("stream", "fr").slips


@pytest.mark.parametrize("wrong", [{"mode": "both-ways"}, {"language": "sv"}])
def test_a_mode_or_language_that_is_none_is_refused(cases_dir, analyse, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong.values()))):
        evaluate(cases_dir, analyse, **wrong)


def test_a_language_without_a_case_is_refused(tmp_path, cases_dir, analyse):
    (tmp_path / "coronavac-2020.yaml").write_bytes((cases_dir / "coronavac-2020.yaml").read_bytes())
    with pytest.raises(ValueError, match="no case is in fr"):
        evaluate(tmp_path, analyse, language="fr")


def test_an_answer_of_another_shape_is_an_error(cases_dir):
    with pytest.raises(AnswerError):
        evaluate(cases_dir, lambda _lines: {"agreements": []})


def test_the_tables_fit_a_terminal_of_80_columns(cases_dir, analyse):
    report = evaluate(cases_dir, analyse)
    screen = io.StringIO()
    console = Console(file=screen, width=80, color_system=None)
    for table in report.tables():
        console.print(table)
    shown = screen.getvalue()
    assert "…" not in shown
    for word in ("Statements", "Contradictions", "alone", "stream", "mixed", "false/1k", "linked P"):
        assert word in shown
    assert f"{report.figures('stream', 'pt').statements.f1:.3f}" in shown


def test_the_markdown_has_a_row_for_every_line_and_says_what_it_shows(cases_dir, analyse):
    report = evaluate(cases_dir, analyse)
    rows = [row for row in report.markdown().splitlines() if row.startswith(("| alone", "| stream"))]
    assert len(rows) == 2 * len(report.lines)
    assert {row.count("|") for row in rows} == {11}
    assert "**stream**: all cases together" in report.markdown()


def test_what_was_not_asked_has_no_figure(tmp_path, cases_dir, fakes):
    (tmp_path / "argentina-fmi-2025.yaml").write_bytes((cases_dir / "argentina-fmi-2025.yaml").read_bytes())
    report = evaluate(tmp_path, fakes.reader("untouched", 0, fakes.read_cases(tmp_path)))
    assert "| alone | es | 0/0 | - | - | - |" in report.markdown()
