import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.segment import sentences

CASES = [
    ("The U.S. signed. Mexico did not.", ["The U.S. signed.", "Mexico did not."]),
    ("Mr. Paz denied it. He left.", ["Mr. Paz denied it.", "He left."]),
    ("«No hay acuerdo.» Así respondió.", ["«No hay acuerdo.»", "Así respondió."]),
    ("“We signed,” she said. “Both signed.”", ["“We signed,” she said.", "“Both signed.”"]),
    ("El Sr. Ruiz negó el pacto. EE. UU. calla.", ["El Sr. Ruiz negó el pacto.", "EE. UU. calla."]),
    ("A first paragraph\n\nand a second.", ["A first paragraph", "and a second."]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [s.text for s in sentences(text)] == expected


@given(st.text())
def test_offsets_always_slice_to_the_sentence(text: str) -> None:
    for sentence in sentences(text):
        assert text[sentence.start:sentence.end] == sentence.text
        for start, end in sentence.quotes:
            assert sentence.start <= start <= end <= sentence.end


def test_a_word_between_quotation_marks_is_quoted_and_one_outside_is_not() -> None:
    text = "She said “we signed” and left."
    only = sentences(text)[0]
    assert only.quoted(text.index("signed"), text.index("signed") + 6)
    assert not only.quoted(text.index("left"), text.index("left") + 4)
