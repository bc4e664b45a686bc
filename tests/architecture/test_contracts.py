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

# room, planted line, the contract that must break
PLANTED = [
    ("core", "import app.services", "rooms"),
    ("services", "import app.web", "rooms"),
    ("web", "import app.cli", "rooms"),
    ("charts", "import app.storage", "rooms"),
    ("services", "import flask", "http"),
    ("jobs", "import wtforms", "http"),
    ("services", "import sqlalchemy", "sql"),
    ("web", "import alembic", "sql"),
    ("document", "import weasyprint", "paper"),
    ("services", "import xlsxwriter", "files"),
    ("charts", "import yaml", "pure-drawing"),
    ("core", "import yaml", "core"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom, outside packages included."""
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


def test_the_import_contracts_hold() -> None:
    checked = _lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout


def test_planted_imports_break_their_contracts(tmp_path: Path) -> None:
    _copy_to(tmp_path)
    for number, (room, line, _) in enumerate(PLANTED):
        _plant(tmp_path / "app" / room / f"planted_{number}.py", line)
    checked = _lint_imports(tmp_path)
    assert checked.returncode == 1, checked.stdout
    broken = _broken(checked.stdout)
    kept = [
        (room, line, contract)
        for number, (room, line, contract) in enumerate(PLANTED)
        if f"app.{room}.planted_{number} -> " not in broken.get(contract, "")
    ]
    assert kept == [], checked.stdout


def test_a_room_without_a_place_breaks_the_order(tmp_path: Path) -> None:
    _copy_to(tmp_path)
    _plant(tmp_path / "app" / "elsewhere" / "__init__.py", "")
    checked = _lint_imports(tmp_path, "--contract", "rooms")
    assert checked.returncode == 1, checked.stdout
    assert "app.elsewhere" in _broken(checked.stdout)["rooms"]


def test_every_contract_was_tried() -> None:
    assert {contract for _, _, contract in PLANTED} == set(_contracts())


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


def _contracts() -> dict[str, str]:
    """Return the title of every contract."""
    written = (ROOT / "setup.cfg").read_text("utf-8")
    return dict(re.findall(r"^\[importlinter:contract:(.+)\]\nname = (.+)$", written, re.MULTILINE))


def _broken(told: str) -> dict[str, str]:
    """Return what is told of every broken contract."""
    titles = {title: contract for contract, title in _contracts().items()}
    parts = re.split(r"^(.+)\n-+\n", told.partition("Broken contracts")[2], flags=re.MULTILINE)
    return {titles[title]: text for title, text in zip(parts[1::2], parts[2::2], strict=True) if title in titles}


def _copy_to(folder: Path) -> None:
    left_out = shutil.ignore_patterns("static", "templates", "__pycache__")
    shutil.copytree(ROOT / "app", folder / "app", ignore=left_out)
    shutil.copy(ROOT / "setup.cfg", folder)


def _plant(module: Path, line: str) -> None:
    module.parent.mkdir(exist_ok=True)
    module.write_text(f'"""Planted."""\n{line}\n', "utf-8")


def _lint_imports(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache", "--no-logo", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
