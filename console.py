"""What the commands say to the person who typed them, on standard error."""

from typing import NoReturn

import typer
from rich.console import Console

err = Console(stderr=True)


def fail(message: str, code: int = 2) -> NoReturn:
    """End the command with a message that says what to do."""
    err.print(f"[red]sayso:[/red] {message}")
    raise typer.Exit(code)
