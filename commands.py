"""The commands that read texts: analyse, attributions, evaluate."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from console import err, fail
from logs import configure_logging


def analyse(
    articles: Annotated[Path, typer.Argument(help="One article a line (JSON; docs/analyse.md); - reads standard input.")],
    explain: Annotated[bool, typer.Option(help="Instead of JSON, each statement with the decisions that led to it, in words.")] = False,
) -> None:
    """Print the statements, agreements, contradictions and reversals in a file of articles, as one JSON object.

    Lines that cannot be used are named on standard error and skipped; the exit code is then 2.
    """
    import json

    from rich.progress import track

    from analysis import BadLine, parse_lines
    from analysis import analyse as analyse_articles

    configure_logging("console", level=30)
    try:
        lines = sys.stdin.readlines() if str(articles) == "-" else articles.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{articles}: {error}. Give a UTF-8 file with one JSON object a line.")
    parsed = list(parse_lines(lines))
    bad = [line for line in parsed if isinstance(line, BadLine)]
    for line in bad:
        sys.stderr.write(f"line {line.number}: {line.reason}\n")
    good = [line for line in parsed if not isinstance(line, BadLine)]
    shown = track(good, "Reading", console=err, transient=True) if err.is_terminal else good
    answer = analyse_articles(list(shown))
    if explain:
        _explain(answer)
    else:
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    if bad:
        raise typer.Exit(2)


def _explain(answer: dict[str, Any]) -> None:
    """Print each statement with its evidence and reasons, then who contradicts whom."""
    console = Console(highlight=False)
    labels = {agreement["id"]: agreement["label"] for agreement in answer["agreements"]}
    for number, statement in enumerate(answer["statements"]):
        console.print(f"[bold]{number}. {escape(statement['speaker'])} ({statement['side']}) {statement['stance']}[/bold]: "
                      f"{escape(labels[statement['agreement']])} · {statement['confidence']:.0%} · {escape(statement['article'])}")
        console.print(f"   “{escape(statement['evidence']['text'])}”")
        for reason in statement["reasons"]:
            console.print(f"   [dim]– {escape(reason)}[/dim]")
    for found in answer["contradictions"]:
        one, two = found["statements"]
        console.print(f"[red]{' and '.join(found['sides'])} contradict each other[/red] on {escape(labels[found['agreement']])}: {one} and {two}")
    if not answer["statements"]:
        console.print("No statement was found.")


def attributions(
    files: Annotated[list[Path], typer.Argument(help="Text files (UTF-8); - reads standard input.")],
    language: Annotated[str | None, typer.Option(help="en, es, fr or pt; detected if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False,
) -> None:
    """Print every attribution of a text, about agreements or not: who, by which words, says what, and whose side that is.

    Offsets are code points of the file, counted from 0.
    """
    import json
    from dataclasses import asdict

    from rich.table import Table

    from extract.attributed import attributions as read_attributions
    from extract.document import LANGUAGES, Document

    if language is not None and language not in LANGUAGES:
        fail(f"--language {language}: give one of {', '.join(LANGUAGES)}, or leave it out to have it detected.")
    console = Console()
    for file in files:
        try:
            text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
            found = list(read_attributions(Document("", text, language)))
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{file}: {error}. Give a UTF-8 text file.")
        except ValueError as error:
            fail(f"{file}: {error}.")
        if as_json:
            for one in found:
                sys.stdout.write(json.dumps({"file": str(file), **asdict(one)}, ensure_ascii=False) + "\n")
            continue
        table = Table("offset", "speaker", "side", "cue", "says", title=f"{file}: {len(found)} attributions", title_justify="left")
        for one in found:
            says = " … ".join(" ".join(text[part.start:part.end].split()) for part in one.content)
            cue = ("not " if one.negated else "") + text[one.cue.start:one.cue.end]
            table.add_row(str(one.cue.start), escape(one.speaker or "?"), one.side or "", f"{escape(cue)} [dim]({one.group})[/dim]", escape(says))
        console.print(table)


def evaluate(
    cases: Annotated[Path, typer.Argument(help="Folder of case files (YAML).")],
    show: Annotated[bool, typer.Option(help="List every miss and every false alarm.")] = False,
    markdown: Annotated[bool, typer.Option(help="Print the table as Markdown, for docs/accuracy.md.")] = False,
) -> None:
    """Score the reader and the ledger on cases with known answers, by language."""
    from rich.progress import Progress

    from analysis import analyse_lines
    from evaluation import CaseError
    from evaluation import evaluate as score

    configure_logging("console", level=30)
    try:
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            task = progress.add_task("Reading the cases", total=None)
            report = score(cases, analyse_lines, progress=lambda done, total: progress.update(task, completed=done, total=total))
    except CaseError as error:
        fail(str(error))
    if markdown:
        sys.stdout.write(report.markdown() + "\n")
        return
    console = Console()
    for table in report.tables():
        console.print(table)
    if show:
        for slip in report.slips("alone"):
            console.print(str(slip), markup=False, highlight=False, soft_wrap=True)
