"""What the compare page shows, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.charts.build import Charts
from app.charts.drawing.canvas import DASHES, points_of
from app.charts.palette import Style
from app.charts.spec import DotPlot, Mark
from app.charts.wording import Wording
from app.core.compare import Column, Comparison, Row, compare, contributions, ranking
from app.core.framework import Capability
from app.core.scale import display
from app.core.text import Text
from app.web.comparing.selection import Selection
from app.web.context import locale, translate
from app.web.drawing import Drawing, drawing

HEAT_ROWS = 60  # more rows are a table, not a picture


@dataclass(frozen=True, slots=True)
class Swatch:
    """How a column is drawn in the figures, for the head of the table."""

    style: Style
    dash: str
    points: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `url_id` is set for assessments."""

    column: Column
    name: Text
    swatch: Swatch
    assessment: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the table. `rank` as written, `gap` the difference to the reference."""

    mark: Mark
    benchmark: bool
    rank: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One capability over all columns; `best`, `median`, `n` of the carriers, `spread` of the units."""

    node: Capability | None
    name: str
    depth: int
    cells: tuple[Cell, ...]
    spread: str
    best: str
    median: str
    n: int


@dataclass(frozen=True)
class ComparePage:
    """The comparison: an answer, figures at one tier, the table, why two units differ."""

    answer: str
    heads: tuple[Head, ...]
    rows: tuple[TableRow, ...]
    reference: str
    profile: Drawing
    dots: Drawing | None
    heatmap: Drawing | None
    waterfall: Drawing | None
    no_waterfall: str
    nodes: tuple[Capability, ...]
    notes: tuple[str, ...]


def compare_page(selection: Selection, source: str) -> ComparePage:
    """Return what the page shows."""
    comparison = compare(selection.framework, selection.columns)
    charts = Charts(comparison, locale(), styles=selection.styles, source=source)
    nodes = [node.id for node in selection.framework.on_tier(selection.tier.id)]
    profile = charts.profile(nodes)
    waterfall, reason = _waterfall(selection, charts)
    several = len(selection.columns) > 1
    rows = _rows(selection, comparison)
    marks = tuple(cell.mark for row in rows for cell in row.cells)
    return ComparePage(
        answer=_answer(selection, comparison),
        heads=tuple(_head(selection, column) for column in selection.columns),
        rows=rows,
        reference=_reference_name(selection),
        profile=drawing(profile, "profile"),
        dots=drawing(charts.dot_plot(nodes), "dots") if several and not isinstance(profile, DotPlot) else None,
        heatmap=drawing(charts.heatmap([*nodes, None]), "heatmap") if several and len(nodes) <= HEAT_ROWS else None,
        waterfall=waterfall,
        no_waterfall=reason,
        nodes=tuple(node for node in selection.framework.nodes if not node.is_leaf),
        notes=charts.words.notes(marks, signs=False),
    )


def _head(selection: Selection, column: Column) -> Head:
    style = selection.styles[column.id]
    swatch = Swatch(style, DASHES[style.dash], points_of(style.marker, (17, 6), 4.5))
    return Head(column, column.name, swatch, int(column.id) if column.kind == "case" else None)


def _waterfall(selection: Selection, charts: Charts) -> tuple[Drawing | None, str]:
    if selection.pair is None:
        return None, translate("选两份评估，就能看到两者为何不同。")
    by_id = {column.id: column for column in selection.columns}
    a, b = (by_id[key] for key in selection.pair)
    node = charts.words.label(selection.at).name
    for column in (a, b):
        if charts.words.mark(column, selection.at).value is None:
            unit = column.name.in_locale(locale())
            return None, translate("%(unit)s的%(node)s没有可用的得分，差异不能分解。") % {"unit": unit, "node": node}
    parts = contributions(a, b, at=selection.at)
    chart = parts and charts.waterfall(parts)
    if not chart:
        return None, translate("加权几何平均的差异不能分解成各项之和；请换一种汇总方法。")
    return drawing(chart, "difference"), ""


