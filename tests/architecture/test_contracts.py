"""The import contracts of setup.cfg hold, and each of them really refuses what it is there to refuse."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.sources import ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# planted line -> the contract that must break
PLANTED = [
    ("core/planted.py", "import app.services", "rooms"),
    ("services/planted.py", "import app.web", "rooms"),
    ("web/planted.py", "import app.cli", "rooms"),
    ("charts/planted.py", "import app.storage", "rooms"),
    ("elsewhere/__init__.py", "", "rooms"),  # a room that has no place in the order
    ("services/planted.py", "import flask", "http"),
    ("jobs/planted.py", "import wtforms", "http"),
    ("services/planted.py", "import sqlalchemy", "sql"),
    ("web/planted.py", "import alembic", "sql"),
    ("document/planted.py", "import weasyprint", "paper"),
    ("services/planted.py", "import xlsxwriter", "files"),
    ("charts/planted.py", "import yaml", "pure-drawing"),
    ("core/planted.py", "import yaml", "core"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom, outside packages included."""
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


def test_the_import_contracts_hold() -> None:
    checked = _lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(("module", "line", "contract"), PLANTED)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("static", "templates", "__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    planted = tmp_path / "app" / module
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f'"""Planted."""\n{line}\n', "utf-8")
    checked = _lint_imports(tmp_path, "--contract", contract)
    assert checked.returncode == 1, checked.stdout
    assert "BROKEN" in checked.stdout
    assert "app." + module.partition("/")[0] in checked.stdout


def test_every_contract_was_tried() -> None:
    contracts = set(
        re.findall(r"^\[importlinter:contract:(.+)\]$", (ROOT / "setup.cfg").read_text("utf-8"), re.MULTILINE)
    )
    assert {contract for _, _, contract in PLANTED} == contracts


def test_nobody_imports_the_package_app_itself(graph: grimp.ImportGraph) -> None:
    assert graph.find_modules_that_directly_import("app") == set()


def test_core_knows_the_standard_library_and_numbers_only(graph: grimp.ImportGraph) -> None:
    allowed = {"app", "numpy", "scipy", *sys.stdlib_module_names}
    strangers = {
        f"{importer} imports {imported}"
        for importer in graph.find_descendants("app.core")
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.partition(".")[0] not in allowed
    }
    assert strangers == set()


def test_only_bootstrap_puts_the_parts_together(graph: grimp.ImportGraph) -> None:
    assert graph.find_modules_that_directly_import("app.bootstrap") <= {"app"}


def _lint_imports(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache", "--no-logo", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
