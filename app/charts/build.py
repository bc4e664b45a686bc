"""Chart specs from core results, worded in a locale. The only place that decides what a chart says.

Every function takes results of `core` and returns a spec; `styles` maps column ids to styles (default: by the order
of the columns; a page of an engagement hands in the styles of all its units so that a unit never changes colour).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median

from app.charts.palette import Style, carrier_styles, unit_styles
from app.charts.spec import (
    RADAR_AXES,
    RADAR_LINES,
    Band,
    Bars,
    Caption,
    DotPlot,
    Heatmap,
    Label,
    Mark,
    Multiples,
    Radar,
    Series,
    Standing,
    Step,
    Waterfall,
)
from app.charts.wording import GROUP_DECIMALS, Wording
from app.core.compare import Column, Comparison, Contribution, Contributions
from app.core.scale import display
from app.core.scoring import Scorecard
from app.core.text import Locale

WATERFALL_STEPS = 10


def column_styles(columns: Sequence[Column]) -> dict[str, Style]:
    """Return a style for each column by its place among the units, or among the carriers."""
    units = [column.id for column in columns if column.kind == "case"]
    carriers = [column.id for column in columns if column.kind == "benchmark"]
    return carrier_styles(carriers) | unit_styles(units)


class Charts:
    """Builds the charts of one comparison in one locale.

    `source` names where the figures come from; `own` is the column id of the unit in question.
    """

    def __init__(
        self,
        comparison: Comparison,
        locale: Locale,
        *,
        own: str | None = None,
        styles: Mapping[str, Style] | None = None,
        source: str = "",
    ) -> None:
        self.comparison = comparison
        self.words = Wording(comparison.framework, locale)
        self.own = own
        self.styles = dict(styles or {})
        for key, style in column_styles(comparison.columns).items():
            self.styles.setdefault(key, style)
        self.source = source

    def radar(
        self, nodes: Sequence[str | None], *, columns: Sequence[str] | None = None, title: str | None = None
    ) -> Radar:
        """Return a radar of these capabilities; ValueError outside 3 to 16 spokes or over four lines."""
        series = self._series(nodes, self._columns(columns))
        return Radar(
            caption=self._caption(nodes, series, title),
            axis=self.words.axis(),
            spokes=tuple(map(self.words.label, nodes)),
            series=series,
        )

    def profile(self, nodes: Sequence[str | None], *, title: str | None = None) -> Radar | Multiples | DotPlot:
        """Return a radar where one can be read, small multiples for more columns, dots for too few or many axes."""
        if len(nodes) not in RADAR_AXES:
            return self.dot_plot(nodes, title=title)
        columns = self.comparison.columns
        if len(columns) <= RADAR_LINES:
            return self.radar(nodes, title=title)
        panels = tuple(
            self.radar(nodes, columns=[column.id], title=column.name.in_locale(self.words.locale)) for column in columns
        )
        series = tuple(panel.series[0] for panel in panels)
        return Multiples(self._caption(nodes, series, title), panels)

    def dot_plot(self, nodes: Sequence[str | None], *, title: str | None = None) -> DotPlot:
        """Return one row per capability; two or more carriers become a band, a single one is a mark like a unit."""
        carriers = [column for column in self.comparison.columns if column.kind == "benchmark"]
        banded = carriers if len(carriers) > 1 else []
        shown = [column for column in self.comparison.columns if column not in banded]
        series = self._series(nodes, shown)
        bands = tuple(self._band(node, banded) for node in nodes) if banded else ()
        labels = _parts(tuple(map(self.words.label, nodes)))
        return DotPlot(
            caption=self._caption(nodes, series, title or _dots_headline(self.words, labels, series, bands)),
            axis=self.words.axis(),
            rows=tuple(map(self.words.label, nodes)),
            series=series,
            bands=bands,
            band_name=self._band_name(len(banded)) if banded else "",
        )

    def heatmap(self, nodes: Sequence[str | None], *, title: str | None = None) -> Heatmap:
        """Return capabilities by columns, every figure printed."""
        columns = self.comparison.columns
        series = self._series(nodes, columns)
        labels = _parts(tuple(map(self.words.label, nodes)))
        return Heatmap(
            caption=self._caption(nodes, series, title or _ends_headline(self.words, labels, series), signs=True),
            axis=self.words.axis(),
            rows=tuple(map(self.words.label, nodes)),
            columns=tuple(Label(column.id, column.name.in_locale(self.words.locale)) for column in columns),
            cells=tuple(tuple(line.marks[row] for line in series) for row in range(len(nodes))),
        )

    def waterfall(
        self, parts: Contributions, *, limit: int = WATERFALL_STEPS, title: str | None = None
    ) -> Waterfall | None:
        """Return how one unit's score leads to the other's; None where either has no score, or a withheld one."""
        first, second = (self._columns([key])[0] for key in (parts.a, parts.b))
        end_value, start_value = (self.words.mark(column, parts.node).value for column in (first, second))
        if start_value is None or end_value is None:
            return None
        steps = self._steps(parts, limit)
        start, end = (self._name(column) for column in (second, first))
        start_text, end_text = (display(value, GROUP_DECIMALS) for value in (start_value, end_value))
        default = self._difference(parts, end, start)
        return Waterfall(
            caption=self._waterfall_caption(title or default, steps, len(parts.items)),
            axis=self.words.axis(),
            start=Label(parts.b, start),
            end=Label(parts.a, end),
            start_value=start_value,
            end_value=end_value,
            start_text=start_text,
            end_text=end_text,
            steps=steps,
        )

    def _difference(self, parts: Contributions, name: str, other: str) -> str:
        _ = self.words.translate
        words = {
            "a": name,
            "b": other,
            "node": self.words.label(parts.node).name,
            "points": display(abs(parts.difference), GROUP_DECIMALS),
        }
        if not words["points"].strip("0."):
            return _("%(a)s与%(b)s的%(node)s得分相同") % words
        if parts.node is None and parts.difference > 0:
            return _("%(a)s总体比%(b)s高 %(points)s 分") % words
        if parts.node is None:
            return _("%(a)s总体比%(b)s低 %(points)s 分") % words
        if parts.difference > 0:
            return _("%(a)s的%(node)s比%(b)s高 %(points)s 分") % words
        return _("%(a)s的%(node)s比%(b)s低 %(points)s 分") % words

    def _waterfall_caption(self, title: str, steps: tuple[Step, ...], count: int) -> Caption:
        _ = self.words.translate
        top = next(iter(steps), None)
        described = title
        if top is not None:
            words = {"text": title, "label": top.label.name, "amount": top.text}
            described = _("%(text)s；最大的一项是%(label)s（%(amount)s）") % words
        return Caption(
            locale=self.words.locale,
            title=title,
            description=described,
            unit=_("单位：分；各项之和等于两者之差"),
            count=_("n = %(count)s 个要素") % {"count": count},
            source=self._source(),
        )

    def _steps(self, parts: Contributions, limit: int) -> tuple[Step, ...]:
        items = sorted((item for item in parts.items if item.total), key=lambda item: -abs(item.total))
        kept = items if len(items) <= limit else items[: limit - 1]
        steps = [self._step(self.words.label(item.node), item.score, item.coverage) for item in kept]
        rest = items[len(kept) :]
        if rest:
            name = self.words.translate("其他 %(count)s 项") % {"count": len(rest)}
            steps.append(self._step(Label("", name), _total(rest, "score"), _total(rest, "coverage")))
        return tuple(steps)

    def _step(self, label: Label, score: Fraction, coverage: Fraction) -> Step:
        signed = self.words.signed
        return Step(label, score, coverage, signed(score + coverage), signed(score), signed(coverage))

    def _columns(self, keys: Sequence[str] | None) -> Sequence[Column]:
        by_id = {column.id: column for column in self.comparison.columns}
        return self.comparison.columns if keys is None else [by_id[key] for key in keys]

    def _name(self, column: Column) -> str:
        return column.name.in_locale(self.words.locale)

    def _series(self, nodes: Sequence[str | None], columns: Sequence[Column]) -> tuple[Series, ...]:
        return tuple(
            Series(
                id=column.id,
                name=self._name(column),
                style=self.styles[column.id],
                marks=tuple(self.words.mark(column, node) for node in nodes),
                own=column.id == self.own,
            )
            for column in columns
        )

    def _band(self, node: str | None, carriers: Sequence[Column]) -> Band | None:
        values = [figure.value for column in carriers if (figure := column.figures.get(node)) is not None]
        if not values:
            return None
        low, middle, high = min(values), median(values), max(values)
        text = self.words.translate("%(range)s，中位 %(median)s，n = %(count)s") % {
            "range": self.words.between(low, high, node),
            "median": self.words.number(middle, node),
            "count": len(values),
        }
        return Band(low, middle, high, text)

    def _band_name(self, count: int) -> str:
        return self.words.translate("对标范围与中位（%(count)s 家）") % {"count": count}

    def _source(self) -> str:
        return self.words.translate("来源：%(source)s") % {"source": self.source} if self.source else ""

    def _caption(
        self, nodes: Sequence[str | None], series: tuple[Series, ...], title: str | None, *, signs: bool = False
    ) -> Caption:
        labels = tuple(map(self.words.label, nodes))
        parts = _parts(labels)
        says = title or _headline(self.words, parts, series)
        described = [_extremes(self.words, parts, line) for line in series]
        marks = tuple(mark for line in series for mark in line.marks)
        return Caption(
            locale=self.words.locale,
            title=says,
            description=self.words.translate("；").join([says, *described] if says not in described else [says]),
            unit=unit_of_measure(self.words),
            count=self._count(),
            source=self._source(),
            notes=self.words.notes(marks, signs=signs),
        )

    def _count(self) -> str:
        _ = self.words.translate
        units = [column for column in self.comparison.columns if column.scorecard is not None]
        carriers = len(self.comparison.columns) - len(units)
        parts = [
            _("%(unit)s n = %(scored)s/%(all)s 个要素") % {"unit": self._name(column), **_counted(column.scorecard)}
            for column in units[:RADAR_LINES]
            if column.scorecard
        ]
        if len(units) > RADAR_LINES:
            parts = [_("评估单位 n = %(count)s") % {"count": len(units)}]
        if carriers:
            parts.append(_("对标 n = %(count)s 家") % {"count": carriers})
        return _("；").join(parts)


def element_bars(
    scorecard: Scorecard,
    parent: str | None,
    locale: Locale,
    *,
    source: str = "",
    published_decimals: int | None = None,
    title: str | None = None,
) -> Bars:
    """Return a bar for each child of a capability (None: of the root), with the figure its source printed, if any."""
    words = Wording(scorecard.framework, locale)
    framework = scorecard.framework
    children = framework.capabilities if parent is None else framework.node(parent).children
    scores = [scorecard.node(child.id) for child in children]
    marks = tuple(map(words.score_mark, scores))
    labels = tuple(words.label(child.id) for child in children)
    references = tuple(words.printed_mark(score.published, published_decimals) for score in scores)
    return Bars(
        caption=_bars_caption(words, scorecard, parent, labels, marks, title=title, source=source),
        axis=words.axis(),
        rows=labels,
        marks=marks,
        references=references if any(references) else (),
        reference_name=words.translate("原文得分") if any(references) else "",
    )


def _bars_caption(
    words: Wording,
    scorecard: Scorecard,
    parent: str | None,
    labels: Sequence[Label],
    marks: tuple[Mark, ...],
    *,
    title: str | None,
    source: str,
) -> Caption:
    _ = words.translate
    says = title or _children_headline(words, labels, marks)
    leaves = scorecard.framework.leaves_below(parent)
    scored = sum(scorecard.node(leaf.id).score is not None for leaf in leaves)
    told = (f"{label.name} {mark.full}" for label, mark in zip(labels, marks, strict=True))
    return Caption(
        locale=words.locale,
        title=says,
        description=_("；").join([says, *told]),
        unit=unit_of_measure(words),
        count=_("n = %(scored)s/%(all)s 个要素") % {"scored": scored, "all": len(leaves)},
        source=_("来源：%(source)s") % {"source": source} if source else "",
        notes=words.notes(marks),
    )


def unit_of_measure(words: Wording) -> str:
    """Return what the figures are measured in: points of the scale."""
    axis = words.axis()
    return words.translate("单位：分（%(minimum)s–%(maximum)s）") % {
        "minimum": axis.ticks[0].label,
        "maximum": axis.ticks[-1].label,
    }


def _total(items: Sequence[Contribution], part: str) -> Fraction:
    return sum((item.score if part == "score" else item.coverage for item in items), Fraction())


def _counted(scorecard: Scorecard) -> dict[str, int]:
    leaves = scorecard.framework.leaves
    scored = sum(scorecard.node(leaf.id).score is not None for leaf in leaves)
    return {"scored": scored, "all": len(leaves)}


Places = Sequence[tuple[int, Label]]  # labels to speak of, with their place among a chart's labels


def _parts(labels: Sequence[Label]) -> Places:
    """Return the labels that a headline compares: not the overall, which is made of the others."""
    places = list(enumerate(labels))
    return [place for place in places if place[1].id] or places


def _drawn(places: Places, line: Series) -> list[tuple[Label, Fraction, str]]:
    marks = ((label, line.marks[place]) for place, label in places)
    return [(label, mark.value, mark.short) for label, mark in marks if mark.value is not None]


def _extremes(words: Wording, places: Places, line: Series) -> str:
    """Say where one column is strongest and weakest, or why that cannot be said."""
    _ = words.translate
    points = _drawn(places, line)
    if not points:
        standings = {mark.standing for mark in line.marks}
        if standings <= {Standing.OPEN, Standing.NOT_APPLICABLE}:
            return _("%(unit)s尚未评估") % {"unit": line.name}
        return _("%(unit)s覆盖不足，不出分") % {"unit": line.name}
    high, low = max(points, key=lambda point: point[1]), min(points, key=lambda point: point[1])
    if high[1] == low[1]:
        return _("%(unit)s各项均为 %(score)s") % {"unit": line.name, "score": high[2]}
    return _("%(unit)s：%(high)s最强（%(high_score)s），%(low)s最弱（%(low_score)s）") % {
        "unit": line.name,
        "high": high[0].name,
        "high_score": high[2],
        "low": low[0].name,
        "low_score": low[2],
    }


def _headline(words: Wording, places: Places, series: Sequence[Series]) -> str:
    """Say the most telling thing: the ends of the one unit in question, else where the columns lie furthest apart."""
    if not series:
        return words.translate("没有选择评估单位")
    own = next((line for line in series if line.own), series[0] if len(series) == 1 else None)
    if own is not None:
        return _extremes(words, places, own)
    widest = max(
        (gap for place, label in places if (gap := _gap(label, place, series)) is not None),
        key=lambda gap: gap[0],
        default=None,
    )
    if widest is None:
        return words.translate("没有两家可以比较的得分")
    _, label, (high_name, high), (low_name, low) = widest
    if high == low:
        return words.translate("各方在各项上得分相同")
    return words.translate("%(node)s相差最大：%(high_unit)s %(high)s，%(low_unit)s %(low)s") % {
        "node": label.name,
        "high_unit": high_name,
        "high": high,
        "low_unit": low_name,
        "low": low,
    }


def _dots_headline(
    words: Wording, places: Places, series: Sequence[Series], bands: Sequence[Band | None]
) -> str | None:
    """Say how many figures lie below the benchmark's median, or how many units lie clearly apart; None if neither."""
    _ = words.translate
    if any(bands):
        told = []
        for line in series:
            held = [(line.marks[place].value, bands[place]) for place, label in places]
            known = [(value, band) for value, band in held if value is not None and band is not None]
            if known:
                below = sum(value < band.median for value, band in known)
                counts = {"unit": line.name, "below": below, "all": len(known)}
                told.append(_("%(unit)s %(below)s/%(all)s 项") % counts)
        return _("低于对标中位：%(units)s") % {"units": _("，").join(told)} if told else None
    gaps = [gap[0] for place, label in places if (gap := _gap(label, place, series)) is not None]
    if not gaps:
        return None
    apart = sum(gap >= words.framework.scale.step / 2 for gap in gaps)
    return _("%(all)s 项中有 %(apart)s 项相差半级以上") % {"all": len(gaps), "apart": apart}


