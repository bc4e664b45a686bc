"""The child process that turns HTML into PDF: no network, no files but the fonts, bounded memory and time.

Reads one JSON line from standard input (HTML, assets, a file to enclose or none), writes the PDF to standard output
and its progress, a line each, to standard error. Run as `python -m app.reports.pressing`; nothing else lays out pages.
"""

from __future__ import annotations

import base64
import gc
import json
import logging
import re
import resource
import sys
import warnings
from collections.abc import Mapping
from typing import IO

from pydyf import PDF
from weasyprint import Document
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.reports.archiving import ARCHIVAL, attached, complete, introduce
from app.reports.enclosing import Enclosure
from app.reports.remembering import remembering
from app.reports.sparing import Source, sparing
from app.reports.tagging import finish, telling

MEMORY = 1536 * 2**20
SECONDS = 300
PROGRESS, WARNING = "progress ", "warning "
_PAGE = re.compile(r"Page (\d+)$")


class Shelf(URLFetcher):  # type: ignore[misc]
    """Fetches what it was handed and nothing else: no scheme but ours, no redirect, no file."""

    def __init__(self, assets: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(allowed_protocols=set(), allow_redirects=False)
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return one of the assets; ValueError for every other address."""
        name = url.removeprefix("asset:")
        if name == url or name not in self._assets:
            raise ValueError("a report may refer to its own assets only")
        kind, body = self._assets[name]
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class _Progress(logging.Handler):
    """Tells the parent which stage the work is in."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line per stage and page."""
        message = record.getMessage()
        found = _PAGE.search(message)
        if found:
            _tell(f"{PROGRESS}page {found[1]}")
        elif message.startswith("Step 6"):
            _tell(f"{PROGRESS}writing")


class _Warnings(logging.Handler):
    """Passes on what WeasyPrint could not do (a rule it does not know, an address it may not open)."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        _tell(WARNING + record.getMessage().replace("\n", " ")[:300])


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


VARIANT = "pdf/ua-1"  # tags and alternative texts


def lay_out(html: str, assets: Mapping[str, tuple[str, bytes]], *, archival: bool = False) -> Document:
    """Return the pages."""
    sheets = [body.decode(errors="replace") for kind, body in assets.values() if kind == "text/css"]
    with sparing(), remembering():
        source = Source(html, sheets, url_fetcher=Shelf(assets))
        return source.render(pdf_variant=ARCHIVAL if archival else VARIANT)


def write(pages: Document, enclosure: Enclosure | None = None) -> bytes:
    """Return pages as PDF: tagged, with bookmarks and subset fonts; with an enclosure as PDF/A-3, else without any."""
    introduce(pages, archival=enclosure is not None)

    def finisher(document: Document, pdf: PDF) -> None:
        finish(document, pdf)
        if enclosure is not None:
            complete(pdf, enclosure)

    with telling():
        written: bytes = pages.write_pdf(
            pdf_variant=ARCHIVAL if enclosure else VARIANT,
            attachments=[attached(enclosure)] if enclosure else None,
            full_fonts=False,
            finisher=finisher,
        )
    return written


def _limit() -> None:
    for what, wanted in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        _, allowed = resource.getrlimit(what)
        most = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(what, (most, most))


def _work(source: IO[str], target: IO[bytes]) -> None:
    order = json.loads(source.readline())
    assets = {name: (kind, base64.b64decode(body)) for name, (kind, body) in order["assets"].items()}
    enclosure = _enclosure(order.get("enclosure"))
    target.write(write(lay_out(order["html"], assets, archival=enclosure is not None), enclosure))
    target.flush()


def _enclosure(said: Mapping[str, str] | None) -> Enclosure | None:
    if said is None:
        return None
    return Enclosure(**{**said, "content": base64.b64decode(said["content"])})  # type: ignore[arg-type]


def main() -> None:
    """Do one piece of work under limits. It ends with its process, so nothing is gained by looking for garbage."""
    gc.disable()
    warnings.simplefilter("ignore")
    logging.getLogger("weasyprint").addHandler(_Warnings(logging.WARNING))
    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.addHandler(_Progress())
    progress.propagate = False
    _limit()
    _work(sys.stdin, sys.stdout.buffer)


if __name__ == "__main__":
    main()
