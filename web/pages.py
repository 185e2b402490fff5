"""Pages for people: the agreements, one agreement, an article with its evidence, the sources. They work without scripts."""

from typing import Annotated

from fastapi import FastAPI, Query, Response
from fastapi.responses import HTMLResponse

from store import counts, evidence, readings
from store.clocks import clocks_of
from store.database import Database
from store.versions import edit_of
from web.marking import Mark, paragraphs, runs
from web.positions import positions
from web.problems import not_found
from web.rendering import ICON, STYLESHEET, Renderer, address
from web.search import matcher
from web.timeline import timeline

PAGE_SIZE = 25
MAX_PAGE = 800             # times the page size: as far as a search looks (`readings.SCAN_LIMIT`)
STATEMENTS_PER_PAGE = 100
DRAWN = 500                # statements in a timeline; more than that no eye tells apart
FINDINGS_SHOWN = 50        # of one agreement: more pairs of sides than any agreement has had
KEPT_FOR = {"Cache-Control": "public, max-age=31536000, immutable"}   # its address has its version

Name = Annotated[str, Query(max_length=60)]
Words = Annotated[str, Query(max_length=100)]
Number = Annotated[int, Query(ge=1, le=MAX_PAGE)]


class Pages:
    """The pages over one database."""

    def __init__(self, database: Database, renderer: Renderer) -> None:
        """Every request opens a session of its own and closes it before anything is rendered."""
        self._database = database
        self._renderer = renderer

    def agreements(self, side: Name = "", kind: Name = "", words: Words = "", contradicted: bool = False,
                   page: Number = 1) -> HTMLResponse:
        """The agreements that changed last, with every side's stance."""
        wanted = words.strip()
        with self._database.reading() as session:
            found = readings.agreements(
                session, side=side or None, kind=kind or None, contradicted=contradicted,
                matches=matcher(wanted) if wanted else None, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
            clashes = evidence.contradictions(session, agreements=[row.id for row in found.items], limit=PAGE_SIZE * 4)
            sides, kinds, extent = readings.sides(session), readings.kinds(session), counts.extent(session)
        about: dict[str, list[evidence.FindingReading]] = {}
        for clash in clashes.items:
            about.setdefault(clash.finding.agreement_id, []).append(clash)
        asked = {"side": side, "kind": kind, "words": wanted, "contradicted": contradicted}
        return self._renderer.page(
            "agreements.html", found=found.items, clashes=about, sides=sides, kinds=kinds, extent=extent, asked=asked,
            narrowed=any(asked.values()), number=page, page_size=PAGE_SIZE,
            newer=address("/", **asked, page=page - 1 if page > 2 else None) if page > 1 else None,
            older=address("/", **asked, page=page + 1) if found.more and page < MAX_PAGE else None,
        )

    def agreement(self, agreement_id: str, page: Number = 1) -> HTMLResponse:
        """One agreement: who contradicts whom, every side's way there, and all that was said."""
        with self._database.reading() as session:
            found = readings.agreement(session, agreement_id)
            if found is None:
                raise not_found("agreement")
            clashes = evidence.contradictions(session, agreements=[found.id], limit=FINDINGS_SHOWN)
            turns = evidence.reversals(session, agreements=[found.id], limit=FINDINGS_SHOWN)
            drawn = evidence.statements(session, agreement=found.id, limit=DRAWN)
            said = evidence.statements(session, agreement=found.id, limit=STATEMENTS_PER_PAGE,
                                       offset=(page - 1) * STATEMENTS_PER_PAGE)
            waiting = {clock.side: clock for clock in clocks_of(session, found.id)}
        stood = positions(found.parties, found.standings, drawn.items)
        here = f"/agreements/{found.id}"
        return self._renderer.page(
            "agreement.html", agreement=found, waiting=waiting, clashes=clashes.items, reversals=turns.items, stood=stood,
            drawing=timeline(drawn.items, [position.side for position in stood]), statements=said.items, number=page,
            newer=address(here, page=page - 1 if page > 2 else None) + "#statements" if page > 1 else None,
            older=address(here, page=page + 1) + "#statements" if said.more and page < MAX_PAGE else None,
        )

    def article(self, article_id: str, statement: Name = "") -> HTMLResponse:
        """An article's text with its evidence marked; `statement` is the one that somebody came to see."""
        with self._database.reading() as session:
            found = readings.article(session, article_id)
            if found is None:
                raise not_found("article")
            said = evidence.statements(session, article=found.id, limit=STATEMENTS_PER_PAGE)
            edit = edit_of(session, found.id)
        marks = {where: [Mark(one.start, one.end, one.evidence.statement_id) for one in said.items if one.in_title is where]
                 for where in (True, False)}
        return self._renderer.page(
            "article.html", article=found, changes=edit.changes if edit else [], statements=said.items, chosen=statement,
            missing=bool(statement) and all(one.evidence.statement_id != statement for one in said.items),
            title=runs(found.title, marks[True]), text=paragraphs(found.text or "", marks[False]),
        )

    def sources(self) -> HTMLResponse:
        """The sources that are followed, and how the last look at each ended."""
        with self._database.reading() as session:
            found = readings.sources(session)
        return self._renderer.page("sources.html", sources=found)

    @staticmethod
    def stylesheet() -> Response:
        """The one stylesheet."""
        return Response(STYLESHEET, media_type="text/css", headers=KEPT_FOR)

    @staticmethod
    def icon() -> Response:
        """The mark in the browser's tab."""
        return Response(ICON, media_type="image/svg+xml", headers=KEPT_FOR)


def add_pages(app: FastAPI, database: Database, renderer: Renderer) -> None:
    """Give `app` all pages."""
    pages = Pages(database, renderer)
    for path, endpoint in (
        ("/", pages.agreements), ("/agreements/{agreement_id}", pages.agreement), ("/articles/{article_id}", pages.article),
        ("/sources", pages.sources), ("/static/sayso.css", pages.stylesheet), ("/static/sayso.svg", pages.icon),
    ):
        app.add_api_route(path, endpoint, include_in_schema=False)
