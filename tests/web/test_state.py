"""Health and metrics: when all is well, when it is not and what to do then, and figures that Prometheus can read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import delete

from store.counts import Vitals
from store.database import Database
from store.health import Heartbeat
from web.app import create_app
from web.condition import Status, condition

AT = datetime(2025, 6, 27, 18, 0, tzinfo=UTC)
WELL = Vitals(
    heartbeats={"crawler": AT - timedelta(seconds=9), "worker": AT - timedelta(seconds=50)}, waiting={"fetched": 2},
    oldest_waiting_at=AT - timedelta(minutes=1), alerts={"delivered": 4}, oldest_due_alert_at=None, failed_alerts=0,
    disabled_subscriptions=0, sources=9, failing_sources=4,
)


def before(**length):
    return AT - timedelta(**length)


@pytest.mark.parametrize(("change", "codes"), [
    ({}, []),
    ({"heartbeats": {}}, ["crawler_unseen", "worker_unseen"]),
    ({"heartbeats": {**WELL.heartbeats, "crawler": before(minutes=5)}}, []),
    ({"heartbeats": {**WELL.heartbeats, "crawler": before(minutes=5, seconds=1)}}, ["crawler_silent"]),
    ({"heartbeats": {**WELL.heartbeats, "schedule": before(hours=3)}}, ["schedule_silent"]),
    ({"heartbeats": {**WELL.heartbeats, "worker": AT + timedelta(hours=2)}}, []),
    ({"oldest_waiting_at": before(minutes=15)}, []),
    ({"oldest_waiting_at": before(minutes=16)}, ["articles_wait"]),
    ({"oldest_waiting_at": None, "waiting": {}}, []),
    ({"oldest_due_alert_at": before(minutes=3)}, []),
    ({"oldest_due_alert_at": before(hours=1)}, ["alerts_wait"]),
    ({"failed_alerts": 1}, ["alerts_failed"]),
    ({"disabled_subscriptions": 2}, ["subscriptions_disabled"]),
    ({"sources": 0, "failing_sources": 0}, ["no_sources"]),
    ({"failing_sources": 5}, ["sources_fail"]),
    ({"heartbeats": {"crawler": AT}, "failed_alerts": 3}, ["worker_unseen", "alerts_failed"]),
])
def test_condition_follows_from_the_facts(change, codes):
    found = condition(replace(WELL, **change), AT)
    assert [reason.code for reason in found.reasons] == codes
    assert found.status is (Status.degraded if codes else Status.ok)
    assert all(reason.message.endswith(".") and reason.what_to_do.endswith(".") for reason in found.reasons)


def test_all_is_well_when_the_story_runs(client, story):
    response = client.get("/health.json")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok", "checked_at": "2025-06-27T18:00:00Z", "reasons": [],
        "heartbeats": {name: {"at": "2025-06-27T17:59:40Z", "age_seconds": 20.0} for name in ("crawler", "schedule", "worker")},
        "articles_waiting": {"fetched": 1}, "oldest_waiting_seconds": 180.0, "alerts": {"delivered": 2, "pending": 1},
    }
    assert "All is well" in client.get("/health").text


def test_a_silent_worker_degrades_health_for_programs_and_tells_people_what_to_do(client, story):
    with story.writing() as session:
        session.exec(delete(Heartbeat).where(Heartbeat.name == "worker"))
    response = client.get("/health.json")
    assert response.status_code == 503
    assert response.json()["status"] == "degraded"
    (reason,) = response.json()["reasons"]
    page = client.get("/health")
    assert page.status_code == 200
    assert reason["message"] == "The worker has never reported."
    assert reason["message"] in page.text
    assert "sayso worker" in page.text


def test_an_article_waits_until_it_is_judged(client, corpus, now):
    corpus.source("paper", "Paper")
    for stage, outcome in (("fetched", None), ("read", None), ("extracted", None), ("judged", "statements"), ("judged", "no_text")):
        corpus.article(f"{stage}-{outcome}", "paper", now - timedelta(hours=1), "Title", "Text", stage=stage, outcome=outcome)
    corpus.session.commit()
    assert client.get("/health.json").json()["articles_waiting"] == {"fetched": 1, "read": 1, "extracted": 1}


def test_a_database_that_does_not_answer_is_said_so_everywhere(client, tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'nothing-in-it.db'}")
    bare = type(client)(create_app(empty))
    report = bare.get("/health.json")
    assert report.status_code == 503
    assert [reason["code"] for reason in report.json()["reasons"]] == ["database_unavailable"]
    assert "SAYSO_DATABASE_URL" in bare.get("/health").text
    for path in ("/", "/sources", "/agreements/x", "/articles/x", "/api/v1/agreements", "/api/v1/statements", "/metrics"):
        response = bare.get(path)
        assert response.status_code == 503, path
        assert response.headers["retry-after"] == "60"
        assert "content-security-policy" in response.headers
    assert bare.get("/api/v1/agreements").json()["error"]["code"] == "database_unavailable"
    assert bare.get("/static/sayso.css").status_code == 200
    empty.close()


def test_metrics_are_what_the_database_holds(client, story):
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    samples = {(sample.name, *sorted(sample.labels.items())): sample.value
               for family in text_string_to_metric_families(response.text) for sample in family.samples}
    expected = {
        ("sayso_healthy",): 1, ("sayso_articles", ("outcome", "statements"), ("stage", "judged")): 5,
        ("sayso_articles", ("outcome", ""), ("stage", "fetched")): 1,
        ("sayso_articles", ("outcome", "no_text"), ("stage", "judged")): 1,
        ("sayso_articles_waiting", ("stage", "fetched")): 1, ("sayso_oldest_waiting_seconds",): 180,
        ("sayso_statements", ("stance", "confirms")): 8, ("sayso_statements", ("stance", "denies")): 3, ("sayso_agreements",): 4,
        ("sayso_contradictions", ("state", "open")): 2, ("sayso_contradictions", ("state", "closed")): 0, ("sayso_reversals",): 1,
        ("sayso_alerts", ("state", "delivered")): 2, ("sayso_alerts", ("state", "failed")): 0,
        ("sayso_alert_ambiguous_sends",): 0, ("sayso_sources", ("outcome", "not_modified")): 4,
        ("sayso_source_failures", ("source", "hn-relaciones")): 4, ("sayso_heartbeat_age_seconds", ("process", "worker")): 20,
    }
    assert {key: samples.get(key) for key in expected} == expected


def test_metrics_of_an_empty_database_can_be_read(client):
    families = list(text_string_to_metric_families(client.get("/metrics").text))
    assert len(families) == 13
    assert next(family for family in families if family.name == "sayso_healthy").samples[0].value == 0
