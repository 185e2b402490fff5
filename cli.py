"""`sayso …`: the commands, for operators and analysts. Each one builds the settings and hands their values down."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

import commands
import correcting
from console import err, fail
from logs import configure_logging
from settings import Settings

if TYPE_CHECKING:
    from store.database import Database

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
    help="Who says there is an agreement, and who says there is none.\n\nSettings come from the environment as SAYSO_<NAME> (docs/settings.md). "
         "Try [bold]sayso demo[/bold] first.")
subscriptions = typer.Typer(no_args_is_help=True, help="Who hears what: list, add and remove subscriptions.")
sources = typer.Typer(no_args_is_help=True, help="The catalogue of press offices and outlets.")
app.add_typer(subscriptions, name="subscriptions")
app.add_typer(sources, name="sources")
exports = typer.Typer(no_args_is_help=True, help="What leaves the store as files.")
app.add_typer(exports, name="export")
alerts = typer.Typer(no_args_is_help=True, help="What was told to whom.")
app.add_typer(alerts, name="alerts")


def _database() -> "Database":
    return _upgrade(settings())


for _name, _group in correcting.commands(_database).items():
    app.add_typer(_group, name=_name)


def settings() -> Settings:
    """The settings from the environment; a mistake ends the command with its name and what was expected."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            err.print(f"[red]SAYSO_{'_'.join(map(str, problem['loc'])).upper()}[/red]: {problem['msg']} (see docs/settings.md)")
        raise typer.Exit(2) from error


@app.command()
def run() -> None:
    """Run crawler, worker and web together until Ctrl-C; each is started again when it dies.

    The embedded default needs no server: an SQLite file and a queue of files under SAYSO_HOME.
    """
    from supervisor import Supervisor

    given = settings()
    configure_logging(given.log_format)
    given.home.mkdir(parents=True, exist_ok=True)
    _upgrade(given)
    supervisor = Supervisor(dict(os.environ))
    for name in ("web", "worker", "crawler"):
        supervisor.add(name, name)
    supervisor.on_signals()
    supervisor.start()
    err.print(f"[bold]Sayso[/bold] runs. Pages: {given.public_url} · data: {given.home} · Ctrl-C ends it.")
    supervisor.watch()


@app.command()
def crawler(once: Annotated[bool, typer.Option(help="Look at each due source once, then end.")] = False) -> None:
    """Follow the sources that are due, and store new pages. Start as many as you like: they share the work."""
    from crawler.catalogue import CatalogueError, load
    from crawler.process import ContactMissing
    from crawler.process import run as crawl
    from store.sources import sync_sources
    from worker import page_stored

    given = settings()
    configure_logging(given.log_format)
    database = _upgrade(given)
    try:
        entries = load(given.sources or Path(__file__).parent / "sources")
    except CatalogueError as error:
        fail(str(error))
    with database.writing(lock="catalogue") as session:
        sync_sources(session, entries, datetime.now(UTC))
    database.close()
    try:
        crawl(given.database, contact=given.contact, allow_networks=given.allow_networks, delay=given.crawl_delay,
              page_stored=page_stored, once=once)
    except ContactMissing as error:
        fail(str(error))


@app.command()
def worker(
    schedule: Annotated[bool, typer.Option(help="Also run the schedule (the sweep). One worker in a fleet should; more do no harm.")] = True,
    name: Annotated[str, typer.Option(help="The worker's name in its logs.")] = "sayso@localhost",
) -> None:
    """Read pages, judge statements, deliver alerts."""
    import worker as tasks

    given = settings()
    _upgrade(given).close()
    tasks.run(processes=given.workers, schedule=schedule, name=name)


@app.command()
def web() -> None:
    """Serve the pages and the API."""
    import uvicorn

    from web.app import create_app

    given = settings()
    configure_logging(given.log_format)
    database = _upgrade(given)
    uvicorn.run(create_app(database, public_url=given.public_url), host=given.web_host, port=given.web_port, log_config=None, access_log=False,
                timeout_graceful_shutdown=10)


for command in (commands.analyse, commands.attributions, commands.evaluate):
    app.command()(command)


@app.command()
def explain(finding: Annotated[str, typer.Argument(help="The id of a contradiction or reversal, as alerts, pages and the API show it.")]) -> None:
    """Why a finding exists: each side's sentences, how they were read, and the rule that was applied."""
    from explanation import explain as show

    if not show(Console(), _upgrade(settings()), finding):
        fail(f"no finding {finding}: take the id from an alert, a page or /contradictions of the API")


@app.command()
def reprocess(
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Articles published on this day or later (UTC).")],
    source: Annotated[str | None, typer.Option(help="Only this source's articles: its id, from `sayso sources list`.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the change. Without it, it is only shown.")] = False,
    show: Annotated[int, typer.Option(min=0, help="How many examples of each change are printed.")] = 10,
) -> None:
    """Read stored articles again with the present reader, and print what that changes. Nobody is alerted."""
    from rich.progress import Progress

    from reprocessing import reprocess as again

    database = _upgrade(settings())
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("Reading again", total=None)
        found = again(database, since.replace(tzinfo=UTC), source, datetime.now(UTC), apply=apply,
                      progress=lambda done, total: progress.update(task, completed=done, total=total))
    console = Console(highlight=False)
    console.print(f"{found.articles} articles were read again.")
    for name in ("statements", "agreements", "findings"):
        change = getattr(found, name)
        console.print(f"[bold]{name}[/bold]: [green]{len(change.gained)} gained[/green], [red]{len(change.lost)} lost[/red]")
        for sign, colour, those in (("+", "green", change.gained), ("-", "red", change.lost)):
            for line in those[:show]:
                console.print(f"  [{colour}]{sign}[/{colour}] ", end="")
                console.print(line, markup=False)
    console.print("This is written." if found.applied else "Nothing is written. Write it: the same command with --apply.")


