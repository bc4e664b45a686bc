"""The files that the architecture tests look at. Knows where they lie, nothing about what they must hold."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
WEB = APP / "web"
CONTENT_FOLDERS = ("frameworks", "questionnaires", "reports")


def modules(*folders: str) -> list[Path]:
    """Return every Python file below these folders of the checkout."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def shipped_pages() -> list[Path]:
    """Return every template, style sheet, script and image of ours that a browser or a report is made of."""
    folders = (WEB / "templates", WEB / "static", APP / "reports", ROOT / "reports")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted(path for path in files if path.suffix not in (".py", ".pyc") and "vendor" not in path.parts)


def name_of(path: Path) -> str:
    """Return a file's path inside the checkout."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed source of a Python file."""
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a Python file's tree."""
    return tuple(ast.walk(tree_of(path)))


def forget() -> None:
    """Drop what was parsed: half a million values that every other test of the process would carry along."""
    tree_of.cache_clear()
    nodes_of.cache_clear()
