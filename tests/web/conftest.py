"""A small corpus for the pages: the story of the asylum agreements of June 2025, retold, with a quarrel and a quiet memorandum.

The outlets are invented and every quotation was composed for these tests. Nothing here may be cited.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import Session, SQLModel

from store.agreements import Agreement
from store.alerts import Alert
from store.articles import Article
from store.database import Database
from store.findings import Contradiction, Reversal
from store.health import Heartbeat
from store.keys import AgreementParty
from store.sources import Source
from store.statements import StatementRow
from store.subscriptions import Subscription
from store.types import row_id
from web.app import create_app

NOW = datetime(2025, 6, 27, 18, 0, tzinfo=UTC)


@dataclass
class Corpus:
    """Rows, added the way the pipeline leaves them behind."""

    session: Session

    def source(self, key: str, name: str, *, kind: str = "outlet", side: str | None = None, language: str = "en",
               **columns: object) -> None:
        """A source that was looked at four minutes ago."""
        values = {"follow": "feed", "url": f"https://{key}.example/feed.xml", "checked_at": NOW - timedelta(minutes=4),
                  "next_check_at": NOW + timedelta(minutes=11), "outcome": "not_modified", **columns}
        self.session.add(Source(id=key, name=name, kind=kind, side=side, languages=[language], **values))
        self.session.flush()

    def article(self, key: str, source: str, at: datetime, title: str, text: str | None, *, language: str = "en",
                **columns: object) -> Article:
        """A judged article with statements, unless `columns` say otherwise."""
        values = {"stage": "judged", "outcome": "statements", "url": f"https://{source}.example/{key}", **columns}
        row = Article(id=row_id(key, 1), source_id=source, title=title, text=text, language=language, published_at=at,
                      fetched_at=at + timedelta(minutes=6), **values)
        self.session.add(row)
        self.session.flush()
        return row

    def agreement(self, key: str, label: str, kind: str, parties: list[str], names: list[str], first: datetime,
                  last: datetime) -> str:
        """An agreement with its index of parties; its id."""
        agreement_id = row_id("agreement", key)
        self.session.add(Agreement(id=agreement_id, label=label, kind=kind, parties=sorted(parties), names=names,
                                   first_at=first, last_at=last))
        self.session.flush()
        self.session.add_all(AgreementParty(agreement_id=agreement_id, side=side, last_at=last) for side in parties)
        return agreement_id

    def say(self, article: Article, agreement_id: str | None, side: str, stance: str, speaker: str, quote: str,
            **columns: object) -> str:
        """A statement whose evidence is `quote` where the article has it; its id."""
        in_title = quote not in (article.text or "")
        held = article.title if in_title else article.text
        start = (held or "").index(quote)
        statement_id = row_id(article.id, side, stance, quote, agreement_id)
        values = {"position": start, "role": None, "confidence": 0.91, "kind": "asylum", "parties": [], "names": [],
                  "reasons": [f"“{speaker}” is the speaker of the sentence", f"the cue puts it to the side as {stance}"],
                  "identity_reason": "same parties and kind, and its window touches", **columns}
        self.session.add(StatementRow(
            id=statement_id, article_id=article.id, speaker=speaker, side=side, stance=stance, evidence_start=start,
            evidence_end=start + len(quote), in_title=in_title, quote=quote, agreement_key="k1", agreement_id=agreement_id,
            said_at=article.published_at, **values))
        self.session.flush()
        return statement_id

    def contradict(self, agreement_id: str, first: str, second: str, sides: tuple[str, str], at: datetime,
                   **columns: object) -> str:
        """A contradiction between two statements; its id."""
        key = row_id("contradiction", agreement_id, *sides)
        self.session.add(Contradiction(
            id=key, agreement_id=agreement_id, confirming_side=sides[0], denying_side=sides[1], confirming_statement=first,
            denying_statement=second, confidence=0.9, opened_at=at, updated_at=at,
            reason=f"{sides[0]} confirms and {sides[1]} denies the same agreement within 60 days.", **columns))
        return key


def tell_story(session: Session) -> None:
    """Fill `session` with the whole corpus."""
    corpus = Corpus(session)
    corpus.source("us-dhs", "U.S. Department of Homeland Security", kind="press_office", side="US")
    corpus.source("gt-scspr", "Secretaría de Comunicación Social de la Presidencia", kind="press_office", side="GT",
                  language="es")
    corpus.source("hn-relaciones", "Secretaría de Relaciones Exteriores de Honduras", kind="press_office", side="HN",
                  language="es", follow="listing", outcome="server_error", failures=4, url="https://hn-relaciones.example/prensa",
                  outcome_reason="The server answered 500 to https://hn-relaciones.example/prensa")
    corpus.source("isthmus", "The Isthmus Courier", interval=600)
    corpus.source("ceiba", "Diario La Ceiba", language="es", follow="sitemap", url="https://ceiba.example/sitemap.xml")
    corpus.source("tides", "Harbour Tides Weekly", outcome="no_new_pages")

    release = corpus.article(
        "release", "us-dhs", datetime(2025, 6, 26, 22, 40, tzinfo=UTC), "Secretary announces asylum cooperation agreements",
        "WASHINGTON – The United States has concluded asylum cooperation agreements with Honduras and with Guatemala, "
        "the Department announced today.\n\n“Honduras put its name to it, and so did Guatemala,” said Secretary of Homeland "
        "Security Kristi Noem. “Protection can be found closer to home.”\n\nIn Guatemala City the Secretary also signed a "
        "memorandum that starts a Joint Security Program at La Aurora International Airport.")
    communique = corpus.article(
        "comunicado", "gt-scspr", datetime(2025, 6, 27, 0, 15, tzinfo=UTC), "Comunicado sobre la visita de la secretaria Noem",
        "Guatemala, 26 de junio de 2025. A la población se informa:\n\nDurante la visita, el Gobierno no firmó ningún acuerdo "
        "de tercer país seguro ni convenio migratorio nuevo alguno. 🇬🇹\n\nSí se suscribió el memorando del Programa de "
        "Seguridad Conjunta, único instrumento de la fecha.", language="es")
    wire = corpus.article(
        "wire", "isthmus", datetime(2025, 6, 27, 1, 30, tzinfo=UTC),
        "Two countries will take asylum-seekers, Noem says; both say they signed nothing",
        "GUATEMALA CITY — Guatemala and Honduras have signed deals to receive people who seek asylum in the United States, "
        "Kristi Noem told reporters on Thursday.\n\nHours later immigration director Wilson Paz denied that Honduras had "
        "put its signature to any such agreement. The Honduran foreign ministry did not answer questions.\n\n"
        "Mexico has ruled out a safe third country agreement, its president said again this week.")
    paper = corpus.article(
        "diario", "ceiba", datetime(2025, 6, 27, 16, 5, tzinfo=UTC), "“De eso no hemos firmado nada”, responde Paz a Noem",
        "Tegucigalpa. El director de Migración, Wilson Paz, salió al paso de las declaraciones de Kristi Noem.\n\n“Un convenio "
        "de asilo no estuvo sobre la mesa”, dijo el funcionario.", language="es")
    talks = corpus.article(
        "terminos", "ceiba", datetime(2025, 6, 24, 13, 20, tzinfo=UTC), "Honduras y Estados Unidos hablan de asilo",
        "Tegucigalpa. Ambos países negocian los términos de un convenio de asilo, dijo la vicecanciller.", language="es")
    corpus.article("tide-tables", "tides", datetime(2025, 6, 27, 9, 0, tzinfo=UTC), "Tide tables for July", "High water at six.",
                   outcome="no_statements")
    corpus.article("broken", "ceiba", datetime(2025, 6, 27, 17, 0, tzinfo=UTC), "Galería de fotos", None, language=None,
                   outcome="no_text", outcome_reason="Nothing but pictures was left on the page.")
    corpus.article("fresh", "isthmus", NOW - timedelta(minutes=9), "Just in", None, stage="fetched", outcome=None)

    guatemala = corpus.agreement(
        "gt-asylum", "Guatemala–United States asylum agreement", "asylum", ["US", "GT"],
        ["asylum cooperation agreement", "safe third country agreement", "acuerdo de tercer país seguro", "convenio migratorio"],
        release.published_at, wire.published_at)
    honduras = corpus.agreement("hn-asylum", "Honduras–United States asylum agreement", "asylum", ["US", "HN"],
                                ["asylum cooperation agreement", "convenio de asilo"], talks.published_at, paper.published_at)
    memo = corpus.agreement("gt-mou", "Guatemala–United States mou agreement", "mou", ["US", "GT"],
                            ["Joint Security Program", "Programa de Seguridad Conjunta"], release.published_at,
                            communique.published_at)
    mexico = corpus.agreement("mx-asylum", "Mexico–United States asylum agreement", "asylum", ["US", "MX"],
                              ["safe third country agreement"], wire.published_at, wire.published_at)
    _state(corpus, (release, communique, wire, paper, talks), (guatemala, honduras, memo, mexico))


def _state(corpus: Corpus, articles: tuple[Article, ...], agreements: tuple[str, ...]) -> None:
    release, communique, wire, paper, talks = articles
    guatemala, honduras, memo, mexico = agreements
    secretary = {"role": "Secretary of Homeland Security"}
    director = {"role": "immigration director"}
    announced = "The United States has concluded asylum cooperation agreements with Honduras and with Guatemala"
    yes_gt = corpus.say(release, guatemala, "US", "confirms", "Department of Homeland Security", announced)
    yes_hn = corpus.say(release, honduras, "US", "confirms", "Department of Homeland Security", announced)
    corpus.say(release, guatemala, "US", "confirms", "Kristi Noem", "and so did Guatemala", **secretary)
    corpus.say(release, honduras, "US", "confirms", "Kristi Noem", "Honduras put its name to it", **secretary)
    corpus.say(release, memo, "US", "confirms", "Department of Homeland Security", "also signed a memorandum", kind="mou")
    no_gt = corpus.say(communique, guatemala, "GT", "denies", "Secretaría de Comunicación Social de la Presidencia",
                       "el Gobierno no firmó ningún acuerdo de tercer país seguro ni convenio migratorio nuevo alguno")
    corpus.say(communique, memo, "GT", "confirms", "Secretaría de Comunicación Social de la Presidencia",
               "Sí se suscribió el memorando del Programa de Seguridad Conjunta", kind="mou")
    deals = "Guatemala and Honduras have signed deals to receive people who seek asylum in the United States"
    corpus.say(wire, guatemala, "US", "confirms", "Kristi Noem", deals, **secretary)
    corpus.say(wire, honduras, "US", "confirms", "Kristi Noem", deals, **secretary)
    corpus.say(wire, honduras, "HN", "denies", "Wilson Paz",
               "denied that Honduras had put its signature to any such agreement", **director)
    corpus.say(wire, honduras, "HN", "no_comment", "Honduran foreign ministry", "did not answer questions")
    corpus.say(wire, mexico, "MX", "rejects", "the president of Mexico", "Mexico has ruled out a safe third country agreement")
    headline = corpus.say(paper, honduras, "HN", "denies", "Wilson Paz", "De eso no hemos firmado nada", **director)
    talked = corpus.say(talks, honduras, "HN", "negotiating", "vicecanciller", "Ambos países negocian los términos",
                        confidence=0.62)
    corpus.contradict(guatemala, yes_gt, no_gt, ("US", "GT"), communique.published_at)
    corpus.contradict(honduras, yes_hn, headline, ("US", "HN"), wire.published_at)
    corpus.session.add(Reversal(id=row_id("reversal", honduras), agreement_id=honduras, side="HN", before_statement=talked,
                                after_statement=headline, opened_at=paper.published_at,
                                reason="HN spoke of terms in the making and then said that nothing was signed."))
    _deliver(corpus, no_gt)


def _deliver(corpus: Corpus, finding: str) -> None:
    corpus.session.add(Subscription(id=1, name="Desk", channel="email", address="desk@paper.example", sides=[], kinds=[],
                                    findings=[], created_at=NOW - timedelta(days=9)))
    corpus.session.flush()
    for number, state in enumerate(["delivered", "delivered", "pending"]):
        corpus.session.add(Alert(id=row_id("alert", number), subscription_id=1, finding="contradiction", finding_id=finding,
                                 reason="follows everything", state=state, created_at=NOW - timedelta(hours=3),
                                 next_attempt_at=NOW + timedelta(minutes=5)))
    for name in ("crawler", "worker", "schedule"):
        corpus.session.add(Heartbeat(name=name, at=NOW - timedelta(seconds=20)))


@pytest.fixture
def now() -> datetime:
    """The present of every application under test: the evening of the story."""
    return NOW


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database with its tables."""
    opened = Database(f"sqlite:///{tmp_path / 'sayso.db'}")
    SQLModel.metadata.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def corpus(database: Database) -> Iterator[Corpus]:
    """Rows to add to the empty database; they are committed when the block is left by `corpus.session.commit()`."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield Corpus(session)


@pytest.fixture
def story(database: Database) -> Database:
    """The database with the whole story in it."""
    with Session(database.engine, expire_on_commit=False) as session:
        tell_story(session)
        session.commit()
    return database


class Client:
    """Asks an application in this process, one request after another, without a socket."""

    def __init__(self, app: FastAPI) -> None:
        """An error that the application does not handle comes back as its answer, as it would from a server."""
        self.app = app
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    def get(self, path: str) -> httpx.Response:
        """The answer to GET `path`."""
        return self.request("GET", path)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer to any request."""
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://sayso.test") as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], tuple[Corpus, Client]]]:
    """Makes further databases, each with a corpus to fill and a client of an application over it."""
    with ExitStack() as stack:
        def make() -> tuple[Corpus, Client]:
            opened = Database(f"sqlite:///{tmp_path / token_hex(4)}.db")
            stack.callback(opened.close)
            SQLModel.metadata.create_all(opened.engine)
            session = stack.enter_context(Session(opened.engine, expire_on_commit=False))
            return Corpus(session), Client(create_app(opened, clock=lambda: NOW))

        yield make


@pytest.fixture
def client(database: Database) -> Client:
    """A client of the application over the test's database, at 18:00 UTC on the day of the story."""
    return Client(create_app(database, clock=lambda: NOW))
