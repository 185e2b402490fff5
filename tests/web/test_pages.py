"""The pages for people: what each shows of the story, and what it says when there is nothing to show."""

import re
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest

from store.findings import Contradiction
from store.types import row_id

GUATEMALA, HONDURAS, MEXICO = (row_id("agreement", key) for key in ("gt-asylum", "hn-asylum", "mx-asylum"))


def tree(response):
    assert response.status_code == 200, response.text[:500]
    return lxml.html.fromstring(response.text)


def words(element):
    return re.sub(r"\s+", " ", element.text_content()).strip()


def labels(response):
    return [words(link) for link in tree(response).cssselect(".entry h2 a")]


def test_agreements_stand_newest_first_with_every_sides_stance(client, story):
    page = tree(client.get("/"))
    assert [element.get("datetime") for element in page.cssselect(".changed time")] == [
        "2025-06-27T16:05:00Z", "2025-06-27T01:30:00Z", "2025-06-27T01:30:00Z", "2025-06-27T00:15:00Z"]
    honduras, *_ = page.cssselect(".entry")
    assert [words(who) for who in honduras.cssselect(".who")] == ["USUnited States confirms", "HNHonduras denies"]
    assert "≠" in words(honduras)
    mexico = next(entry for entry in page.cssselect(".entry") if "Mexico" in words(entry))
    assert [words(item) for item in mexico.cssselect(".stances li")] == ["MXMexico rejects", "USUnited States not heard"]
    assert not mexico.cssselect(".clash")


@pytest.mark.parametrize(("query", "count"), [
    ("side=HN", 1), ("side=US", 4), ("side=ZZ", 0), ("kind=mou", 1), ("contradicted=1", 2), ("side=GT&contradicted=1", 1),
    ("words=migratorio", 1), ("words=MIGRATÓRIO", 1), ("words=estados+unidos+mexique", 1), ("words=nothing+like+it", 0),
    ("side=&kind=&words=", 4),
])
def test_filters_narrow_together(client, story, query, count):
    assert len(labels(client.get(f"/?{query}"))) == count


def test_a_filter_keeps_what_was_asked_in_its_form(client, story):
    page = tree(client.get("/?side=GT&kind=asylum&words=tercer&contradicted=1"))
    assert page.get_element_by_id("words").value == "tercer"
    assert page.get_element_by_id("side").value == "GT"
    assert page.get_element_by_id("kind").value == "asylum"
    assert page.get_element_by_id("contradicted").checked
    assert "/api/v1/agreements?side=GT&kind=asylum&words=tercer&contradicted=1" in page.xpath("//footer//a/@href")


def test_pages_of_agreements_lead_on_and_back(client, corpus, now):
    for number in range(60):
        corpus.agreement(f"a{number}", f"Agreement {number:02}", "trade", ["US", "GB"], [], now, now - timedelta(hours=number))
    corpus.session.commit()
    seen, path = [], "/?kind=trade"
    while path:
        page = client.get(path)
        seen += labels(page)
        path = next(iter(tree(page).xpath("//a[@rel='next']/@href")), None)
    assert seen == [f"Agreement {number:02}" for number in range(60)]
    assert tree(client.get("/?kind=trade&page=3")).xpath("//a[@rel='prev']/@href") == ["/?kind=trade&page=2"]
    assert tree(client.get("/?kind=trade&page=2")).xpath("//a[@rel='prev']/@href") == ["/?kind=trade"]
    assert labels(client.get("/?words=agreement&page=2")) == [f"Agreement {number:02}" for number in range(25, 50)]


def test_an_agreement_shows_both_sentences_verbatim_with_their_proof(client, story):
    page = tree(client.get(f"/agreements/{GUATEMALA}"))
    (finding,) = page.cssselect(".finding")
    assert words(finding.cssselect("h3")[0]) == "Guatemala denies the asylum agreement that the United States announced"
    first, second = finding.cssselect(".sentence")
    assert words(first.cssselect("blockquote")[0]) == (
        "The United States has concluded asylum cooperation agreements with Honduras and with Guatemala")
    assert second.cssselect("blockquote")[0].get("lang") == "es"
    told = words(second)
    for said in ("Guatemala", "denies", "Secretaría de Comunicación Social de la Presidencia", "press office",
                 "27 June 2025, 00:15 UTC", "Spanish", "gt-scspr.example"):
        assert said in told
    assert "within 60 days" in words(finding.cssselect(".because")[0])


