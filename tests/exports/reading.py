"""What the files of a report say, read back with the libraries their readers would use."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import docx
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from app.core.scale import display

_SECTION = re.compile(r'^((?:"[^"]*"|[+−-])*)(0(?:\.(0+))?)(%?)((?:"[^"]*")*)$')


def displayed(value: Any, number_format: str) -> str:
    """Return what a cell shows: a number under its format, as Excel shows it; a text as it is."""
    if value is None:
        return ""
    if isinstance(value, str) or number_format == "General":
        return str(value)
    forms = number_format.split(";")
    form = forms[0]
    if len(forms) == 3:
        found = _SECTION.match(forms[0])
        assert found
        rounded = display(_exact(abs(value)) * (100 if found[4] else 1), len(found[3] or ""))
        form = forms[2] if not rounded.strip("0.") else forms[1] if value < 0 else forms[0]
    found = _SECTION.match(form)
    assert found, number_format
    before, _, decimals, percent, after = found.groups()
    number = display(_exact(abs(value)) * (100 if percent else 1), len(decimals or ""))
    return before.replace('"', "") + number + percent + after.replace('"', "")


def _exact(value: float) -> Fraction:
    return Fraction(f"{value:.15g}")  # a spreadsheet shows at most 15 digits


def sheets_of(content: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the sheets of a workbook, their cells as shown."""
    for sheet in load_workbook(io.BytesIO(content), data_only=True):
        rows = [[displayed(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]
        yield sheet.title, rows


def tables_in(archive: bytes) -> dict[str, list[list[str]]]:
    """Return the files of a CSV archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        read = {name: opened.read(name).decode("utf-8-sig") for name in opened.namelist()}
    return {name: list(csv.reader(io.StringIO(text, newline=""))) for name, text in read.items()}


def pdf_text(content: bytes) -> str:
    """Return the text of a PDF."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def table_shapes(content: bytes) -> list[tuple[int, int]]:
    """Return rows below the heads and columns of every table of a tagged PDF, in reading order."""

    def kids(element: Any) -> list[Any]:
        found = element.get("/K", [])
        opened = (kid.get_object() for kid in (found if isinstance(found, list) else [found]))
        return [kid for kid in opened if isinstance(kid, dict) and "/S" in kid]

    def below(element: Any) -> Iterator[tuple[int, int]]:
        for kid in kids(element):
            if kid["/S"] == "/Table":
                rows = [row for part in kids(kid) if part["/S"] == "/TBody" for row in kids(part)]
                yield len(rows), max((len(kids(row)) for row in rows), default=0)
            else:
                yield from below(kid)

    root: Any = PdfReader(io.BytesIO(content)).trailer["/Root"]
    return list(below(root["/StructTreeRoot"]))


def slides_text(content: bytes) -> str:
    """Return the text of all slides; the data of charts apart."""
    slides = Presentation(io.BytesIO(content)).slides
    return " ".join(_shape_text(shape) for slide in slides for shape in slide.shapes)


def _shape_text(shape: Any) -> str:
    if shape.has_text_frame:
        return str(shape.text_frame.text)
    if getattr(shape, "has_table", False) and shape.has_table:
        return " ".join(cell.text for row in shape.table.rows for cell in row.cells)
    return " ".join(_shape_text(one) for one in getattr(shape, "shapes", ()))


def docx_text(content: bytes) -> str:
    """Return the text of a document, its tables in their place."""
    paragraphs = (node for node in docx.Document(io.BytesIO(content)).element.body.iter() if node.tag == qn("w:p"))
    return " ".join("".join(part.text or "" for part in one.iter(qn("w:t"))) for one in paragraphs)


def squeezed(text: str) -> str:
    """Return a text without blanks and soft hyphens, so that line breaks do not matter."""
    return re.sub(r"[\s\u00ad\u200b\u2060\u200a\u2009]+", "", text)
