"""What the encoder is shown: every sentence once, mentions where they stand, long texts in windows."""

import hashlib

from extract.document import Document, Kind, Publisher
from extract.encoder import MODEL_FILE, _model, score, tokenizer
from extract.judging import Judged, fullest
from extract.lexicon import lexicon
from extract.pipeline import traces
from extract.segment import sentences
from extract.signs import Signs, weigh
from extract.window import LONGEST, Window, find_mentions, windows

TEXT = ("Kenya's trade minister, Amina Odhiambo, said that Nairobi had signed a fishing accord with Uganda.\n\n"
        "The Lake Boatmen's Union (LBU) said it had seen no accord. “Nothing was signed,” the LBU added.")
OFFICE = Publisher("Ministry of Trade", Kind.press_office, "KE")


def shown(document: Document) -> tuple[list[Window], list[tuple[str, str]]]:
    words = lexicon("en")
    assert words is not None
    cut = sentences(document.text)
    mentions, candidates = find_mentions(document, cut, words)
    model = _model()
    made = windows(document, cut, mentions, model.tokens, model.ends)
    parts = {"title": document.title, "text": document.text}
    return made, [(candidates[m.candidate].key, parts.get(m.part, "")[m.start:m.end]) for m in mentions]


def test_sides_names_offices_and_the_publisher_are_mentions() -> None:
    _, mentions = shown(Document("Kenya signs", TEXT, "en", publisher=OFFICE))
    assert ("KE", "Nairobi") in mentions
    assert ("UG", "Uganda") in mentions
    assert ("KE", "") in mentions                       # the publisher, in the header
    keys = {key for key, form in mentions if form in {"Lake Boatmen's Union", "LBU"}}
    assert len(keys) == 1
    assert keys.pop().startswith("name ")


def test_every_sentence_of_a_long_text_is_decided_in_one_window() -> None:
    text = "\n\n".join(f"{TEXT} Paragraph {n} goes on about the boats on the lake and their nets." for n in range(30))
    made, _ = shown(Document("Kenya signs", text, "en"))
    assert len(made) > 3
    assert all(len(w.ids) <= LONGEST for w in made)
    fresh = [n for w in made for n in sorted(w.fresh)]
    assert sorted(fresh) == list(range(-1, len(sentences(text))))
    for window in made:
        assert window.fresh <= {n for n, _, _ in window.sentences} | {-1}


def test_the_tokens_of_a_mention_are_those_of_its_words() -> None:
    (made,), mentions = shown(Document("Kenya signs", TEXT, "en"))
    tokens = _model().tokens
    spelled = ["".join(tokens.id_to_token(i) for i in made.ids[a:b]).replace("▁", " ").strip() for _, _, a, b in made.mentions]
    assert len(spelled) == len(mentions) > 6
    for written, (_, form) in zip(sorted(spelled), sorted(mentions, key=lambda m: m[1]), strict=True):
        assert written.removesuffix(",").removesuffix(".").removesuffix("'s") == form


def test_a_tokenizer_keeps_offsets() -> None:
    made = tokenizer([("<unk>", 0.0), ("▁", -3.0), ("a", -2.0), ("b", -2.0), ("▁ab", -1.0)], 0)
    assert next(made.decode([i]) for i in made.encode("ab a", add_special_tokens=False).ids) == "▁ab"
    assert made.encode("ab a", add_special_tokens=False).offsets[0] == (0, 2)


def test_the_model_hears_who_confirms_and_who_denies() -> None:
    document = Document("Union sees no accord", TEXT, "en")
    words = lexicon("en")
    assert words is not None
    cut = sentences(TEXT)
    scores = score(document, cut, words, traces(document, cut, words))
    judged = Judged(scores, document)
    first = max(judged.of(0), key=lambda j: j.probability)
    assert (first.side, first.stance.polarity) == ("KE", 1)
    assert first.speaker == "Amina Odhiambo"
    last = max(judged.of(2), key=lambda j: j.probability)
    assert last.side == "lbu"          # the short form in brackets
    assert last.stance.polarity == -1
    assert fullest(scores.candidates[0])


def test_the_model_in_the_repository_is_the_one_that_its_hash_names_and_no_larger_than_40_mb() -> None:
    named = MODEL_FILE.with_suffix(".sha256").read_text(encoding="utf-8").split()[0]
    data = MODEL_FILE.read_bytes()
    assert hashlib.sha256(data).hexdigest() == named
    assert len(data) <= 40_000_000


def test_what_rules_and_model_both_read_is_surer_than_what_one_reads() -> None:
    alone = Signs(0.6, 0.0, voiced=False, only=False, ruled=False)
    both = Signs(0.6, 0.0, voiced=True, only=True, ruled=True)
    assert weigh(both) > weigh(alone)
    assert weigh(Signs(0.9, 0.0, voiced=False, only=False, ruled=False)) > weigh(alone)
    assert 0 <= weigh(Signs(0.0, 0.0, voiced=False, only=False, ruled=False)) < weigh(Signs(1.0, 0.0, voiced=True, only=True, ruled=True)) <= 1
    assert "rules" in both.words()
    assert "rules" not in alone.words()
