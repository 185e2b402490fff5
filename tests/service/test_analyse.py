import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {
    "id": "g1", "source": {"name": "The Paper", "kind": "outlet", "side": None}, "language": "en", "published": "2025-03-04T10:00:00Z",
    "title": "Kenya says pact signed; Uganda denies it",
    "text": "NAIROBI - Kenya and Uganda have signed a fishing agreement, Kenyan fisheries minister Joseph Mwangi said on Tuesday.\n\n"
            "In Kampala, Ugandan foreign minister Grace Okello denied that Uganda had signed any such agreement.",
}


def run(tmp_path: Path, lines: list[str]) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return subprocess.run([sys.executable, "-m", "cli", "analyse", str(path)], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)


def test_the_answer_has_the_promised_shape_and_finds_the_contradiction(tmp_path: Path) -> None:
    done = run(tmp_path, [json.dumps(GOOD)])
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"statements", "agreements", "contradictions", "reversals"}
    assert [c["sides"] for c in answer["contradictions"]] == [["KE", "UG"]]
    for statement in answer["statements"]:
        evidence = statement["evidence"]
        assert GOOD["text"][evidence["start"]:evidence["end"]] == evidence["text"]
        assert statement["agreement"] in {a["id"] for a in answer["agreements"]}
    assert {answer["statements"][n]["side"] for n in answer["contradictions"][0]["statements"]} == {"KE", "UG"}


BAD = [
    ("{not json", "line 1: no JSON"),
    (json.dumps({k: v for k, v in GOOD.items() if k != "title"}), "line 1: field 'title' is missing"),
    (json.dumps(GOOD | {"language": "xx"}), "line 1: field 'language'"),
    (json.dumps(GOOD | {"published": "yesterday"}), "line 1: field 'published'"),
    ("[1, 2]", "line 1: "),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_a_bad_line_is_named_and_skipped_and_the_good_ones_are_analysed(tmp_path: Path, line: str, message: str) -> None:
    done = run(tmp_path, [line, json.dumps(GOOD)])
    assert done.returncode == 2
    assert message in done.stderr
    assert len(json.loads(done.stdout)["statements"]) >= 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "cli", "analyse", str(tmp_path / "none")], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "none" in done.stderr
