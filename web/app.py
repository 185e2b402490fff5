"""The web application: pages for people, `/api/v1` for programs, health and metrics for monitors, all read from the store."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from store.database import Database
from store.readings import Unavailable
from web import problems
from web.api import add_api
from web.feed import add_feed
from web.guard import SECURITY_HEADERS, Guard
from web.pages import add_pages
from web.problems import ErrorAnswer, ErrorBody, Problem
from web.rendering import Renderer
from web.state import add_state

log = structlog.get_logger()

FOR_PROGRAMS = ("/api/", "/health.json", "/metrics")
"""Paths whose errors are JSON; on every other path they are a page."""


def create_app(database: Database, *, public_url: str = "", clock: Callable[[], datetime] | None = None) -> FastAPI:
    """The application over `database`.

    `public_url` is the address that links in JSON answers begin with (empty: they are paths). `clock` gives the present.
    Nothing is asked of the database before the first request.
    """
    now = clock or (lambda: datetime.now(UTC))
    renderer = Renderer(now)
    app = FastAPI(
        title="Sayso", version="1", summary="Who says there is a deal, and who says there is none.",
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", redirect_slashes=False,
    )
    add_pages(app, database, renderer)
    add_feed(app, database, renderer, public_url.rstrip("/"))
    add_state(app, database, renderer, now)
    add_api(app, database, public_url.rstrip("/"))

    def answer(path: str, problem: Problem) -> Response:
        return _answer(renderer, path, problem)

    _handle_errors(app, answer)
    app.add_middleware(Guard, refuse=answer)
    return app


def _handle_errors(app: FastAPI, answer: Callable[[str, Problem], Response]) -> None:
    @app.exception_handler(Problem)
    def _problem(request: Request, problem: Problem) -> Response:
        return answer(request.url.path, problem)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return answer(request.url.path, problems.invalid(error.errors()))

    @app.exception_handler(HTTPException)
    def _refused(request: Request, error: HTTPException) -> Response:
        return answer(request.url.path, problems.of_status(error.status_code))

    def _unavailable(request: Request, error: Exception) -> Response:
        log.warning("database_unavailable", path=request.url.path, error=str(error).splitlines()[0])
        return answer(request.url.path, problems.UNAVAILABLE)

    for kind in Unavailable:
        app.add_exception_handler(kind, _unavailable)

    @app.exception_handler(Exception)
    def _broken(request: Request, error: Exception) -> Response:
        log.error("request_broke", path=request.url.path, error=repr(error))
        return answer(request.url.path, problems.BROKEN)


def _answer(renderer: Renderer, path: str, problem: Problem) -> Response:
    if path.startswith(FOR_PROGRAMS):
        body = ErrorAnswer(error=ErrorBody(code=problem.code, message=problem.message, what_to_do=problem.what_to_do))
        response: Response = JSONResponse(body.model_dump(), status_code=problem.status)
    else:
        response = renderer.page("problem.html", status=problem.status, problem=problem)
    # An answer to an unforeseen error is sent from outside the guard, so it brings the headers itself.
    response.headers.update({**SECURITY_HEADERS, **problem.headers})
    return response
