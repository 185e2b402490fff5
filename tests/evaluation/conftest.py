"""The cases, the made-up answers and the reference scorer for the tests of this room."""

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def _module(path: Path) -> ModuleType:
    """The file beside this one as a module; `golden.py` imports its neighbour by its plain name, as a script does."""
    if path.stem in sys.modules:
        return sys.modules[path.stem]
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


fake_answers = _module(HERE / "fake_answers.py")
golden = _module(HERE / "golden.py")


@pytest.fixture(scope="session")
def cases_dir() -> Path:
    """The cases that are shipped."""
    return HERE.parent / "cases"


@pytest.fixture(scope="session")
def fakes() -> ModuleType:
    """The made-up answers (fake_answers.py)."""
    return fake_answers


@pytest.fixture(scope="session")
def golden_figures() -> dict[str, Any]:
    """What the reference scorer made of them (golden.json)."""
    figures: dict[str, Any] = json.loads((HERE / "golden.json").read_text(encoding="utf-8"))
    return figures


@pytest.fixture(scope="session")
def reference() -> Any:
    """The reference scorer, where it lies beside the project: a function of folder, analyse, mode and language."""
    path = Path(os.environ.get("SAYSO_SCORER", ROOT.parent / "shared" / "eval" / "score.py"))
    if not path.is_file():
        pytest.skip("no reference scorer beside the project: set SAYSO_SCORER to its score.py")
    module = golden.scorer(path)

    def figures(*args: Any, **named: Any) -> dict[str, Any]:
        result: dict[str, Any] = golden.reference_figures(module, *args, **named)
        return result

    figures.module = module  # type: ignore[attr-defined]
    return figures


@pytest.fixture(scope="session")
def golden_dir(cases_dir: Path, golden_figures: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped cases that the golden figures are about, and no later ones."""
    folder = tmp_path_factory.mktemp("golden")
    for name in golden_figures["cases"]:
        (folder / f"{name}.yaml").write_bytes((cases_dir / f"{name}.yaml").read_bytes())
    return folder
