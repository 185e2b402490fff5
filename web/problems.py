"""Problems: what goes wrong with a request, in one shape for machines and one page for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, Field


@dataclass(eq=False)    # neither frozen nor slotted: Python writes the traceback into an exception on its way up
class Problem(Exception):
    """A request that cannot be answered as asked: its HTTP status, a code for programs, and words for people."""

    status: int
    code: str
    message: str
    what_to_do: str
    headers: Mapping[str, str] = field(default_factory=dict)


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str = Field(description="A word for programs; it does not change between versions.")
    message: str = Field(description="What is wrong, for people.")
    what_to_do: str = Field(description="What to try next.")


class ErrorAnswer(BaseModel):
    """The one shape that every error has."""

    error: ErrorBody


def not_found(what: str) -> Problem:
    """There is no such `what` (an agreement, an article, a page)."""
    return Problem(404, "not_found", f"There is no {what} at this address.",
                   "Look for it among the agreements: ids change when two agreements are merged.")


def invalid(errors: Sequence[Any]) -> Problem:
    """Parameters that are not understood, from the errors that FastAPI found; what was sent is not repeated."""
    wrong = "; ".join(f"{error['loc'][-1]}: {str(error['msg']).removeprefix('Value error, ')}" for error in errors[:5])
    return Problem(400, "invalid_parameter", f"A parameter is not understood. {wrong[:500]}.",
                   "Correct it or leave it out; /api/openapi.json says what each may be.")


UNAVAILABLE = Problem(503, "database_unavailable", "The database does not answer.",
                      "Try again in a minute. If it lasts, look at the log of `sayso web` and check SAYSO_DATABASE_URL.",
                      headers={"Retry-After": "60"})

BROKEN = Problem(500, "internal_error", "Something broke while this answer was made.",
                 "Try again; if it happens again, send the log of `sayso web` to whoever runs this service.")


def of_status(status: int) -> Problem:
    """The problem for a bare HTTP status that the framework raised."""
    if status == 404:
        return Problem(404, "not_found", "There is no page at this address.", "Start from the agreements.")
    return Problem(status, "refused", f"The request was refused with status {status}.", "Start from the agreements.")
