"""Which texts are read at all: the switch that most articles end at loses no statement, and stops what cannot hold one."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from evaluation.cases import load_cases
from extract.document import Document, Publisher
from extract.lexicon import lexicon
from extract.pipeline import is_candidate, read
from training.examples import texts, whole

TESTS = Path(__file__).parents[1]
LOST = 0.005        # of the labelled articles with a statement, at most so many are not read ("the assembly has said no" names no agreement)
IDLE = [
    ("en", "The river rose by two metres overnight and the council closed three bridges. Schools stay shut until Monday."),
    ("es", "La selección ganó por dos a cero y el entrenador elogió a la defensa. El domingo juega en Sevilla."),
    ("fr", "Le musée rouvre ses portes samedi après deux ans de travaux. L'entrée est gratuite jusqu'à la fin du mois."),
    ("pt", "A seca reduziu a colheita de café em um terço. Os produtores esperam chuva para outubro."),
]


def unread() -> Iterator[Document]:
    """The articles of all cases that the switch stops."""
    for folder in ("cases", "second-cases"):
        for case in load_cases(TESTS / folder):
            for article in case.articles:
                words = lexicon(article.language)
                if words is not None and not is_candidate(article.title + "\n" + article.text, words):
                    source = article.source
                    yield Document(article.title, article.text, article.language, article.published, Publisher(source.name, source.kind, source.side))


def test_reading_everything_finds_statements_in_one_article_of_the_cases_at_most_that_was_stopped() -> None:
    stopped = list(unread())
    with patch("extract.pipeline.is_candidate", return_value=True):
        assert sum(bool(read(document).statements) for document in stopped) <= 1      # a promise by telephone, told without any word for it


def test_nearly_every_labelled_article_with_a_statement_is_read() -> None:
    told = [text for text in texts() if text["statements"] and whole(text["id"])]
    stopped = [text["id"] for text in told if not is_candidate((text.get("title") or "") + "\n" + text["text"], lexicon(text["language"]))]
    assert len(stopped) <= LOST * len(told), stopped


@pytest.mark.parametrize(("language", "text"), IDLE)
def test_what_speaks_of_no_agreement_is_not_read(language: str, text: str) -> None:
    assert not is_candidate(text, lexicon(language))
