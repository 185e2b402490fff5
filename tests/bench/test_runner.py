"""The runner: finds benches, runs them, shows and writes their rows, and says by its exit code whether the bounds hold."""

import json
import textwrap
from datetime import datetime

import pytest

from bench.__main__ import BenchError, benches, main
from bench.rows import Row, seconds_beside


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rows.py").write_text("raise AssertionError('no bench')\n")
    (tmp_path / "_words.py").write_text("raise AssertionError('no bench')\n")
    bench(tmp_path, "toys", """
        from bench.rows import Row

        def rows():
            yield Row.beside("spinning", 30.0, "turns/s", reference=20.0, at_least=1.2)
            yield Row.within("weight", 12, "MB", at_most=20)
    """)
    return tmp_path


def bench(folder, name, body):
    (folder / f"{name}.py").write_text(textwrap.dedent(body))


def results(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_rows_are_written_as_a_plain_list_with_machine_and_date_beside_it(folder):
    assert main(["--folder", str(folder)]) == 0
    assert results(folder) == [
        {"bench": "toys", "name": "spinning", "value": 30.0, "unit": "turns/s", "bound": "≥ 1.2 × reference", "reference": 20.0, "ok": True},
        {"bench": "toys", "name": "weight", "value": 12, "unit": "MB", "bound": "≤ 20", "reference": None, "ok": True},
    ]
    meta = json.loads((folder / "results.meta.json").read_text(encoding="utf-8"))
    assert datetime.fromisoformat(meta["date"]).tzinfo is not None
    assert set(meta["machine"]) == {"processor", "cores", "memory_gib", "system", "python"}
    assert not list(folder.glob("*.part"))


def test_the_table_shows_value_reference_and_ratio(folder, capsys):
    main(["toys", "--folder", str(folder)])
    shown = capsys.readouterr().out
    for cell in ("toys", "spinning", "30", "20", "1.50 ×", "turns/s", "≥ 1.2 × reference", "≤ 20", "yes"):
        assert cell in shown


def test_only_the_named_benches_run(folder):
    bench(folder, "other", "raise AssertionError('was not asked for')\n")
    assert main(["toys", "--folder", str(folder)]) == 0
    assert {row["bench"] for row in results(folder)} == {"toys"}


def test_a_bound_that_is_not_kept_ends_with_1(folder, capsys):
    bench(folder, "slow", """
        from bench.rows import Row

        def rows():
            yield Row.beside("crawling", 5.0, "m/s", reference=10.0, at_least=1)
    """)
    assert main(["--folder", str(folder)]) == 1
    assert [row["ok"] for row in results(folder)] == [False, True, True]
    assert "NO" in capsys.readouterr().out


@pytest.mark.parametrize("body", ["def rows():\n    raise OSError('no toys left')\n", "", "import no_such_toy\n"],
                         ids=["raises", "has_no_rows", "cannot_be_imported"])
def test_a_bench_that_fails_leaves_the_others_their_rows(folder, capsys, body):
    bench(folder, "broken", body)
    assert main(["--folder", str(folder)]) == 1
    assert {row["bench"] for row in results(folder)} == {"toys"}
    assert "broken failed" in capsys.readouterr().err


def test_an_unknown_name_is_answered_with_the_known_ones(folder, capsys):
    assert main(["nothing", "--folder", str(folder)]) == 2
    assert "no bench nothing: choose from toys" in " ".join(capsys.readouterr().err.split())
    assert not (folder / "results.json").exists()


def test_an_empty_folder_has_no_benches(tmp_path):
    assert benches(tmp_path) == {}
    with pytest.raises(BenchError, match="choose from none at all"):
        benches(tmp_path, ["toys"])


@pytest.mark.parametrize(("value", "bounds", "ok"), [
    (30, {"at_least": 1.5}, True), (29, {"at_least": 1.5}, False), (30, {"at_most": 1.5}, True), (31, {"at_most": 1.5}, False),
    (25, {"at_least": 1, "at_most": 1.5}, True), (31, {"at_least": 1, "at_most": 1.5}, False)])
def test_a_bound_beside_a_reference_is_on_the_ratio(value, bounds, ok):
    row = Row.beside("spinning", value, "turns/s", reference=20, **bounds)
    assert row.ok is ok
    assert row.ratio == value / 20


def test_a_speed_without_a_reference_is_refused():
    for unit in ("pages/s", "ms", "s"):
        with pytest.raises(ValueError, match="measure a reference beside it"):
            Row.within("reading", 3, unit, at_least=1)


def test_a_row_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="needs a bound"):
        Row.within("weight", 12, "MB")


def test_the_two_sides_take_turns_at_going_first():
    order = []
    ours, theirs = seconds_beside(lambda: order.append("ours"), lambda: order.append("theirs"), rounds=3)
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert ours >= 0
    assert theirs >= 0
