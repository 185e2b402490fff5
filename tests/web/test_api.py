"""The JSON API: what it answers, how it pages, and the one shape of its errors."""

from datetime import timedelta

import pytest

from store.types import row_id
from web.app import create_app

GUATEMALA, HONDURAS = row_id("agreement", "gt-asylum"), row_id("agreement", "hn-asylum")


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def test_agreements_tell_where_each_side_stands(client, story):
    first, *rest = get(client, "/api/v1/agreements")["items"]
    assert (first["id"], first["label"], len(rest)) == (HONDURAS, "Honduras–United States asylum agreement", 3)
    assert first["parties"] == [{"code": "HN", "name": "Honduras"}, {"code": "US", "name": "United States"}]
    assert [(one["side"]["code"], one["stance"]) for one in first["standings"]] == [("HN", "denies"), ("US", "confirms")]
    assert first["last_at"] == "2025-06-27T16:05:00Z"
    assert first["page"] == f"/agreements/{HONDURAS}"


def test_one_agreement_comes_with_its_contradictions_and_reversals(client, story):
    found = get(client, f"/api/v1/agreements/{HONDURAS}")
    (contradiction,), (reversal,) = found["contradictions"], found["reversals"]
    assert (contradiction["confirms"]["side"]["code"], contradiction["denies"]["side"]["code"]) == ("US", "HN")
    assert contradiction["denies"]["quote"] == "De eso no hemos firmado nada"
    assert (reversal["before"]["stance"], reversal["after"]["stance"]) == ("negotiating", "denies")


@pytest.mark.parametrize(("query", "count"), [
    ("", 2), ("side=GT", 1), ("side=US", 2), ("side=MX", 0), (f"agreement={GUATEMALA}", 1), ("since=2025-06-27T01:00:00Z", 1),
    ("since=2025-06-27T03:30:00%2B02:00", 1), ("since=2025-06-28T00:00:00Z", 0), ("limit=1", 1), ("offset=1", 1),
])
def test_contradictions_can_be_narrowed(client, story, query, count):
    assert len(get(client, f"/api/v1/contradictions?{query}")["items"]) == count


@pytest.mark.parametrize(("query", "count"), [
    ("", 14), ("side=HN", 4), ("stance=denies", 3), ("side=HN&stance=denies", 2), (f"agreement={GUATEMALA}", 4),
    ("since=2025-06-27T16:00:00Z", 1), ("side=HN&since=2025-06-27T00:00:00Z", 3), ("limit=3", 3), ("offset=13", 1),
])
def test_statements_can_be_narrowed(client, story, query, count):
    assert len(get(client, f"/api/v1/statements?{query}")["items"]) == count


def test_a_statement_tells_where_its_evidence_stands_and_why_it_was_read_so(client, story):
    (said,) = get(client, "/api/v1/statements?since=2025-06-27T16:00:00Z")["items"]
    assert said["title"][said["evidence"]["start"]:said["evidence"]["end"]] == said["quote"]
    assert said["evidence"]["in_title"]
    assert said["official"] is False
    assert len(said["reasons"]) == 2
    assert said["identity_reason"]
    assert said["page"] == f"/articles/{said['article']}?statement={said['id']}#{said['id']}"


def test_a_statement_that_is_not_judged_yet_has_no_agreement(client, corpus, now):
    corpus.source("paper", "Paper")
    corpus.say(corpus.article("new", "paper", now, "New", "Peru signed."), None, "PE", "confirms", "Peru", "Peru signed")
    corpus.session.commit()
    (said,) = get(client, "/api/v1/statements")["items"]
    assert said["agreement"] is None


def test_walking_along_next_sees_everything_once(client, corpus, now):
    corpus.source("paper", "Paper")
    article = corpus.article("long", "paper", now, "Long", " ".join(f"word{number:03}" for number in range(130)))
    for number in range(130):
        corpus.say(article, None, "PE", "confirms", "Peru", f"word{number:03}")
    corpus.session.commit()
    seen, path = [], "/api/v1/statements?side=PE&since=2025-01-01T00:00:00Z&limit=40"
    while path:
        page = get(client, path)
        seen += [one["quote"] for one in page["items"]]
        path = page["next"]
    assert seen == [f"word{number:03}" for number in range(130)]


def test_links_begin_with_the_public_address_if_there_is_one(client, story):
    public = type(client)(create_app(story, public_url="https://desk.example/"))
    page = get(public, "/api/v1/agreements?limit=1")
    assert page["items"][0]["page"] == f"https://desk.example/agreements/{HONDURAS}"
    assert page["next"] == "https://desk.example/api/v1/agreements?limit=1&offset=1"


@pytest.mark.parametrize(("path", "status", "code"), [
    ("/api/v1/agreements?limit=201", 400, "invalid_parameter"),
    ("/api/v1/agreements?limit=0", 400, "invalid_parameter"),
    ("/api/v1/statements?offset=20001", 400, "invalid_parameter"),
    ("/api/v1/statements?stance=maybe", 400, "invalid_parameter"),
    ("/api/v1/statements?since=yesterday", 400, "invalid_parameter"),
    ("/api/v1/statements?since=2025-06-27T00:00:00", 400, "invalid_parameter"),
    ("/api/v1/agreements/nobody", 404, "not_found"),
    ("/api/v2/agreements", 404, "not_found"),
    ("/api/docs", 404, "not_found"),
    ("/api/v1/agreements?words=" + "x" * 2001, 414, "request_too_long"),
])
def test_every_error_has_one_shape_and_says_what_to_do(client, story, path, status, code):
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    (error,) = response.json().values()
    assert error.keys() == {"code", "message", "what_to_do"}
    assert error["code"] == code
    assert all(error.values())


def test_a_refused_value_is_named_but_not_repeated(client, story):
    error = client.get("/api/v1/statements?since=2025-06-27T00:00:00").json()["error"]
    assert error["message"] == "A parameter is not understood. since: a time needs its zone: end it with Z."
    assert "secret" not in client.get("/api/v1/statements?since=secret").text


def test_the_newest_statement_stands_but_a_no_comment_takes_nothing_back(client, corpus, now):
    corpus.source("paper", "Paper")
    corpus.source("office", "Ministry of Peru", kind="press_office", side="PE")
    agreement = corpus.agreement("x", "X", "trade", ["PE", "CL"], [], now, now)

    def say(key, source, hours, stance, confidence=0.9):
        article = corpus.article(key, source, now - timedelta(hours=hours), key, f"{key} words")
        corpus.say(article, agreement, "PE", stance, key, f"{key} words", confidence=confidence)

    def stands():
        corpus.session.commit()
        (standing,) = get(client, f"/api/v1/agreements/{agreement}")["standings"]
        return standing["stance"], standing["speaker"]

    say("silence", "paper", 9, "no_comment")
    assert stands() == ("no_comment", "silence")
    say("talks", "paper", 8, "negotiating")
    assert stands() == ("negotiating", "talks")
    say("later-silence", "paper", 7, "no_comment")
    assert stands() == ("negotiating", "talks")
    say("reported", "paper", 6, "denies", confidence=0.99)
    say("own", "office", 6, "confirms", confidence=0.6)
    assert stands() == ("confirms", "own")
