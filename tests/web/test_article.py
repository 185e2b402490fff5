"""An article with its evidence marked: the right code points, whatever the script, and honest notes where words are missing."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.types import row_id
from web.marking import Mark, paragraphs, runs

TEXTS = (
    "Guatemala denied it. 🇬🇹 El Gobierno no firmó ningún acuerdo, dijo Núñez.",
    "政府は合意に署名していないと述べた。Guatemala did not sign. 👩‍👩‍👧‍👦",
    "e\u0301te\u0301 — \U00010437 cle\u0301 لم نوقع fin",
    "<b>&amp; \"quotes\" & ampersands</b> signed </mark> nothing",
)


def marked(page, which="mark"):
    return [element.text_content() for element in page.cssselect(which)]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("place", [(0, 4), (5, 21), (20, 30), (-6, None)])
def test_marks_cover_exactly_the_code_points_of_the_quote(client, corpus, now, text, place):
    quote = text[slice(*place)]
    corpus.source("paper", "Paper")
    article = corpus.article("multi", "paper", now, "Title", f"First paragraph, 日本 🎌.\n\n{text}\n\nLast.", language="ar")
    said = corpus.say(article, None, "GT", "denies", "Speaker", quote)
    corpus.session.commit()
    page = lxml.html.fromstring(client.get(f"/articles/{article.id}?statement={said}").text)
    start = article.text.index(quote)
    assert "".join(marked(page, "mark.chosen")) == article.text[start:start + len(quote)]
    assert page.get_element_by_id(said).getparent().tag == "mark"
    assert "".join(page.cssselect(".text > p")[1].itertext()).strip() == text.strip()
    assert page.cssselect("article.text")[0].get("lang") == "ar"


def test_evidence_in_the_title_marks_the_title(client, story):
    page = lxml.html.fromstring(client.get(f"/articles/{row_id('diario', 1)}").text)
    assert marked(page, "h1 mark") == ["De eso no hemos firmado nada"]
    assert marked(page, ".text > p mark") == []


def test_the_statement_that_somebody_came_for_stands_out(client, story):
    article = row_id("wire", 1)
    denials = client.get("/api/v1/statements?side=HN&stance=denies").json()["items"]
    (denial,) = [one for one in denials if one["article"] == article]
    page = lxml.html.fromstring(client.get(f"/articles/{article}?statement={denial['id']}").text)
    assert marked(page, "mark.chosen") == [denial["quote"]]
    assert len(marked(page, "mark.other")) == 3
    assert page.xpath("//aside//a[@aria-current='true']/@href") == [denial["page"]]
    assert "not in this version" not in client.get(f"/articles/{article}?statement={denial['id']}").text
    assert "not in this version" in client.get(f"/articles/{article}?statement=gone").text


@pytest.mark.parametrize(("key", "said"), [
    ("broken", "No text was found on the page."), ("broken", "Nothing but pictures was left on the page."),
    ("fresh", "fetched, waits to be read"), ("tide-tables", "No side says anything of an agreement in it."),
    ("wire", "Statements were found."), ("wire", "isthmus.example"), ("wire", "Published"),
])
def test_an_article_says_how_it_ended(client, story, key, said):
    assert said in client.get(f"/articles/{row_id(key, 1)}").text


def test_an_article_leads_to_its_other_versions_and_to_what_it_copies(client, corpus, now):
    corpus.source("paper", "Paper")
    first = corpus.article("one", "paper", now, "One", "Text.", url="https://paper.example/story")
    second = corpus.article("two", "paper", now, "Two", "Text.", url="https://paper.example/story", version=2,
                            outcome="duplicate", duplicate_of=first.id)
    corpus.session.commit()
    page = lxml.html.fromstring(client.get(f"/articles/{second.id}").text)
    assert page.xpath("//aside//a/@href") == [f"/articles/{first.id}", f"/articles/{first.id}"]
    assert "Version 2 of 2" in page.text_content()


@pytest.mark.parametrize(("marks", "expected"), [
    ([], [("abcdefgh", 0)]),
    ([(2, 4)], [("ab", 0), ("cd", 1), ("efgh", 0)]),
    ([(0, 8)], [("abcdefgh", 1)]),
    ([(1, 5), (3, 7)], [("a", 0), ("bc", 1), ("de", 2), ("fg", 1), ("h", 0)]),
    ([(1, 3), (3, 5)], [("a", 0), ("bc", 1), ("de", 1), ("fgh", 0)]),
    ([(2, 6), (3, 4)], [("ab", 0), ("c", 1), ("d", 2), ("ef", 1), ("gh", 0)]),
    ([(6, 99), (-4, 1)], [("a", 1), ("bcdef", 0), ("gh", 1)]),
    ([(5, 5), (7, 3), (50, 60)], [("abcdefgh", 0)]),
])
def test_overlapping_touching_and_stray_spans_part_the_text(marks, expected):
    found = runs("abcdefgh", [Mark(start, end, f"{start}-{end}") for start, end in marks])
    assert [(run.text, len(run.statement_ids)) for run in found] == expected


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=6))
def test_whatever_the_spans_the_whole_text_comes_out_once(text, spans):
    found = runs(text, [Mark(start, end, str(number)) for number, (start, end) in enumerate(spans)])
    assert "".join(run.text for run in found) == text


@given(st.lists(st.sampled_from(["uno dos", "tres\ncuatro", "\n\n", "\n \n", "\n", "🇬🇹", " "]), max_size=12).map("".join))
def test_paragraphs_lose_nothing_but_the_space_between_them(text):
    joined = "".join(run.text for block in paragraphs(text, []) for run in block)
    assert "".join(joined.split()) == "".join(text.split())
