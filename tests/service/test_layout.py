"""Imports point down: the files beside the rooms, which import-linter cannot see, and the rooms toward them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# From the top of the house to its ground; what stands on one floor does not import its neighbours.
FLOORS = [{"cli"}, {"commands", "correcting"}, {"demo", "training"}, {"worker", "analysis", "corrections", "evaluation", "explanation", "labels", "reprocessing"}, {"clocks", "pipeline"}, {"placing"}, {"web"}, {"alerts", "crawler"}, {"store"}, {"ledger"}, {"extract"},
          {"addresses", "console", "crashpoint", "filequeue", "logs", "settings", "supervisor"}]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}
ONLY = {"celery": {"worker"}, "kombu": {"worker", "filequeue"}, "sqlmodel": {"store"}, "sqlalchemy": {"store"}, "scrapy": {"crawler"}, "twisted": {"crawler"},
        "fastapi": {"web"}, "starlette": {"web"}, "trafilatura": {"extract"}, "onnxruntime": {"extract", "training"}, "torch": {"training"}, "aiosmtpd": {"demo"}}
FILES = [path for name in FLOOR for path in ([ROOT / f"{name}.py"] if (ROOT / f"{name}.py").is_file() else sorted((ROOT / name).rglob("*.py")))]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_imports_only_from_floors_below_and_only_what_its_room_may_know(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for name in imported(path):
        if name in FLOOR and name != room:
            assert FLOOR[name] > FLOOR[room], f"{room} imports {name}"
        if name in ONLY:
            assert room in ONLY[name], f"{room} knows {name}"


def test_every_python_file_at_the_top_has_its_floor() -> None:
    assert {path.stem for path in ROOT.glob("*.py")} <= set(FLOOR)
