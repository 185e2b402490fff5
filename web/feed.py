"""An Atom feed of findings (RFC 4287), for those who want no messages: contradictions and reversals, the last opened first."""

from typing import Annotated

from fastapi import FastAPI, Query, Response

from alerts.cleaning import one_line
from store import evidence
from store.database import Database
from store.evidence import FindingReading
from web.rendering import Renderer

ENTRIES = 50
QUOTE_LIMIT = 1500
MEDIA_TYPE = "application/atom+xml"


class Feed:
    """The feed over one database; `public_url` is where the pages are, without a slash."""

    def __init__(self, database: Database, renderer: Renderer, public_url: str) -> None:
        """Nothing is asked of the database before the first request."""
        self._database, self._renderer, self._public_url = database, renderer, public_url

    def findings(self, side: Annotated[str, Query(max_length=60, description="Only findings with this side.")] = "") -> Response:
        """The newest findings, each with both sentences; `side` narrows it to those that one side speaks in."""
        with self._database.reading() as session:
            opposed = evidence.contradictions(session, side=side or None, holding=True, limit=ENTRIES).items
            turned = evidence.reversals(session, side=side or None, limit=ENTRIES).items
        newest = sorted([*opposed, *turned], key=lambda found: (found.finding.opened_at, found.finding.id), reverse=True)[:ENTRIES]
        text = self._renderer.text("findings.atom", entries=newest, updated=max((_changed(found) for found in newest), default=None),
                                   home=self._public_url, side=one_line(side, 60), line=lambda words: one_line(words, QUOTE_LIMIT))
        return Response(text, media_type=MEDIA_TYPE)


def _changed(found: FindingReading) -> str:
    return max(found.finding.opened_at, found.updated_at).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_feed(app: FastAPI, database: Database, renderer: Renderer, public_url: str) -> None:
    """Give `app` the feed."""
    app.add_api_route("/findings.atom", Feed(database, renderer, public_url).findings, include_in_schema=False)