def _answer(selection: Selection, comparison: Comparison) -> str:
    """Say who is ahead overall, where an order may be stated; else what is missing."""
    words = Wording(selection.framework, locale())
    row = comparison.row(None)
    ranks = ranking(row, selection.framework.scale.step / 2)
    cases = [
        (column, value, rank)
        for column, value, rank in zip(comparison.columns, row.values, ranks, strict=True)
        if column.kind == "case" and rank is not None and value is not None
    ]
    missing = [column for column in selection.cases if words.mark(column, None).value is None]
    parts = [_order(cases, words, selection.framework.scale.step / 2)]
    parts += [
        f"{column.name.in_locale(locale())}{translate('：')}{words.mark(column, None).full}" for column in missing
    ]
    parts.append(_against_benchmark(cases, row, words))
    return translate("；").join(filter(None, parts)) + translate("。")


def _order(cases: list[tuple[Column, Fraction, Fraction]], words: Wording, half_step: Fraction) -> str:
    if not cases:
        return ""
    named = sorted(cases, key=lambda case: -case[1])
    told = translate("、").join(
        f"{column.name.in_locale(locale())} {words.number(value, None)}" for column, value, _ in named
    )
    if len(named) == 1:
        return translate("总体：%(figures)s") % {"figures": told}
    if named[0][1] - named[1][1] >= half_step:
        leader = named[0][0].name.in_locale(locale())
        return translate("总体%(unit)s领先：%(figures)s") % {"unit": leader, "figures": told}
    if named[0][1] - named[-1][1] < half_step:
        return translate("总体难分先后（相差不到半级）：%(figures)s") % {"figures": told}
    return translate("总体居前者难分先后（相差不到半级）：%(figures)s") % {"figures": told}


def _against_benchmark(cases: list[tuple[Column, Fraction, Fraction]], row: Row, words: Wording) -> str:
    if row.median is None or not cases:
        return ""
    return translate("对标中位 %(median)s（n = %(n)s），最高 %(best)s") % {
        "median": words.number(row.median, None),
        "best": words.number(row.best or row.median, None),
        "n": row.n,
    }


def _rows(selection: Selection, comparison: Comparison) -> tuple[TableRow, ...]:
    framework = selection.framework
    deepest = framework.tiers.index(selection.tier)
    shown = [node for node in framework.nodes if len(framework.ancestors(node.id)) <= deepest]
    by_node = {row.node: row for row in comparison.rows}
    rows = [_row(selection, by_node[node.id], node) for node in shown]
    return (*rows, _row(selection, by_node[None], None))


def _row(selection: Selection, row: Row, node: Capability | None) -> TableRow:
    words = Wording(selection.framework, locale())
    marks = [words.mark(column, row.node) for column in selection.columns]
    ranks = ranking(row, selection.framework.scale.step / 2)
    ranked = sum(rank is not None for rank in ranks)
    reference = row.median if row.n else marks[0].value
    of_units = marks[: len(selection.cases)]  # units stand before carriers
    firm = [mark.value for mark in of_units if mark.value is not None]
    cells = tuple(
        Cell(
            mark=mark,
            benchmark=column.kind == "benchmark",
            rank=_ranked(rank) if ranked > 1 and rank is not None else "",
            gap=_gap(mark, reference, words, skip=column.kind == "benchmark" or (place == 0 and not row.n)),
        )
        for place, (mark, column, rank) in enumerate(zip(marks, selection.columns, ranks, strict=True))
    )
    return TableRow(
        node=node,
        name=words.label(row.node).name,
        depth=len(selection.framework.ancestors(node.id)) if node else 0,
        cells=cells,
        spread=words.number(max(firm) - min(firm), row.node) if len(firm) > 1 else "",
        best="" if row.best is None else words.number(row.best, row.node),
        median="" if row.median is None else words.number(row.median, row.node),
        n=row.n,
    )


def _ranked(rank: Fraction) -> str:
    return "#" + display(rank, 0 if rank.denominator == 1 else 1)


def _gap(mark: Mark, reference: Fraction | None, words: Wording, *, skip: bool) -> str:
    if skip or mark.value is None or reference is None:
        return ""
    return words.signed(mark.value - reference)


def _reference_name(selection: Selection) -> str:
    if selection.choices.carriers:
        return translate("与对标中位之差")
    return translate("与%(unit)s之差") % {"unit": selection.columns[0].name.in_locale(locale())}
