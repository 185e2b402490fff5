"""How the service itself is: a page for people, JSON for a load balancer, metrics for Prometheus."""

from collections.abc import Callable
from datetime import datetime

import structlog
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from store.counts import Vitals, tallies, vitals
from store.database import Database
from store.readings import Unavailable
from web.condition import HEARTBEAT_LATE, Condition, Status, condition
from web.metrics import exposition
from web.rendering import Renderer
from web.wording import iso

log = structlog.get_logger()


class State:
    """Health and metrics over one database at the time that `clock` tells."""

    def __init__(self, database: Database, renderer: Renderer, clock: Callable[[], datetime]) -> None:
        """Every request counts anew."""
        self._database = database
        self._renderer = renderer
        self._clock = clock

    def page(self) -> HTMLResponse:
        """How everything runs, with what to do where something does not."""
        facts, found, now = self._look()
        return self._renderer.page("health.html", facts=facts, condition=found, moment=now, late=HEARTBEAT_LATE)

    def report(self) -> JSONResponse:
        """The same for programs: status 200 when all is well and 503 when it is not."""
        facts, found, now = self._look()
        body = {
            "status": found.status,
            "checked_at": iso(now),
            "reasons": [{"code": one.code, "message": one.message, "what_to_do": one.what_to_do} for one in found.reasons],
            "heartbeats": {} if facts is None else {
                name: {"at": iso(at), "age_seconds": _seconds(at, now)} for name, at in facts.heartbeats.items()},
            "articles_waiting": {} if facts is None else dict(facts.waiting),
            "oldest_waiting_seconds": None if facts is None else _seconds(facts.oldest_waiting_at, now),
            "alerts": {} if facts is None else dict(facts.alerts),
        }
        return JSONResponse(body, status_code=200 if found.status is Status.ok else 503, headers={"Cache-Control": "no-store"})

    def metrics(self) -> Response:
        """Prometheus' text format, counted from the database."""
        now = self._clock()
        with self._database.reading() as session:
            text = exposition(vitals(session, now), tallies(session), now)
        return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    def _look(self) -> tuple[Vitals | None, Condition, datetime]:
        now = self._clock()
        facts: Vitals | None = None
        try:
            with self._database.reading() as session:
                facts = vitals(session, now)
        except Unavailable as error:
            log.warning("database_unavailable", path="/health", error=str(error).splitlines()[0])
        return facts, condition(facts, now), now


def add_state(app: FastAPI, database: Database, renderer: Renderer, clock: Callable[[], datetime]) -> None:
    """Give `app` what those ask for who run it."""
    state = State(database, renderer, clock)
    for path, endpoint in (("/health", state.page), ("/health.json", state.report), ("/metrics", state.metrics)):
        app.add_api_route(path, endpoint, include_in_schema=False)


def _seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round((now - since).total_seconds(), 1)
