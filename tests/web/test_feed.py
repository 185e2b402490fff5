"""The feed of findings: well-formed whatever is in the articles, and read by a feed reader."""

from lxml import etree
from sqlmodel import select

from crawler.feeds import parse_feed
from store.statements import StatementRow

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(client, address="/findings.atom"):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "application/atom+xml")
    return etree.fromstring(answer.content)


def test_every_finding_is_an_entry_with_both_sentences(client, corpus, story):
    feed = read(client)
    entries = feed.findall("a:entry", ATOM)
    told = client.get("/api/v1/contradictions").json()["items"]
    assert len(entries) > len(told) > 0
    words = ["".join(entry.itertext()) for entry in entries]
    for one in told:
        assert any(one["confirms"]["quote"] in text and one["denies"]["quote"] in text for text in words)
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert len(set(ids)) == len(ids)


def test_a_feed_reader_takes_it(client, corpus, story):
    links = parse_feed(client.get("/findings.atom").content, "http://sayso.example/findings.atom")
    assert {link.url.partition("#")[0] for link in links} == {f"http://sayso.example{path}" for path in
                                                              {one.get("href").partition("#")[0] for one in read(client).findall("a:entry/a:link", ATOM)}}
    assert all(link.title and link.published for link in links)


def test_one_side_alone_can_be_followed(client, corpus, story):
    every, some, none = (len(read(client, f"/findings.atom{query}").findall("a:entry", ATOM)) for query in ("", "?side=GT", "?side=FR"))
    assert every > some > none == 0


def test_an_empty_store_gives_an_empty_feed(client):
    feed = read(client)
    assert feed.findtext("a:updated", namespaces=ATOM) == "1970-01-01T00:00:00Z"
    assert feed.findall("a:entry", ATOM) == []


def test_text_that_would_break_a_feed_is_data(client, corpus, story):
    nasty = "<script>alert(1)</script> ]]> & \x0b \x00 “{{ 7 * 7 }}”"
    for row in corpus.session.exec(select(StatementRow)).all():
        row.quote = nasty
        corpus.session.add(row)
    corpus.session.commit()
    text = "".join(read(client).itertext())
    assert "<script>alert(1)</script> ]]> &" in text
    assert "{{ 7 * 7 }}" in text
