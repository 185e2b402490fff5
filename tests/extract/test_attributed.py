"""Every attribution of a text, with its speaker resolved."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from extract.attributed import attributions
from extract.document import Document

TEXT = "Tonga's fisheries minister Sione Vaka said the season opens in May.\n\n“We are ready,” he added."


def test_offsets_point_at_cue_source_and_content() -> None:
    first, second = attributions(Document("", TEXT, "en"))
    assert TEXT[first.cue.start:first.cue.end] == "said"
    assert first.source is not None
    assert TEXT[first.source.start:first.source.end].endswith("Sione Vaka")
    assert "the season opens" in TEXT[first.content[0].start:first.content[0].end]
    assert (first.speaker, first.side) == ("Sione Vaka", "TO")
    assert second.speaker == "Sione Vaka"


def test_the_command_prints_them_as_json_and_as_a_table(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    lines = CliRunner().invoke(app, ["attributions", "--json", str(file)]).stdout.splitlines()
    assert [json.loads(line)["speaker"] for line in lines] == ["Sione Vaka", "Sione Vaka"]
    assert "Sione Vaka" in CliRunner().invoke(app, ["attributions", str(file)]).stdout


@pytest.mark.parametrize(("arguments", "says"), [(["--language", "de", "x"], "give one of en, es, fr, pt"), (["nowhere.txt"], "UTF-8 text file")])
def test_bad_input_is_told_what_to_do(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["attributions", *arguments])
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())