@app.command()
def demo(
    leave: Annotated[bool, typer.Option("--exit", help="End when all alerts were delivered: 0 if as expected, 1 if not.")] = False,
) -> None:
    """A recorded newsroom on this machine, from crawl to alert: two contradictions, told by mail and Slack."""
    Console().print("[bold]Sayso[/bold] opens a recorded newsroom on this machine and follows it: crawl, read, judge, tell.")
    from demo.run import run as run_demo

    raise typer.Exit(run_demo(leave=leave))


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision (each process does so at its start)."""
    given = settings()
    _upgrade(given).close()
    err.print(f"The database is up to date: {given.database.split('@')[-1]}")


@subscriptions.command("list")
def list_subscriptions() -> None:
    """Show every subscription."""
    from rich.table import Table

    from store.subscriptions import subscriptions as stored

    database = _upgrade(settings())
    with database.reading() as session:
        rows = stored(session)
    if not rows:
        err.print("No subscriptions yet. Add one: sayso subscriptions add NAME --email you@example.org")
        return
    table = Table("id", "name", "channel", "sides", "kinds", "findings", "from", "state", box=None, header_style="bold")
    for row in rows:
        table.add_row(str(row.id), row.name, row.channel, ", ".join(row.sides) or "all", ", ".join(row.kinds) or "all",
                      ", ".join(row.findings) or "all", f"{row.min_confidence:.0%}", "on" if row.enabled else f"off: {row.disabled_reason or ''}")
    Console().print(table)


@subscriptions.command("add")
def add_subscription(
    name: Annotated[str, typer.Argument(help="Whose it is, for you to recognise.")],
    email: Annotated[str | None, typer.Option(help="Deliver by mail to this address.")] = None,
    slack: Annotated[str | None, typer.Option(help="Deliver to this Slack incoming webhook.")] = None,
    webhook: Annotated[str | None, typer.Option(help="Deliver as signed JSON to this address (SAYSO_WEBHOOK_SECRET signs).")] = None,
    side: Annotated[list[str] | None, typer.Option(help="Only findings with this side (US, GT, EU, …); repeat for more.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind of agreement (asylum, ceasefire, …); repeat for more.")] = None,
    confidence: Annotated[float, typer.Option(min=0, max=1, help="Only findings at least this sure; 0 hears all.")] = 0.7,
) -> None:
    """Add a subscription for mail, for Slack, or for a program of yours."""
    from alerts import recipient
    from store.subscriptions import add_subscription as add

    chosen = {channel: to for channel, to in (("email", email), ("slack", slack), ("webhook", webhook)) if to is not None}
    if len(chosen) != 1:
        fail("give exactly one of --email, --slack and --webhook")
    given, ((channel, to),) = settings(), chosen.items()
    try:
        address = recipient.mail_address(to) if channel == "email" else recipient.webhook(to, given.allow_networks)
    except ValueError as error:
        fail(str(error))
    database = _upgrade(given)
    with database.writing() as session:
        row = add(session, name=name, channel=channel, address=address, now=datetime.now(UTC),
                  sides=[s.upper() if len(s) == 2 else s for s in side or []], kinds=kind or [], min_confidence=confidence)
    err.print(f"Subscription {getattr(row, 'id', row)} ({name}) is on.")


@subscriptions.command("remove")
def remove_subscription(number: Annotated[int, typer.Argument(help="Its id, from `sayso subscriptions list`.")]) -> None:
    """Turn a subscription off; what it was sent stays on record."""
    from store.subscriptions import disable_subscription

    database = _upgrade(settings())
    with database.writing() as session:
        disable_subscription(session, number, "removed by the operator")


@exports.command("labels")
def export_labels(folder: Annotated[Path, typer.Argument(help="Where the files go; made if it is not there.")]) -> None:
    """Write the agreements that a person corrected as cases with known answers, for `sayso evaluate` and for learning."""
    from labels import export

    written = export(_upgrade(settings()), folder)
    err.print(f"{len(written)} cases are in {folder}." if written else "Nothing was corrected yet: see `sayso corrections --help`.")


@alerts.command("why")
def alert_why(finding: Annotated[str, typer.Argument(help="The id of a contradiction or reversal.")],
              subscription: Annotated[int, typer.Argument(help="The subscription's id, from `sayso subscriptions list`.")]) -> None:
    """Why a subscription is told of a finding, or is not, and what became of the message."""
    from explanation import why_told

    if not why_told(Console(), _upgrade(settings()), finding, subscription, datetime.now(UTC)):
        fail(f"no finding {finding}, or no subscription {subscription}: see the pages and `sayso subscriptions list`")


@sources.command("list")
def list_sources() -> None:
    """Show the catalogue's sources."""
    from rich.table import Table

    from crawler.catalogue import CatalogueError, load

    try:
        entries = load(settings().sources or Path(__file__).parent / "sources")
    except CatalogueError as error:
        fail(str(error))
    table = Table("id", "name", "kind", "side", "follow", "address", box=None, header_style="bold")
    for entry in entries:
        table.add_row(entry.id, entry.name, str(entry.kind), entry.side or "", str(entry.follow), entry.url)
    Console().print(table)


def _upgrade(given: Settings) -> "Database":
    from store.database import Database
    from store.schema import upgrade

    if given.database_url is None:
        given.home.mkdir(parents=True, exist_ok=True)
    database = Database(given.database)
    upgrade(database)
    return database


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
