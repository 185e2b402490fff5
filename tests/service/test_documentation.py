"""What a person can set, call or run stands in the docs, or this fails."""

import re
import subprocess
from pathlib import Path

import typer

from cli import app
from settings import Settings

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`SAYSO_{name.upper()}`" not in text]
    assert not missing


def test_every_command_is_documented_and_says_what_it_does() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert command.help, name
        assert f"sayso {name}" in text, name
        for inner, sub in getattr(command, "commands", {}).items():
            assert sub.help, inner
            assert f"sayso {name} {inner}" in text, f"{name} {inner}"


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^ {4}|`)make ([\w-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets


def test_ci_calls_the_readmes_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines == ["#!/usr/bin/env bash", "exec make test"]


def test_nothing_names_a_package_registry_or_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    registries = re.compile(r"https?://[^\s\"')]*(?:py" r"pi|python" r"hosted|npm" r"js)")
    found = [name for name in tracked if name and (ROOT / name).is_file() and (ROOT / name).suffix not in {".png"}
             and registries.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))]
    assert not found


def test_the_lock_pins_by_hash_and_names_no_index() -> None:
    for name in ("requirements.lock", "models.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(r"^[a-z][\w.-]*==", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "index-url" not in text
