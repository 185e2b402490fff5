"""What counts as right: small stories written here, one behaviour each."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from evaluation import evaluate
from evaluation.answer import AnswerError, read_answer
from evaluation.cases import load_cases
from evaluation.gold import Case
from evaluation.matching import sentences
from evaluation.score import score

TEXT = "We signed the pact, Ana Roe of Aland said. “Nothing was signed,” Bo Vik replied.\n\nThe weather was fine. Nobody slept.\n"
CASE = {
    "id": "pact-2025", "about": "Two sides and one pact.",
    "articles": [{"id": "a1", "source": {"name": "The Post", "kind": "outlet", "side": None}, "language": "en",
                  "published": "2025-01-02T03:04:05Z", "title": "A pact, or none", "text": TEXT}],
    "agreements": [{"id": "pact", "kind": "trade", "parties": ["AX", "bolia"]},
                   {"id": "other", "kind": "trade", "parties": ["AX"]}],
    "statements": [
        {"article": "a1", "side": "AX", "speaker": "Ana Roe", "stance": "confirms", "agreement": "pact",
         "evidence": "signed the pact"},
        {"article": "a1", "side": "bolia", "speaker": "Bo Vik", "stance": "denies", "agreement": "pact",
         "evidence": "Nothing was signed"},
    ],
    "contradictions": [{"agreement": "pact", "sides": ["AX", "bolia"]}],
    "aliases": {"bolia": ["Bolia", "the Bolian Front"]},
}


def a_case(**changes):
    return TypeAdapter(Case).validate_python({**CASE, **changes})


def said(words="signed the pact", **more):
    start = TEXT.index(words) if words else None
    return {"article": "pact-2025/a1", "side": "AX", "speaker": "Ana Roe", "stance": "confirms", "agreement": "k1",
            "evidence": {"start": start, "end": start + len(words) if words else None, "text": words}, **more}


def denial(**more):
    return said(**({"words": "Nothing was signed", "side": "Bolia", "stance": "denies", "speaker": "Vik"} | more))


def figures(*statements, contradictions=(), reversals=(), case=None):
    answer = read_answer({"statements": list(statements), "contradictions": list(contradictions), "reversals": list(reversals)})
    return score([case or a_case()], answer)


def counts(tally):
    return tally.hit, tally.false, tally.missed


STATEMENTS = [
    ("both_right", [said(), denial()], (2, 0, 0)),
    ("other_words_of_the_sentence_are_right_too", [said("Ana Roe of Aland")], (1, 0, 1)),
    ("the_next_sentence_is_wrong", [said("The weather was fine")], (0, 1, 2)),
    ("rejecting_is_as_negative_as_denying", [denial(stance="rejects")], (1, 0, 1)),
    ("the_wrong_polarity_is_wrong", [said(stance="denies")], (0, 1, 2)),
    ("talks_are_not_counted", [said(stance="negotiating")], (0, 0, 2)),
    ("the_wrong_side_is_wrong", [said(side="FI")], (0, 1, 2)),
    ("a_side_is_known_by_every_alias_accent_and_case", [denial(side=" the  BÓLIAN front ")], (1, 0, 1)),
    ("a_code_is_no_alias", [said(side="ax")], (0, 1, 2)),
    ("saying_it_twice_is_neither_right_nor_wrong", [said(), said()], (1, 0, 1)),
    ("a_headline_is_right_where_the_side_says_so", [said("")], (1, 0, 1)),
    ("a_headline_is_never_false", [said("", side="FI")], (0, 0, 2)),
    ("another_article_is_wrong", [said(article="pact-2025/a2")], (0, 1, 2)),
    ("no_side_at_all_is_wrong", [said(side=None)], (0, 1, 2)),
]


@pytest.mark.parametrize(("statements", "expected"), [row[1:] for row in STATEMENTS], ids=[row[0] for row in STATEMENTS])
def test_a_statement_is_right_by_article_side_polarity_and_sentence(statements, expected):
    assert counts(figures(*statements).statements) == expected


@pytest.mark.parametrize(("speaker", "right"), [
    ("Ana Roe", 0), ("the minister Anastasia Roemer", 1), ("ANASTASIA", 1), ("ROEMER of XY", 1), (None, 0), ("Roe Mer", 0)])
def test_a_speaker_is_right_who_shares_a_telling_word(speaker, right):
    named = [{**CASE["statements"][0], "speaker": "Anastasia Roemer"}]
    found = figures(said(speaker=speaker), case=a_case(statements=named, contradictions=None)).speaker
    assert (found.right, found.of) == (right, 1)


PAIRS = [
    ("right_in_either_order", [{"agreement": "k1", "sides": ["the Bolian Front", "AX"]}], (1, 0, 0)),
    ("told_twice_it_counts_once", [{"agreement": "k1", "sides": ["AX", "Bolia"]}] * 2, (1, 0, 0)),
    ("other_sides_are_wrong", [{"agreement": "k1", "sides": ["AX", "FI"]}], (0, 1, 1)),
    ("an_agreement_without_a_right_statement_is_wrong", [{"agreement": "k2", "sides": ["AX", "Bolia"]}], (0, 1, 1)),
    ("nothing_told_is_a_miss", [], (0, 0, 1)),
]


@pytest.mark.parametrize(("pairs", "expected"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_a_contradiction_is_right_by_sides_and_the_statements_on_its_agreement(pairs, expected):
    assert counts(figures(said(), denial(), contradictions=pairs).contradictions) == expected


def test_a_reversal_is_right_by_its_side():
    turned = [CASE["statements"][0], {**CASE["statements"][1], "side": "AX"}]
    case = a_case(statements=turned, contradictions=None, reversals=[{"agreement": "pact", "side": "AX"}])
    statements = (said(), denial(side="AX"))
    assert counts(figures(*statements, reversals=[{"agreement": "k1", "side": "AX"}], case=case).reversals) == (1, 0, 0)
    assert counts(figures(*statements, reversals=[{"agreement": "k1", "side": "FI"}], case=case).reversals) == (0, 1, 1)


def test_a_sentence_of_another_side_is_a_side_gone_wrong():
    found = figures(said(side="FI"), denial(), said("The weather was fine", side="FI"))
    assert (found.side.right, found.side.of) == (1, 2)
    assert [slip.note for slip in found.slips if slip.what == "statement"] == ["AX says it", "", "taken for FI"]


def test_two_statements_of_one_agreement_must_share_the_answers_agreement():
    assert counts(figures(said(), denial()).agreements) == (1, 0, 0)
    assert counts(figures(said(), denial(agreement="k2")).agreements) == (0, 0, 1)
    apart = a_case(statements=[CASE["statements"][0], {**CASE["statements"][1], "agreement": "other"}], contradictions=None)
    assert counts(figures(said(), denial(), case=apart).agreements) == (0, 1, 0)


def test_false_alarms_are_counted_per_thousand_sentences_where_nobody_contradicts():
    wrong = said("The weather was fine")
    assert figures(wrong).control_sentences == 0
    control = figures(wrong, case=a_case(statements=None, contradictions=None))
    assert (control.control_false, control.control_sentences, control.control_rate) == (1, 4, 250.0)


def test_sentences_end_at_stops_with_what_closes_them_and_at_lines():
    text = "He said “no.” She said yes!\n\nIs 3.5 enough? (It is.) Quite"
    assert [text[start:end].strip() for start, end in sentences(text)] == [
        "He said “no.”", "She said yes!", "Is 3.5 enough?", "(It is.)", "Quite"]


def test_every_slip_reads_on_one_line():
    slips = [str(slip) for slip in figures(said(side="FI"), contradictions=[{"agreement": "k1", "sides": ["AX", "FI"]}]).slips]
    assert slips == [
        "false  statement      pact-2025/a1  FI confirms: “signed the pact” (AX says it)",
        "missed statement      pact-2025/a1  AX confirms: “signed the pact” (taken for FI)",
        "missed statement      pact-2025/a1  bolia denies: “Nothing was signed”",
        "false  contradiction  k1  AX and FI (on no statement that is right)",
        "missed contradiction  pact-2025/pact  AX and bolia",
    ]


@pytest.mark.parametrize("result", [{}, {"statements": [{"article": "a"}]}, {"statements": 3},
                                    {"statements": [], "contradictions": [{"agreement": "k1"}]}])
def test_an_answer_of_another_shape_is_refused(result):
    with pytest.raises(AnswerError, match="not what `sayso analyse` prints"):
        read_answer(result)


def test_figures_of_two_runs_add_up():
    one, two = figures(said(), denial()), figures(said(side="FI"))
    both = one + two
    assert counts(both.statements) == (2, 1, 2)
    assert both.slips == one.slips + two.slips
    assert replace(both, slips=()) == replace(two + one, slips=())


@settings(max_examples=20, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_gold_answer_is_right_everywhere(data, cases_dir, fakes, tmp_path_factory):
    names = sorted(path.stem for path in cases_dir.glob("*.yaml"))
    chosen = data.draw(st.sets(st.sampled_from(names), min_size=1, max_size=6))
    folder = tmp_path_factory.mktemp("cases")
    for name in chosen:
        (folder / f"{name}.yaml").write_bytes((cases_dir / f"{name}.yaml").read_bytes())
    report = evaluate(folder, fakes.reader("untouched", 0, fakes.read_cases(folder)))
    for line in report.lines:
        for tally in (line.figures.statements, line.figures.contradictions, line.figures.reversals, line.figures.agreements):
            assert not tally.asked or tally.precision == tally.recall == tally.f1 == 1.0
        assert line.figures.speaker.value == line.figures.side.value == 1.0
        assert line.figures.control_false == 0
        assert line.figures.slips == ()


def test_the_shipped_cases_are_whole(cases_dir):
    assert len(load_cases(cases_dir)) >= 36
    notice = ("The stories follow real events; the outlets are invented, and the sentences and quotations were composed to test "
              "a reader. Nothing in them may be cited.")
    assert notice in (cases_dir / "README.md").read_text(encoding="utf-8")
