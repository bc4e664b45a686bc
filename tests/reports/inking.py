"""How much ink lies where on a page: a coarse picture that survives another version of a font engine, not a new layout.

`python -m tests.reports.inking` takes what is printed now as approved; look at the pages first.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.report import Paper
from tests.reports.specimen import set_specimen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.text import Locale

APPROVED = Path(__file__).parent / "approved"
RESOLUTION = 36  # dots per inch
CELL = 12  # dots
PAGES: dict[str, tuple[Locale, Paper, tuple[int, ...]]] = {
    "wide-zh": ("zh", Paper.WIDE, (1, 2, 3, 4)),
    "a4-en": ("en", Paper.A4, (1, 2, 4, 5)),
}
EXECUTIVE: dict[str, tuple[Locale, str, tuple[int, ...]]] = {  # the shipped report: message, overview, profile, pages
    "executive-zh": ("zh", "guangzhou-2003", (2, 4, 5, 8, 11)),
    "executive-en": ("en", "guangzhou-2003", (2, 4, 7, 9, 14)),
    "executive-empty-zh": ("zh", "fuzhou-2003", (3, 4, 5)),
}

Grid = list[list[float]]


@cache
def printed(locale: Locale, paper: Paper) -> bytes:
    """Return the specimen as PDF."""
    from app.reports.pressing import lay_out, write

    script = set_specimen(locale, paper)
    return write(lay_out(script.html, script.assets))


@cache
def executive(locale: Locale, case: str) -> bytes:
    """Return the shipped executive report of a shipped case as PDF."""
    from app.content.library import load_library
    from app.document.build import build_document
    from app.reports.pressing import lay_out, write
    from app.reports.typesetting import typeset
    from app.settings import CHECKOUT
    from tests.reports.conftest import TEMPLATES, gathered

    library = load_library(CHECKOUT)
    found = gathered(library, (case,), "foreign-carriers-2003")
    script = typeset(build_document(found, library.report("executive"), locale), TEMPLATES)
    return write(lay_out(script.html, script.assets))


def ink(pdf: bytes, page: int) -> Grid:
    """Return the share of black in every cell of a page, row by row."""
    told = subprocess.run(
        ["pdftoppm", "-r", str(RESOLUTION), "-gray", "-f", str(page), "-l", str(page), "-"],
        input=pdf,
        capture_output=True,
        check=True,
    ).stdout
    _, size, _, dots = told.split(b"\n", 3)
    width, height = map(int, size.split())
    rows = [dots[line * width : (line + 1) * width] for line in range(height)]
    return [
        [_darkness(rows[top : top + CELL], left) for left in range(0, width, CELL)] for top in range(0, height, CELL)
    ]


def _darkness(rows: list[bytes], left: int) -> float:
    cell = b"".join(row[left : left + CELL] for row in rows)
    return round(1 - sum(cell) / (255 * len(cell)), 3)


def approved() -> dict[str, Grid]:
    """Return what was approved, by name of the file and page."""
    found: dict[str, Grid] = {}
    for file in sorted(APPROVED.glob("*.json")):
        found |= json.loads(file.read_text("utf-8"))
    return found


def now(name: str) -> dict[str, Grid]:
    """Return what is printed now of one specimen, or of one shipped report."""
    if name in PAGES:
        locale, paper, pages = PAGES[name]
        return {f"{name}-{page}": ink(printed(locale, paper), page) for page in pages}
    locale, case, pages = EXECUTIVE[name]
    return {f"{name}-{page}": ink(executive(locale, case), page) for page in pages}


def approve(file: str, names: Iterable[str]) -> None:
    """Take what is printed now as approved."""
    grids = {key: grid for name in names for key, grid in now(name).items()}
    lines = (
        f'"{key}": [\n' + ",\n".join(f"  {json.dumps(row)}" for row in grid) + "\n]" for key, grid in grids.items()
    )
    APPROVED.mkdir(exist_ok=True)
    (APPROVED / file).write_text("{" + ",\n".join(lines) + "}\n", "utf-8")


if __name__ == "__main__":
    approve("specimen.json", PAGES)
    approve("executive.json", EXECUTIVE)
