"""A small framework with scored, partial and empty units and carriers, and every chart made of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.charts.build import Charts, element_bars
from app.charts.spec import Chart
from app.core.benchmark import BenchmarkEntry, FigureRange
from app.core.case import State
from app.core.compare import Column, Comparison, benchmark_column, case_column, compare, contributions
from app.core.framework import Framework
from app.core.scoring import Judgement, Scorecard, score
from app.core.text import Locale, Text
from tests.unit.core.trees import QUARTERS, framework

TREE = {
    "data": {"collect": None, "manage": None, "share": None},
    "insight": {"gain": None, "apply": None},
    "channel": {"plan": None, "run": None, "merge": None, "steer": None, "grow": None},
    "people": {"pay": None, "train": None},
}
FULL = {leaf: str(1 + place % 5 / 2) for place, leaf in enumerate(leaf for group in TREE.values() for leaf in group)}
PARTIAL = {
    "collect": "2",
    "manage": "2.5",
    "share": "1",
    "gain": "4",
    "plan": "3",
    "run": "1.5",
    "merge": "2",
    "pay": "4.5",
}
NAMES = {"full": "<深圳> & 电信", "part": "广州电信", "none": "福州电信", "other": "中国电信整体"}


def sketch() -> Framework:
    """Four groups of two to five elements, 0 to 5 in halves."""
    return framework(TREE)


def card(tree: Framework, scores: Mapping[str, str], *, published: Mapping[str, str] | None = None) -> Scorecard:
    """Score an assessment in which only these elements are scored."""
    judged = {leaf: Judgement(State.SCORED, Fraction(value)) for leaf, value in scores.items()}
    printed = {node: Fraction(value) for node, value in (published or {}).items()}
    return score(tree, judged, published=printed)


def units(tree: Framework) -> tuple[Column, ...]:
    """A complete unit, a partial one (insight and people withheld, channel provisional) and an empty one."""
    return (
        case_column("full", Text(NAMES["full"], "Shenzhen"), card(tree, FULL)),
        case_column("part", Text(NAMES["part"], "Guangzhou"), card(tree, PARTIAL)),
        case_column("none", Text(NAMES["none"], "Fuzhou"), card(tree, {})),
    )


def carriers(tree: Framework) -> tuple[Column, ...]:
    """One carrier known throughout with a range, one known in a single group."""
    one = BenchmarkEntry(
        "one",
        Text("某移动运营商", "One"),
        scores={"data": Fraction(3), "insight": Fraction("2.75"), "people": Fraction(2)},
        ranges={"channel": FigureRange(Fraction("2.5"), Fraction(3))},
    )
    two = BenchmarkEntry("two", Text("SBC", "SBC"), scores={"data": Fraction(4)})
    return benchmark_column(tree, one), benchmark_column(tree, two)


def comparison(*, with_carriers: bool = True) -> Comparison:
    """Everything side by side."""
    tree = sketch()
    return compare(tree, [*units(tree), *(carriers(tree) if with_carriers else ())])


def groups(tree: Framework) -> list[str | None]:
    """The groups of the sketch."""
    return [node.id for node in tree.capabilities]


def every_chart(locale: Locale) -> dict[str, Chart]:
    """One of each kind, with withheld, provisional, open and missing figures among them."""
    everything = comparison()
    tree = everything.framework
    some = compare(tree, [*units(tree)[:2], carriers(tree)[0]])
    charts = Charts(some, locale, own="part", source="访谈")
    all_of_it = Charts(everything, locale)
    full, part = units(tree)[:2]
    fall = contributions(part, full, at="data")
    assert fall is not None
    waterfall = charts.waterfall(fall)
    assert waterfall is not None
    printed = card(tree, FULL, published={"collect": "1.43", "share": "2"})
    return {
        "radar": charts.radar(groups(tree)),
        "multiples": all_of_it.profile(groups(tree)),
        "dots": all_of_it.dot_plot(groups(tree)),
        "dots of two": charts.dot_plot(["data", "insight"]),
        "heatmap": all_of_it.heatmap([*groups(tree), None]),
        "bars": element_bars(printed, "data", locale, published_decimals=2),
        "bars of a partial unit": element_bars(card(tree, PARTIAL), None, locale),
        "waterfall": waterfall,
    }


def quarters() -> Framework:
    """Three groups on a scale from 1 to 7 in quarter points."""
    return framework({"a": {"a1": None}, "b": {"b1": None}, "c": {"c1": None}}, scale=QUARTERS)