def test_an_agreement_shows_how_each_side_came_to_its_position(client, story):
    page = tree(client.get(f"/agreements/{HONDURAS}"))
    turns = [[words(turn.cssselect(".stance")[0]) for turn in side.cssselect(".turns li")] for side in
             page.cssselect(".positions > li")]
    assert turns == [["confirms"], ["negotiating", "denies"]]
    said = [element.get("id") for element in page.cssselect(".statement")]
    assert len(said) == 7
    drawn = [link.get("href").removeprefix("#") for link in page.cssselect(".timeline svg a")]
    assert sorted(drawn) == sorted(said)
    (reversal,) = page.xpath("//section[@aria-labelledby='reversals']//article")
    assert "Honduras now denies" in words(reversal)


def test_a_closed_contradiction_says_so(client, corpus, story):
    row = corpus.session.get(Contradiction, row_id("contradiction", GUATEMALA, "US", "GT"))
    row.closed_at = datetime(2025, 6, 27, 17, 0, tzinfo=UTC)
    corpus.session.add(row)
    corpus.session.commit()
    assert "closed 27 June 2025, 17:00 UTC" in words(tree(client.get(f"/agreements/{GUATEMALA}")))
    assert "This contradiction was closed on 27 June 2025" in words(tree(client.get("/")))


def test_sources_show_their_last_look_and_what_is_wrong(client, story):
    rows = {words(row.cssselect("th b")[0]): words(row) for row in tree(client.get("/sources")).cssselect("tbody tr")}
    assert len(rows) == 6
    failing = rows["Secretaría de Relaciones Exteriores de Honduras"]
    for said in ("Honduras", "Spanish", "listing", "4 minutes ago", "next in 11 minutes", "server error", "4 times in a row",
                 "answered 500"):
        assert said in failing
    assert rows["Diario La Ceiba"].endswith("3")


@pytest.mark.parametrize(("path", "taught"), [
    ("/", "Sources are looked at every 15 minutes"),
    ("/sources", "sayso crawler"),
    ("/?words=peace", "No agreement is like that"),
    ("/?page=9", "Nothing this far back"),
])
def test_an_empty_page_teaches(client, path, taught):
    assert taught in words(tree(client.get(path)))


@pytest.mark.parametrize("path", ["/agreements/nobody", "/articles/nobody", "/nothing/here", "/static/../app.py"])
def test_what_is_not_there_is_answered_in_the_same_style(client, story, path):
    response = client.get(path)
    assert response.status_code == 404
    page = lxml.html.fromstring(response.text)
    assert page.cssselect("header.masthead")
    assert page.cssselect("link[rel=stylesheet]")
    assert "There is no" in words(page.cssselect("h1")[0])


def test_pages_have_landmarks_one_heading_and_a_way_past_the_masthead(client, story):
    for path in ("/", f"/agreements/{HONDURAS}", f"/articles/{row_id('diario', 1)}", "/sources", "/health", "/nothing"):
        page = lxml.html.fromstring(client.get(path).text)
        assert page.get("lang") == "en"
        for landmark in ("header.masthead", "nav", "main", "footer.colophon"):
            assert page.cssselect(landmark), (path, landmark)
        assert len(page.cssselect("h1")) == 1, path
        assert page.cssselect("a.skip")[0].get("href") == "#main"
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_every_agreement_has_a_page_those_too_of_which_a_party_was_never_heard_and_nobody_waits_for_it(client, story):
    found = client.get("/api/v1/agreements").json()["items"]
    unheard = [one for one in found if {party["code"] for party in one["parties"]} - {standing["side"]["code"] for standing in one["standings"]}]
    assert unheard
    for one in found:
        page = client.get(f"/agreements/{one['id']}")
        assert page.status_code == 200
        assert ("No word of this side" in page.text) == (one in unheard)
