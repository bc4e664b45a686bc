"""A worded document on paper, and how far that is: pages laid out become per cent."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from app.content.roots import Roots, root_with
from app.core.report import HOUSE
from app.document.values import Document
from app.reports.printing import WRITING, PrintingFailed, print_pdf
from app.reports.typesetting import TemplateFault, typeset
from app.services.report_material import ReportRefused
from app.settings import CHECKOUT

if TYPE_CHECKING:
    from app.reports.enclosing import Enclosure
    from app.services.jobs import Progress

PAGES, FINISHING = "pages", "writing"  # stages; the first is followed by a blank and the page
TOLD_EVERY = 0.5  # seconds between two pages that are told


def templates_of(roots: Roots, template: str) -> tuple[Path, ...]:
    """Return the folders in which the templates of a report of a content root are looked for: its own, the house's.

    Of several roots it is the first that has such a report.
    """
    root = root_with(roots, "reports", template)
    house = root / "reports" / HOUSE
    return (root / "reports" / template, house if house.is_dir() else CHECKOUT / "reports" / HOUSE)


def print_document(
    document: Document,
    templates: Sequence[Path],
    progress: Progress | None = None,
    *,
    enclosure: Enclosure | None = None,
) -> bytes:
    """Return a worded document as PDF, with an enclosed file as PDF/A-3.

    `progress` hears per cent and stage (`pages 12`, `writing`).

    ReportRefused with code `template` or `printing`.
    """
    pages = PagesTold(progress)
    try:
        return print_pdf(typeset(document, templates), enclosure=enclosure, progress=pages.hear)
    except TemplateFault as fault:
        raise ReportRefused("template", str(fault)) from fault
    except PrintingFailed as failure:
        raise ReportRefused("printing", str(failure)) from failure


class PagesTold:
    """Turns pages laid out into per cent that never fall; pages are laid out more than once until all numbers fit."""

    def __init__(self, progress: Progress | None, *, expected: int = 30) -> None:
        self._progress = progress
        self._expected = expected
        self._percent = 0
        self._told_at = -TOLD_EVERY

    def hear(self, stage: str, page: int) -> None:
        """Pass on what the printer says, not more often than anybody can read."""
        if self._progress is None:
            return
        if stage == WRITING:
            self._progress(90, FINISHING)
            return
        self._percent = max(self._percent, 15 + round(70 * (1 - math.exp(-page / self._expected))))
        now = time.monotonic()
        if now - self._told_at >= TOLD_EVERY:
            self._told_at = now
            self._progress(self._percent, f"{PAGES} {page}")


def count_pages(pdf: bytes) -> int:
    """Return how many pages a PDF of ours has."""
    from pypdf import PdfReader

    return PdfReader(BytesIO(pdf)).get_num_pages()