def _ends_headline(words: Wording, places: Places, series: Sequence[Series]) -> str | None:
    """Say which figure of all is the highest and which the lowest; None with fewer than two columns."""
    points = [
        (mark.value, mark.short, line.name, label.name)
        for line in series
        for place, label in places
        if (mark := line.marks[place]).value is not None
    ]
    if len(series) < 2 or len(points) < 2:
        return None
    high, low = max(points, key=lambda point: point[0]), min(points, key=lambda point: point[0])
    return words.translate(
        "最高 %(high)s（%(high_unit)s，%(high_node)s），最低 %(low)s（%(low_unit)s，%(low_node)s）"
    ) % {
        "high": high[1],
        "high_unit": high[2],
        "high_node": high[3],
        "low": low[1],
        "low_unit": low[2],
        "low_node": low[3],
    }


def _gap(
    label: Label, place: int, series: Sequence[Series]
) -> tuple[Fraction, Label, tuple[str, str], tuple[str, str]] | None:
    points = [(mark.value, line.name, mark.short) for line in series if (mark := line.marks[place]).value is not None]
    if len(points) < 2:
        return None
    high, low = max(points, key=lambda point: point[0]), min(points, key=lambda point: point[0])
    return high[0] - low[0], label, (high[1], high[2]), (low[1], low[2])


def _children_headline(words: Wording, labels: Sequence[Label], marks: Sequence[Mark]) -> str:
    _ = words.translate
    points = [(mark.value, label, mark) for label, mark in zip(labels, marks, strict=True) if mark.value is not None]
    if not points:
        return _("下级能力均未出分")
    low, high = min(points, key=lambda point: point[0]), max(points, key=lambda point: point[0])
    if low[0] == high[0]:
        return _("已评各项均为 %(score)s") % {"score": low[2].short}
    return _("%(high)s最高（%(high_score)s），%(low)s最低（%(low_score)s）") % {
        "high": high[1].name,
        "high_score": high[2].short,
        "low": low[1].name,
        "low_score": low[2].short,
    }
