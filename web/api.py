"""The JSON API, `/api/v1`: agreements, contradictions and statements for programs. Reading only, in bounded pages."""

from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Path, Query
from pydantic import AfterValidator

from extract.statement import Stance
from store import evidence, readings
from store.clocks import clocks_of
from store.database import Database
from web import answers
from web.problems import ErrorAnswer, not_found
from web.rendering import address
from web.search import matcher
from web.wording import iso

MAX_LIMIT = 200
MAX_OFFSET = 20_000        # walking on costs the database every row before; `since` and `side` narrow instead
FOUND_OF_ONE = 50          # contradictions and reversals inside one agreement's answer


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone: end it with Z")
    return moment


SideCode = Annotated[str | None, Query(max_length=60, description="A side: US, GT, EU, or a name such as hamas.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many to answer with.")]
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET, description="How many to pass over; `next` has it right.")]
Since = Annotated[datetime | None, AfterValidator(lambda moment: moment and _aware(moment)),
                  Query(description="Nothing before this instant, such as 2025-06-27T00:00:00Z.")]
AgreementId = Annotated[str | None, Query(max_length=64, description="Id of an agreement.")]

ERRORS: dict[int | str, dict[str, object]] = {
    400: {"model": ErrorAnswer, "description": "A parameter is not understood."},
    404: {"model": ErrorAnswer, "description": "There is no such thing."},
    503: {"model": ErrorAnswer, "description": "The database does not answer."},
}


class Api:
    """The answers over one database; `public_url` is put before every path that is given out."""

    def __init__(self, database: Database, public_url: str) -> None:
        """Every request opens a session of its own and closes it before the answer is built."""
        self._database = database
        self._public_url = public_url

    def agreements(self, *, side: SideCode = None,
                   kind: Annotated[str | None, Query(max_length=60, description="A kind: asylum, ceasefire, trade.")] = None,
                   contradicted: Annotated[bool, Query(description="Only those that sides contradict each other on.")] = False,
                   words: Annotated[str, Query(max_length=100, description="Words in its label, names or parties.")] = "",
                   limit: Limit = 50, offset: Offset = 0) -> answers.Agreements:
        """Agreements, the last changed first, each with every side's present stance."""
        matches = matcher(words) if words.strip() else None
        with self._database.reading() as session:
            found = readings.agreements(session, side=side, kind=kind, contradicted=contradicted, matches=matches,
                                        offset=offset, limit=limit)
        following = self._next("agreements", found.more, limit, offset, side=side, kind=kind, contradicted=contradicted,
                               words=words)
        return answers.Agreements(items=[answers.agreement(one, self._address) for one in found.items], next=following)

    def agreement(self, agreement_id: Annotated[str, Path(max_length=64)]) -> answers.AgreementInFull:
        """One agreement, with its contradictions and reversals in full."""
        with self._database.reading() as session:
            found = readings.agreement(session, agreement_id)
            if found is None:
                raise not_found("agreement")
            clashes = evidence.contradictions(session, agreements=[found.id], limit=FOUND_OF_ONE)
            turns = evidence.reversals(session, agreements=[found.id], limit=FOUND_OF_ONE)
            waiting = clocks_of(session, found.id)
        return answers.in_full(found, clashes.items, turns.items, waiting, self._address)

    def contradictions(self, *, side: SideCode = None, agreement: AgreementId = None, since: Since = None,
                       limit: Limit = 50, offset: Offset = 0) -> answers.Contradictions:
        """Contradictions, the last opened first, each with both sentences. `since` compares when it was opened."""
        with self._database.reading() as session:
            found = evidence.contradictions(session, side=side, agreements=[agreement] if agreement else None, since=since,
                                            offset=offset, limit=limit)
        following = self._next("contradictions", found.more, limit, offset, side=side, agreement=agreement, since=_said(since))
        return answers.Contradictions(items=[answers.contradiction(one, self._address) for one in found.items], next=following)

    def statements(self, *, side: SideCode = None,
                   stance: Annotated[Stance | None, Query(description="What is said.")] = None,
                   agreement: AgreementId = None, since: Since = None, limit: Limit = 50,
                   offset: Offset = 0) -> answers.Statements:
        """Statements, the last said first. `since` compares when the article was published."""
        with self._database.reading() as session:
            found = evidence.statements(session, side=side, stance=stance, agreement=agreement, since=since, offset=offset,
                                        limit=limit)
        following = self._next("statements", found.more, limit, offset, side=side, stance=stance, agreement=agreement,
                               since=_said(since))
        return answers.Statements(items=[answers.statement(one, self._address) for one in found.items], next=following)

    def _address(self, path: str) -> str:
        return self._public_url + path

    def _next(self, noun: str, more: bool, limit: int, offset: int, **asked: object) -> str | None:
        if not more or offset + limit > MAX_OFFSET:
            return None
        return self._address(address(f"/api/v1/{noun}", **asked, limit=limit, offset=offset + limit))


def add_api(app: FastAPI, database: Database, public_url: str) -> None:
    """Give `app` the API's first version."""
    api = Api(database, public_url)
    for path, endpoint, answer in (
        ("/agreements", api.agreements, answers.Agreements),
        ("/agreements/{agreement_id}", api.agreement, answers.AgreementInFull),
        ("/contradictions", api.contradictions, answers.Contradictions),
        ("/statements", api.statements, answers.Statements),
    ):
        app.add_api_route(f"/api/v1{path}", endpoint, response_model=answer, responses=ERRORS, tags=["v1"])


def _said(since: datetime | None) -> str | None:
    return iso(since) if since else None
