"""One report in every format: the same sentences, the same tables in the same order, the same numbers."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from app.core.scale import display
from app.document.values import Picture, Table
from app.exports.cell_text import words_of
from app.exports.sequence import parts_of, sentences_of
from app.services.report_formats import FORMATS, Rendering
from tests.exports.reading import docx_text, pdf_text, sheets_of, slides_text, squeezed, table_shapes, tables_in
from tests.exports.reports import LARGE, PAIR, SHORT
from tests.reports.conftest import TEMPLATES

if TYPE_CHECKING:
    from app.core.text import Locale
    from tests.exports.conftest import Make

FIGURE = re.compile(r"\d+\.\d+")
READ = {"pdf": pdf_text, "pptx": slides_text, "docx": docx_text}


class Files:
    """One report in every format, each written once."""

    def __init__(self, report: Make, locale: Locale) -> None:
        made = report(PAIR, locale)
        self.material, self.document = made.material, made.document
        self.parts = list(parts_of(self.document))
        self.tables = [part.table for part in self.parts if part.picture is None]

    @cache  # noqa: B019 - lives as long as the tests
    def written(self, name: str) -> bytes:
        """Return the report in a format."""
        return FORMATS[name].write(Rendering(self.material, SHORT, self.document, TEMPLATES))

    @cache  # noqa: B019
    def text(self, name: str) -> str:
        """Return the text of a format that is read."""
        return READ[name](self.written(name))


@pytest.fixture(scope="module", params=["zh", pytest.param("en", marks=LARGE)])
def files(report: Make, request: pytest.FixtureRequest) -> Files:
    return Files(report, request.param)


@pytest.mark.parametrize("name", READ)
def test_every_sentence_is_read_in_every_format(files: Files, name: str) -> None:
    text = squeezed(files.text(name))
    sentences = {squeezed(said.sentence.text) for said in sentences_of(files.document)}
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize("name", READ)
def test_every_figure_of_every_table_is_read_as_often_as_it_stands_there(files: Files, name: str) -> None:
    wanted = Counter(
        number
        for table in _own(files)
        for row in table.rows
        for cell in row.cells
        for number in FIGURE.findall(cell.text)
    )
    found = Counter(FIGURE.findall(files.text(name)))
    assert {number: (count, found[number]) for number, count in wanted.items() if found[number] < count} == {}


def _own(files: Files) -> list[Table]:
    return [block for section in files.document.walk() for block in section.blocks if isinstance(block, Table)]


@pytest.mark.parametrize("name", ["pptx", "docx"])
def test_every_row_of_every_table_is_read_in_order(files: Files, name: str) -> None:
    text, place = squeezed(files.text(name)), 0
    for table in _own(files):
        place = _read(table, text, place)


def test_every_row_of_every_table_is_read_in_order_on_paper(files: Files) -> None:
    # the text of a file follows the drawing, which puts what floats first: within a section the tags tell the order
    text, place = squeezed(files.text("pdf")), 0
    for top in files.document.sections:
        tables = [block for section in top.walk() for block in section.blocks if isinstance(block, Table)]
        place = max([_read(table, text, place) for table in tables], default=place)
    tagged = iter(table_shapes(files.written("pdf")))
    missing = [table.id for table in _own(files) if (len(table.rows), len(table.columns)) not in tagged]
    assert missing == []


def _read(table: Table, text: str, start: int) -> int:
    """Return where a table ends that begins after `start`; all its rows are there, word for word, in order."""
    place = text.find(squeezed(table.title), start)
    assert place >= 0, table.title
    for row in table.rows:
        words = squeezed("".join(words_of(cell) for cell in row.cells))
        place = text.find(words, place)
        assert place >= 0, (table.title, words)
        place += len(words)
    return place


def test_sheets_hold_every_table_in_order_with_the_printed_words(files: Files) -> None:
    sheets = [rows for title, rows in sheets_of(files.written("xlsx"))]
    at = 0
    for part in files.parts:
        printed = [[words_of(cell) for cell in row.cells] for row in part.table.rows]
        heads = [column.title for column in part.table.columns]
        while at < len(sheets) and not _stands_in(printed, heads, sheets[at]):
            at += 1
        assert at < len(sheets), part.table.title


def _stands_in(printed: list[list[str]], heads: list[str], rows: list[list[str]]) -> bool:
    width = len(heads)
    for number, row in enumerate(rows):
        if row[:width] == heads:
            found = [line[:width] for line in rows[number + 1 : number + 1 + len(printed)]]
            if found == printed:
                return True
    return False


def test_sheets_hold_every_sentence_in_order(files: Files) -> None:
    (rows,) = [rows for title, rows in sheets_of(files.written("xlsx")) if title.startswith("2 ")]
    assert [row[2] for row in rows[4:]] == [said.sentence.text for said in sentences_of(files.document)]


def test_csv_holds_every_table_in_order_with_the_printed_words(files: Files) -> None:
    written = tables_in(files.written("csv"))
    numbered = [name for name in written if name[0].isdigit()]
    assert numbered == sorted(numbered)
    for name, part in zip(numbered, files.parts, strict=True):
        heads = [column.title for column in part.table.columns]
        printed = [[words_of(cell) for cell in row.cells] for row in part.table.rows]
        assert [[text.removeprefix("'") for text in row] for row in written[name]] == [heads, *printed]
    assert [row[2] for row in written["sentences.csv"][1:]] == [s.sentence.text for s in sentences_of(files.document)]


def test_json_holds_every_table_and_sentence_in_order_with_the_printed_words(files: Files) -> None:
    data = json.loads(files.written("json"))
    assert [s["text"] for s in data["sentences"]] == [said.sentence.text for said in sentences_of(files.document)]
    assert [table["id"] for table in data["tables"]] == [part.table.id for part in files.parts]
    for told, part in zip(data["tables"], files.parts, strict=True):
        words = [[cell.text + cell.sign for cell in row.cells] for row in part.table.rows]
        assert [[cell["text"] for cell in row["cells"]] for row in told["rows"]] == words


def test_figures_of_csv_and_json_are_the_scoring_functions(files: Files) -> None:
    data = json.loads(files.written("json"))
    by_place = {(node["id"], figure["column"]): figure for node in data["nodes"] for figure in node["figures"]}
    rows = tables_in(files.written("csv"))["figures.csv"]
    table = {
        (row["node"] or None, row["column"]): row for row in (dict(zip(rows[0], r, strict=True)) for r in rows[1:])
    }
    for subject in files.material.subjects:
        for score in (*subject.scorecard.nodes.values(), subject.scorecard.overall):
            told, listed = by_place[score.id, subject.id], table[score.id, subject.id]
            assert told["exact"] == (None if score.score is None else str(score.score))
            assert told["status"] == listed["status"] == score.status.value
            assert (listed["score"] or None) == (None if score.score is None else _number(float(score.score)))
            assert (listed["coverage"] or None) == (None if score.coverage is None else _number(float(score.coverage)))


def test_the_printed_figures_and_those_of_the_sheets_are_the_scoring_functions(files: Files) -> None:
    (part,) = [part for part in files.parts if part.table.id == "comparison-figures"]
    framework = files.material.framework
    nodes = [*(node.id for node in framework.capabilities), None]
    (shown,) = [rows for _, rows in sheets_of(files.written("xlsx")) if rows[0][0] == part.table.title]
    below = [row[0] for row in shown].index(part.table.columns[0].title) + 1
    for number, (node, row) in enumerate(zip(nodes, part.table.rows, strict=True)):
        for column, subject in enumerate(files.material.subjects, start=1):
            score, cell = subject.scorecard.node(node), row.cells[column]
            printed = score.score is not None and not score.withheld
            assert cell.value == (score.score if printed else None)
            if score.score is not None and printed:
                assert display(score.score, 2) in cell.text
            assert shown[below + number][column] == words_of(cell)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def test_charts_tell_the_numbers_of_the_scoring_function(files: Files) -> None:
    exact = {
        score.score
        for subject in files.material.subjects
        for score in (*subject.scorecard.nodes.values(), subject.scorecard.overall)
    }
    exact |= {figure.value for column in files.material.carriers for figure in column.figures.values()}
    exact |= {row.median for row in files.material.comparison.rows} | {
        row.best for row in files.material.comparison.rows
    }
    drawn = {
        cell.value
        for part in files.parts
        if isinstance(part.picture, Picture) and part.picture.id == "overview-chart"
        for row in part.table.rows
        for cell in row.cells
        if cell.value is not None
    }
    assert drawn
    assert drawn <= exact
