"""A mistake in a case file is reported with its file, line and key, and what to do about it."""

from pathlib import Path

import pytest

from evaluation.cases import CaseError, lines, load_case, load_cases

GOOD = """\
id: pact-2025
about: Two sides and one pact.
articles:
  - id: a1
    source: {name: The Post, kind: outlet, side: null}
    language: en
    published: 2025-01-02T03:04:05Z
    title: A pact, or none
    text: |
      We signed the pact, Ana Roe of Aland said. Nothing was signed, Bo Vik replied.
agreements:
  - {id: pact, kind: trade, parties: [AX, bolia]}
statements:
  - {article: a1, side: AX, speaker: Ana Roe, stance: confirms, agreement: pact, evidence: signed the pact}
  - {article: a1, side: bolia, speaker: Bo Vik, stance: denies, agreement: pact, evidence: [Nothing was signed]}
contradictions:
  - {agreement: pact, sides: [AX, bolia]}
aliases:
  bolia: [Bolia]
"""

MISTAKES = [
    ("unknown key", "agreements:", "agrements:", 11, "agrements: is no key of this place: correct its spelling or take it out"),
    ("missing key", "    title: A pact, or none\n", "", 4, "articles.0.title: is missing: add it"),
    ("empty value", "title: A pact, or none", "title: ''", 8, "articles.0.title: is empty: write it out"),
    ("unknown language", "language: en", "language: sv", 6, "articles.0.language: Input should be 'en', 'es', 'fr' or 'pt'"),
    ("no time zone", "03:04:05Z", "03:04:05", 7, "articles.0.published: Input should have timezone info"),
    ("Norway", "side: AX, speaker", "side: NO, speaker", 14,
     "statements.0.side: YAML reads this word as False: put it in quotes"),
    ("unknown stance", "stance: denies", "stance: doubts", 15, "statements.1.stance: Input should be 'confirms', 'denies'"),
    ("unknown article", "article: a1, side: AX", "article: a9, side: AX", 14,
     "statements.0.article: no article a9: known are a1"),
    ("unknown agreement", "confirms, agreement: pact", "confirms, agreement: pakt", 14,
     "statements.0.agreement: no agreement pakt: known"),
    ("wrong words", "evidence: signed the pact", "evidence: signed a pact", 14,
     "is no substring of a1's text: copy the words exactly"),
    ("no aliases", "aliases:\n  bolia: [Bolia]\n", "", 15, "statements.1.side: bolia is no two-letter code"),
    ("outlet with a side", "side: null", "side: AX", 5, "articles.0.source: a press office has a side, an outlet has null"),
    ("nobody opposed", "stance: denies", "stance: negotiating", 17,
     "contradictions.0: AX and bolia do not oppose each other on pact"),
    ("opposed but not listed", "\n  - {agreement: pact, sides: [AX, bolia]}", " []", 16,
     "AX and bolia oppose each other on pact: list them"),
    ("id taken", "{id: pact, kind: trade, parties: [AX, bolia]}",
     "{id: pact, kind: trade, parties: [AX]}\n  - {id: pact, kind: x, parties: [AX]}", 13,
     "agreements.1.id: pact is taken in this case"),
    ("other name", "id: pact-2025", "id: pact-2024", 1, "id: is pact-2024, but the file is named pact-2025"),
    ("no YAML", "about: Two", "about: [Two", 3, "is not YAML"),
]


def written(folder: Path, body: str, name: str = "pact-2025") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(body, encoding="utf-8")
    return path


@pytest.mark.parametrize(("old", "new", "line", "what"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_names_its_place_and_what_to_do(tmp_path, old, new, line, what):
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(CaseError) as caught:
        load_case(path)
    found = [str(complaint) for complaint in caught.value.complaints]
    assert any(text.startswith(f"pact-2025.yaml:{line}: ") and what in text for text in found), found


def test_a_good_file_is_read_as_it_stands(tmp_path):
    case = load_case(written(tmp_path, GOOD))
    assert case.language == "en"
    assert case.statements[0].evidence == ("signed the pact",)
    assert case.reversals == ()


def test_sides_that_oppose_each_other_on_purpose_need_not_be_listed(tmp_path):
    body = GOOD.replace("\n  - {agreement: pact, sides: [AX, bolia]}", " []") + "checked_pairs: true\n"
    assert load_case(written(tmp_path, body)).contradictions == ()


def test_all_mistakes_of_all_files_are_reported_together(tmp_path):
    written(tmp_path, GOOD.replace("language: en", "language: sv").replace("stance: denies", "stance: doubts"))
    written(tmp_path, "[]", "empty-2025")
    (tmp_path / "latin-2025.yaml").write_bytes("about: año\n".encode("latin-1"))
    with pytest.raises(CaseError) as caught:
        load_cases(tmp_path)
    assert [complaint.file for complaint in caught.value.complaints] == [
        "empty-2025.yaml", "latin-2025.yaml", "pact-2025.yaml", "pact-2025.yaml"]
    assert len(str(caught.value).splitlines()) == 4


def test_a_folder_without_cases_says_so(tmp_path):
    with pytest.raises(CaseError, match="no case files"):
        load_cases(tmp_path)


def test_lines_come_oldest_first_whatever_their_time_zone(tmp_path):
    later = GOOD.replace("2025-01-02T03:04:05Z", "2025-01-02T01:00:00-05:00")
    written(tmp_path, later.replace("id: pact-2025", "id: apart-2025"), "apart-2025")
    written(tmp_path, GOOD)
    read = lines(load_cases(tmp_path))
    assert [line["id"] for line in read] == ["pact-2025/a1", "apart-2025/a1"]
    assert read[0]["source"] == {"name": "The Post", "kind": "outlet", "side": None}
