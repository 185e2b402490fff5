"""The figures are those of the reference scorer, to three digits, whatever the answer: by golden figures and side by side."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation import evaluate
from evaluation.cases import lines, load_cases
from evaluation.report import Mode

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))
ANSWERS = [pytest.param(entry, id=f"{entry['name']}-{entry['seed']}") for entry in GOLDEN["answers"]]
COMPARED = ("statements", "speaker", "contradictions", "reversals")


def compared(figures):
    return {key: figures[key] for key in COMPARED}


@pytest.mark.parametrize("entry", ANSWERS)
def test_figures_are_the_golden_ones(entry, golden_dir, fakes):
    analyse = fakes.reader(entry["name"], entry["seed"], fakes.read_cases(golden_dir))
    report = evaluate(golden_dir, analyse).as_dict()
    assert {mode: compared(report[mode]) for mode in entry["figures"]} == entry["figures"], (
        "if a case was edited on purpose, write golden.json anew (tests/evaluation/golden.py)"
    )


@pytest.mark.parametrize("name", ["everything", "other_sides", "split"])
def test_every_language_is_scored_as_the_reference_scores_it(name, reference, cases_dir, fakes):
    analyse = fakes.reader(name, 7, fakes.read_cases(cases_dir))
    report = evaluate(cases_dir, analyse).as_dict()
    for mode in ("alone", "stream"):
        for language in ("en", "es", "fr", "pt"):
            beside = reference(cases_dir, analyse, mode, language=language)
            assert compared(report[mode]["languages"][language]) == beside, (mode, language)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["everything", "shifted", "merged", "strange_findings", "from_titles", "said_twice"]),
       seed=st.integers(0, 10_000), mode=st.sampled_from(["alone", "stream"]))
def test_any_answer_is_scored_as_the_reference_scores_it(name, seed, mode, reference, cases_dir, fakes):
    analyse = fakes.reader(name, seed, fakes.read_cases(cases_dir))
    beside = reference(cases_dir, analyse, mode)
    assert compared(evaluate(cases_dir, analyse, mode).as_dict()[mode]) == beside


def test_the_reader_is_given_the_same_lines(reference, cases_dir):
    module = reference.module
    assert lines(load_cases(cases_dir)) == module.article_lines(module.load(cases_dir))


def test_a_shared_agreement_is_scored_as_the_reference_scores_it(reference, tmp_path, cases_dir, fakes):
    by_id = {case["id"]: case for case in fakes.read_cases(cases_dir)}
    one, two = "chagos-lease-2025", "germany-kenya-labour-2024"
    told = f"{one}/{by_id[one]['agreements'][0]['id']}"
    told_again = f"- {{id: {by_id[two]['agreements'][0]['id']}, "
    body = (cases_dir / f"{two}.yaml").read_text(encoding="utf-8")
    assert told_again in body
    (tmp_path / f"{one}.yaml").write_bytes((cases_dir / f"{one}.yaml").read_bytes())
    (tmp_path / f"{two}.yaml").write_text(body.replace(told_again, f"{told_again}same_as: {told}, "), encoding="utf-8")
    for name in ("untouched", "merged", "everything"):
        analyse = fakes.reader(name, 3, fakes.read_cases(tmp_path))
        report = evaluate(tmp_path, analyse, Mode.both).as_dict()
        assert {mode: compared(report[mode]) for mode in report} == {mode: reference(tmp_path, analyse, mode) for mode in report}
