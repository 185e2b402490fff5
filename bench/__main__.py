"""`python -m bench [NAME ...]`: run the benches, show their rows as a table and write them down.

A bench is a file in this folder with a function `rows() -> Iterable[Row]`. results.json is the plain list of rows, which
any tool reads as a table; the machine and the date stand beside it in results.meta.json. Both are about the last run.
"""

import argparse
import importlib.util
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bench.rows import Row
from logs import configure_logging

HERE = Path(__file__).parent
NO_BENCH = {"postgres", "rows"}
WIDTH = 140       # of the table where it goes to a file


class BenchError(Exception):
    """A bench that there is not, or a file that is none."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for: 0 when every bound is kept, 1 when one is not or a bench failed, 2 when it was asked wrongly."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Sayso beside plain alternatives.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the benches to run; all without any")
    parser.add_argument("--folder", type=Path, default=HERE, help="where the benches lie, and results.json is written")
    options = parser.parse_args(arguments)
    console, errors = Console(width=None if sys.stdout.isatty() else WIDTH), Console(stderr=True)
    try:
        chosen = benches(options.folder, options.names)
    except BenchError as error:
        errors.print(f"[red]bench:[/red] {error}", highlight=False)
        return 2
    results: list[tuple[str, Row]] = []
    failed: list[str] = []
    for name, path in chosen.items():
        began = time.monotonic()
        try:
            with errors.status(f"Measuring {name} …"):
                results.extend((name, row) for row in measure(name, path))
        except Exception:  # one bench that fails must not take the others' figures with it; it is shown, and the exit code tells
            errors.print_exception()
            failed.append(name)
        else:
            errors.print(f"{name}: measured in {time.monotonic() - began:.0f} s", highlight=False)
    console.print(table(results))
    write(options.folder, results)
    for name in failed:
        errors.print(f"[red]{name} failed[/red] and has no rows", highlight=False)
    return 1 if failed or not all(row.ok for _, row in results) else 0


def benches(folder: Path, names: Sequence[str] = ()) -> dict[str, Path]:
    """The benches in `folder` by name, or those of `names` in their order. Raises BenchError for a name that is none."""
    known = {path.stem: path for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_") and path.stem not in NO_BENCH}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BenchError(f"no bench {', '.join(unknown)}: choose from {', '.join(known) or 'none at all'}")
    return {name: known[name] for name in names} if names else known


def measure(name: str, path: Path) -> list[Row]:
    """Run one bench. Raises BenchError where the file has no `rows()`, and whatever the bench raises."""
    spec = importlib.util.spec_from_file_location(f"bench.{name}", path)
    if spec is None or spec.loader is None:
        raise BenchError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module      # dataclasses and pickling look their module up there
    spec.loader.exec_module(module)
    rows = getattr(module, "rows", None)
    if not callable(rows):
        raise BenchError(f"{path} has no function rows(): give it one that yields Row, or name the file with a leading _")
    return list(rows())


def table(results: Iterable[tuple[str, Row]]) -> Table:
    """The rows for a terminal."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ("bench", "name"):
        shown.add_column(head)
    for head in ("value", "reference", "ratio"):
        shown.add_column(head, justify="right", no_wrap=True)
    shown.add_column("unit", no_wrap=True)
    shown.add_column("bound", no_wrap=True)
    shown.add_column("ok")
    before = ""
    for bench, row in results:
        reference, ratio = (("-", "-") if row.ratio is None else (_number(row.reference), f"{row.ratio:.2f} ×"))
        verdict = "[green]yes[/green]" if row.ok else "[bold red]NO[/bold red]"
        shown.add_row("" if bench == before else bench, row.name, _number(row.value), reference, ratio, row.unit, row.bound, verdict)
        before = bench
    return shown


def write(folder: Path, results: Iterable[tuple[str, Row]]) -> None:
    """Write results.json (the list of rows) and results.meta.json (`machine`, `date`), each in one step."""
    rows = [{"bench": bench, **asdict(row)} for bench, row in results]
    beside = {"machine": machine(), "date": datetime.now(UTC).isoformat(timespec="seconds")}
    for name, value in (("results.json", rows), ("results.meta.json", beside)):
        unfinished = folder / f"{name}.part"
        unfinished.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        unfinished.replace(folder / name)


def machine() -> dict[str, Any]:
    """What the figures were measured on: processor, usable cores, memory, system and Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else None
    return {
        "processor": _processor(),
        "cores": cores,
        "memory_gib": None if memory is None else round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    """Linux tells the model in /proc/cpuinfo only; elsewhere the platform module knows."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    configure_logging(level=logging.WARNING)     # an event for every page would drown the table
    sys.exit(main())
