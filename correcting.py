"""The commands that correct the ledger: `sayso agreements|statements|contradictions|corrections …`.

Every correction asks for the reason, keeps who made it, and can be taken back by its number.
"""

import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from console import err, fail

if TYPE_CHECKING:               # the store is loaded when a command runs, so that `--help` does not wait for it
    from corrections import Person
    from store.corrections import Correction
    from store.database import Database

Open = Callable[[], "Database"]
Why = Annotated[str, typer.Option(help="The reason, for whoever looks at it later.")]
Who = Annotated[str, typer.Option(help="Who says so; the login name if not given.")]


def commands(database: Open) -> dict[str, typer.Typer]:
    """The groups of commands by name; `database` opens the store."""
    return {"agreements": _agreements(database), "statements": _statements(database), "contradictions": _contradictions(database),
            "corrections": _corrections(database)}


def _agreements(database: Open) -> typer.Typer:
    agreements = typer.Typer(no_args_is_help=True, help="Agreements: show one, merge two, split one, rename one.")

    @agreements.command("show")
    def show(agreement: Annotated[str, typer.Argument(help="Its id.")]) -> None:
        """Print an agreement, every statement on it with its id, and which party has answered the claim of it."""
        _show(database(), agreement)

    @agreements.command("merge")
    def merge(kept: Annotated[str, typer.Argument(help="The agreement that stays.")],
              other: Annotated[str, typer.Argument(help="The one that is the same.")], why: Why, who: Who = "") -> None:
        """Say that two agreements are one: the statements of the second go to the first, and so do all to come."""
        from corrections import merge as work

        _done(lambda: work(database(), kept, other, _person(who, why), datetime.now(UTC)))

    @agreements.command("split")
    def split(agreement: Annotated[str, typer.Argument(help="The agreement.")],
              statement: Annotated[list[str], typer.Option(help="A statement that is about another agreement; repeat for more.")],
              why: Why, who: Who = "") -> None:
        """Say that some statements of an agreement are about another one, which is opened for them."""
        from corrections import split as work

        _done(lambda: work(database(), agreement, statement, _person(who, why), datetime.now(UTC)))

    @agreements.command("rename")
    def rename(agreement: Annotated[str, typer.Argument(help="The agreement.")], label: Annotated[str, typer.Argument(help="Its new label.")],
               why: Why = "a better name", who: Who = "") -> None:
        """Give an agreement another label."""
        from corrections import rename as work

        _done(lambda: work(database(), agreement, label, _person(who, why), datetime.now(UTC)))

    return agreements


def _statements(database: Open) -> typer.Typer:
    statements = typer.Typer(no_args_is_help=True, help="Statements: say that one is none.")

    @statements.command("reject")
    def reject_statement(statement: Annotated[str, typer.Argument(help="Its id, as `sayso agreements show` prints it.")], why: Why,
                         who: Who = "") -> None:
        """Say that a statement is none: it stays on record, counts no more, and does not come back when its article is read again."""
        from corrections import reject_statement as work

        _done(lambda: work(database(), statement, _person(who, why), datetime.now(UTC)))

    return statements


def _contradictions(database: Open) -> typer.Typer:
    contradictions = typer.Typer(no_args_is_help=True, help="Contradictions and reversals: say that one is none.")

    @contradictions.command("reject")
    def reject_finding(finding: Annotated[str, typer.Argument(help="Its id, as alerts and pages show it.")], why: Why, who: Who = "") -> None:
        """Say that a contradiction or reversal is none: it is closed and never told again."""
        from corrections import reject_finding as work

        _done(lambda: work(database(), finding, _person(who, why), datetime.now(UTC)))

    return contradictions


def _corrections(database: Open) -> typer.Typer:
    corrections = typer.Typer(no_args_is_help=True, help="What was corrected: list it, undo it.")

    @corrections.command("list")
    def listed() -> None:
        """Show the last corrections, the newest first."""
        from store.corrections import corrections as made

        with database().reading() as session:
            rows = made(session)
        if not rows:
            err.print("Nothing was corrected yet.")
            return
        table = Table("number", "when", "who", "what", "of", "why", "", box=None, header_style="bold")
        for row in rows:
            table.add_row(str(row.id), f"{row.at:%Y-%m-%d %H:%M}", escape(row.who), row.action.replace("_", " "), row.subject, escape(row.why),
                          "undone" if row.undone_at else "")
        Console().print(table)

    @corrections.command("undo")
    def undo(number: Annotated[int, typer.Argument(help="Its number, from `sayso corrections list`.")]) -> None:
        """Take a correction back, with what it did."""
        from corrections import undo as work

        _done(lambda: work(database(), number, datetime.now(UTC)), "undone")

    return corrections


def _show(database: "Database", agreement: str) -> None:
    from extract.sides import side_name
    from store.clocks import clocks_of
    from store.evidence import statements as said
    from store.readings import agreement as reading

    with database.reading() as session:
        found, on = reading(session, agreement), said(session, agreement=agreement, limit=200).items
        waiting = clocks_of(session, agreement)
    if found is None:
        fail(f"no agreement {agreement}: take its id from a page or from /agreements of the API")
    table = Table("statement", "said", "side", "stance", "speaker", "sentence", title=escape(found.label), title_justify="left", box=None)
    for one in on:
        table.add_row(one.evidence.statement_id, f"{one.evidence.said_at:%Y-%m-%d}", one.evidence.side, one.evidence.stance,
                      escape(one.evidence.speaker), escape(one.evidence.quote))
    Console().print(table)
    for clock in waiting:
        words = f"{escape(side_name(clock.side, 'en'))}: [bold]{clock.answer}[/bold]. {escape(clock.reason)}"
        Console().print(words, highlight=False, soft_wrap=True)


def _person(who: str, why: str) -> "Person":
    from corrections import Person

    if not why.strip():
        fail("--why needs a reason: somebody will ask")
    try:
        return Person(who.strip() or getpass.getuser(), why.strip())
    except (KeyError, OSError):               # a container whose user has no name
        fail("--who needs a name: this system does not tell yours")


def _done(work: Callable[[], "Correction"], word: str = "made") -> None:
    from corrections import CorrectionError

    try:
        done = work()
    except CorrectionError as error:
        fail(str(error))
    err.print(f"Correction {done.id} ({done.action.replace('_', ' ')} {done.subject}) is {word}. Take it back: sayso corrections undo {done.id}"
              if word == "made" else f"Correction {done.id} is undone.")
