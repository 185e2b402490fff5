"""Labelled texts told of other countries."""

import random

from training.examples import texts
from training.swaps import swapped

TEXT = {"id": "en-news-t1", "language": "en", "issuer": None, "title": "Kenya denies deal", "text": "Kenya's minister in Nairobi denied a Kenyan deal with Uganda.",
        "forms": {}, "statements": [{"speaker": "Kenya", "side": "KE", "stance": "denies", "evidence": "denied a Kenyan deal", "also": ["Kenya denies deal"]}]}


def test_a_country_is_another_in_every_form_and_in_the_labels() -> None:
    told = swapped(TEXT, random.Random(5))
    side = told["statements"][0]["side"]
    assert side != "KE"
    assert "Keny" not in told["text"] + told["title"]
    assert told["statements"][0]["evidence"] in told["text"]
    assert told["statements"][0]["also"][0] in told["title"]


def test_every_labelled_text_keeps_its_evidence() -> None:
    chance = random.Random(1)
    for text in random.Random(2).sample(list(texts()), 300):
        told = swapped(text, chance)
        whole = told["text"] + (told.get("title") or "")
        assert all(piece in whole for s in told["statements"] for piece in [s["evidence"], *s.get("also", [])]), text["id"]
