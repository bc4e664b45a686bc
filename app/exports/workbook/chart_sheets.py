"""A chart of the report on a sheet of its own: its numbers, and a native chart that draws them.

A chart takes text for 0. Where a figure is told in words (withheld, open), and for what no reader needs (the foot of a
step), it is drawn from folded columns to the right, whose empty cells every program leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from app.charts.palette import ramp, text_on
from app.charts.spec import Bars, DotPlot, Heatmap, Multiples, Radar, Waterfall
from app.exports.workbook.native_charts import Charting, Drawing, Range
from app.exports.workbook.number_formats import number_format
from app.exports.workbook.table_sheets import put_notes, put_opening, put_table, reach, widths_of
from app.i18n import translator

if TYPE_CHECKING:
    from app.exports.sequence import Part
    from app.exports.workbook.pages import Page

_FOLDED = 30  # columns from the numbers to the folded ones: farther than the widest chart reaches
_LINE = 20  # height of a row in pixels, as charts count them
_BESIDE, _MARGIN = 4, 4  # small charts in a line, and pixels before the first
_PIXELS = 7  # width of a narrow character
_UPRIGHT = 900  # pixels that a page holds upright without its letters getting too small
_BODY = re.compile(r"0(?:\.0+)?%?")  # of a number format, without what stands around it
_COLUMN = 64  # width of a column that nobody set, in pixels
_WIDEST, _WIDEST_NAME = 34, 46  # columns of figures, and the first with the names
_SEVERAL, _NARROWED = 6, 25  # columns beyond which those of figures are narrower: their words take lines


def write_chart(page: Page, part: Part, contents: str) -> None:
    """Write one chart: what is said of it, its numbers and notes, below them the drawing."""
    figures = _WIDEST if len(part.table.columns) <= _SEVERAL else _NARROWED
    widths = [min(width, figures if place else _WIDEST_NAME) for place, width in enumerate(widths_of(part.table))]
    head = put_opening(page, part, contents, widths)
    sheet = _Sheet(page, widths)
    row = sheet.write(part, head)
    sheet.fold()
    sheet.set_up_print(row)


class _Sheet:
    """The sheet of a chart in the making; `widths` of the columns that the numbers take."""

    def __init__(self, page: Page, widths: Sequence[int]) -> None:
        self.page, self.widths = page, widths
        self.columns = len(widths)
        self._numbers = sum(widths) * _PIXELS + 5 * self.columns  # pixels that the numbers take
        self._charting = Charting(page)
        self._folded = 0
        self._reached = 0

    def write(self, part: Part, head: int) -> int:
        """Write numbers and notes from the row of the heads on, and the chart; return the first free row."""
        page = self.page
        after = put_table(page, part.table, head, self.widths)
        self._shade(part, head)
        after = put_notes(page, part.table, after, self.widths)
        # of too little known nothing can be drawn, and a chart without a line is no file that Excel opens
        drawings = [one for one in self._drawings(part, head) if one.chart.series]
        beside = max(_BESIDE, self._numbers // max((one.width for one in drawings), default=self._numbers))
        for start in range(0, len(drawings), beside):
            left = _MARGIN
            for drawing in drawings[start : start + beside]:
                place = {"description": drawing.description, "x_offset": left}
                page.sheet.insert_chart(after + 1, 0, drawing.chart, place)
                left += drawing.width
            self._reached = max(self._reached, left)
            after += -(-max(one.height for one in drawings[start : start + beside]) // _LINE) + 2
        return after

    def set_up_print(self, rows: int) -> None:
        """Print the chart with its numbers on one page, upright unless it is wide, without the folded columns."""
        sheet = self.page.sheet
        beyond = max(0, self._reached - self._numbers)
        said, _width = reach(self.widths)
        sheet.print_area(0, 0, rows, max(said, self.columns - 1 + -(-beyond // _COLUMN)))
        if max(self._numbers, self._reached) <= _UPRIGHT:
            sheet.set_portrait()
        sheet.fit_to_pages(1, 1)

    def fold(self) -> None:
        """Fold the columns that only charts read."""
        first = self.columns + _FOLDED
        if self._folded:
            self.page.sheet.set_column(first, first + self._folded - 1, 10, None, {"level": 1, "hidden": True})
            self.page.sheet.set_column(first + self._folded, first + self._folded, None, None, {"collapsed": True})

    def _drawings(self, part: Part, head: int) -> Iterator[Drawing]:
        if part.picture is None or not part.table.rows:
            return
        names = self._range(0, head, part)
        match chart := part.picture.chart:
            case Radar():
                yield self._charting.radar(chart, names, self._figures(part, head))
            case Multiples(panels=panels):
                ranges = self._figures(part, head)
                beside = self._beside(part, head, chart)
                for place, panel in enumerate(panels):
                    yield self._charting.radar(
                        panel, names, [ranges[place], *beside[: len(panel.series) - 1]], small=True
                    )
            case DotPlot():
                bands = self._bands(part, head, chart)
                figures = self._figures(part, head, len(chart.series))
                yield self._charting.dots(chart, names, figures, bands)
            case Bars():
                yield self._charting.bars(chart, names, self._figures(part, head), _decimals(part))
            case Waterfall():
                yield self._charting.waterfall(chart, names, self._steps(part, head, chart))
            case Heatmap():
                pass

    def _range(self, column: int, head: int, part: Part) -> Range:
        return Range(self.page.title, column, head, head + 1, head + len(part.table.rows))

    def _figures(self, part: Part, head: int, count: int | None = None) -> list[Range]:
        """Return a range of numbers for the first columns of figures: the visible one where it holds no words."""
        found = []
        for column in range(1, len(part.table.columns) if count is None else count + 1):
            cells = [row.cells[column] for row in part.table.rows]
            if all(cell.value is not None for cell in cells):
                found.append(self._range(column, head, part))
            else:
                title = part.table.columns[column].title
                found.append(self._hidden(part, head, title, [cell.value for cell in cells]))
        return found

    def _hidden(self, part: Part, head: int, name: str, values: Sequence[Fraction | None]) -> Range:
        """Return a folded column with numbers that stand nowhere else."""
        place = self._next(name, head)
        look = self.page.styles.of(num_format=_decimals(part))
        for number, value in enumerate(values, start=head + 1):
            if value is not None:
                self.page.sheet.write_number(number, place, float(value), look)
        return self._range(place, head, part)

    def _next(self, name: str, head: int) -> int:
        column = self.columns + _FOLDED + self._folded
        self._folded += 1
        self.page.put(head, column, name)
        return column

    def _beside(self, part: Part, head: int, chart: Multiples) -> list[Range]:
        """Return the lines that every panel compares with."""
        return [
            self._hidden(part, head, series.name, [mark.value for mark in series.marks])
            for series in max((panel.series[1:] for panel in chart.panels), key=len)
        ]

    def _bands(self, part: Part, head: int, chart: DotPlot) -> list[Range]:
        if not any(chart.bands):
            return []
        _ = translator(chart.caption.locale).gettext
        ends = (
            (_("对标最低"), [band.low if band else None for band in chart.bands]),
            (_("对标中位数"), [band.median if band else None for band in chart.bands]),
            (_("对标最高"), [band.high if band else None for band in chart.bands]),
        )
        return [self._hidden(part, head, name, values) for name, values in ends]

    def _steps(self, part: Part, head: int, chart: Waterfall) -> list[Range]:
        _ = translator(chart.caption.locale).gettext
        between = [step.amount for step in chart.steps]
        reached = list(accumulate(between, initial=chart.start_value))
        feet = [min(ends) for ends in pairwise(reached)]
        totals = [chart.start_value, *(None for step in between), chart.end_value]
        columns: tuple[tuple[str, list[Fraction | None]], ...] = (
            (_("基座"), [None, *feet]),
            (_("得分"), totals),
            (_("增加"), [None, *(amount if amount >= 0 else None for amount in between)]),
            (_("减少"), [None, *(-amount if amount < 0 else None for amount in between)]),
        )
        return [self._hidden(part, head, name, values) for name, values in columns]

    def _shade(self, part: Part, head: int) -> None:
        """Give the figures of a heatmap the colours of the report."""
        chart = part.picture.chart if part.picture else None
        if not isinstance(chart, Heatmap):
            return
        for number, row in enumerate(part.table.rows, start=head + 1):
            for column, cell in enumerate(row.cells[1:], start=1):
                if cell.value is not None:
                    ground = ramp(chart.axis.share(cell.value))
                    look = {"bg_color": ground, "font_color": text_on(ground), "align": "center"}
                    self.page.figure(number, column, cell, **look)


def _decimals(part: Part) -> str:
    """Return the number format of a chart's labels: as many decimals as the report prints of its figures."""
    for row in part.table.rows:
        for cell in row.cells[1:]:
            shown = number_format(cell.value, cell.text) if cell.value is not None else None
            if shown is not None and (found := _BODY.search(shown)):
                return found[0]
    return "General"
