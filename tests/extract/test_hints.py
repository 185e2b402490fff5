"""What the rules hear, as the encoder's heads are told it."""

from extract.document import Document, Kind, Publisher
from extract.encoder import inputs_of
from extract.hints import HINTS, hints_of
from extract.lexicon import lexicon
from extract.pipeline import traces
from extract.segment import sentences
from extract.window import Window, find_mentions

TEXT = ("Kenya's fisheries minister, Amina Wanjala, confirmed that an accord with Uganda had been signed. "
        "Uganda denied that it had signed any accord.")


def hints() -> dict[tuple[int, str], dict[str, float]]:
    """The hints of `TEXT` by sentence and by the words of the mention."""
    document, words = Document("", TEXT, "en", None, Publisher("The Daily Wire", Kind.outlet, None)), lexicon("en")
    assert words is not None
    cut = sentences(TEXT)
    mentions, candidates = find_mentions(document, cut, words)
    window = Window([5], [(n, 0, 1) for n in range(len(cut))], [(m.candidate, 0, 0, 1) for m in mentions], list(range(len(mentions))))
    found = hints_of(window, mentions, candidates, traces(document, cut, words))
    assert found.shape == (len(cut), len(mentions), len(HINTS))
    assert inputs_of(window, found)["hints"] is found
    return {(n, TEXT[m.start:m.end]): dict(zip(HINTS, found[n, k].tolist(), strict=True)) for n in range(len(cut)) for k, m in enumerate(mentions)}


def test_who_is_heard_and_what_they_state_is_told_for_each_mention() -> None:
    found = hints()
    assert found[0, "Kenya"]["voiced"] == found[0, "Kenya"]["confirms"] == 1
    assert found[0, "Amina Wanjala"]["source"] == found[0, "Amina Wanjala"]["source of a confirmation"] == 1
    assert found[0, "Uganda"]["voiced"] == found[0, "Uganda"]["confirms"] == 0
    assert found[1, "Uganda"]["voiced"] == found[1, "Uganda"]["denies"] == found[1, "Uganda"]["source of a denial"] == 1
    assert {hint for hint, value in found[1, "Kenya"].items() if value} == {"spoke before"}


def test_what_no_rule_has_read_is_all_zeros() -> None:
    document, words = Document("Kenya and Uganda sign", "", "en", None, Publisher("The Daily Wire", Kind.outlet, None)), lexicon("en")
    assert words is not None
    mentions, candidates = find_mentions(document, [], words)
    window = Window([5], [(-1, 0, 1)], [(m.candidate, 0, 0, 1) for m in mentions], list(range(len(mentions))))
    assert not hints_of(window, mentions, candidates, {}).any()
