"""What Plotly figures share: escaped words, fonts, axes, markers, and the layout that sends nothing anywhere.

Plotly reads a few HTML tags in its texts, so every word is escaped here before it goes into a figure; of those tags
only `<br>` is used, since the others become style attributes, which our content security policy refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from app.charts.drawing.canvas import DASHES
from app.charts.lettering import wrap
from app.charts.palette import HAIRLINE, INK, MUTED, PAPER, Style
from app.charts.spec import Axis, Label, Mark, Series, Standing
from app.core.text import Locale

Json = dict[str, Any]

FONTS: dict[Locale, str] = {  # the page's own
    "zh": "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, system-ui, sans-serif",
    "en": "-apple-system, Segoe UI, Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, system-ui, sans-serif",
}
NO_HOVER = {"hoverinfo": "skip", "showlegend": False}


def safe(words: str) -> str:
    """Return words as Plotly shows them literally."""
    return escape(words, quote=False)


def lines(words: str, limit: float) -> str:
    """Return words broken into lines of at most `limit` ems."""
    return "<br>".join(safe(line) for line in wrap(words, limit))


def number(value: Fraction) -> float:
    """Return a value as JSON can hold it; what is printed comes from the spec, never from here."""
    return float(value)


def layout(locale: Locale, *, height: float, **more: Any) -> Json:
    """Return the layout that every figure starts from; its height is fixed, its width follows the page."""
    font = {"family": FONTS[locale], "size": 13, "color": INK}
    return {
        "height": round(height),
        "autosize": True,
        "dragmode": False,
        "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": font,
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": MUTED, "font": font},
        "margin": {"l": 8, "r": 16, "t": 12, "b": 12},
        "showlegend": False,
        **more,
    }


def key() -> Json:
    """Return a key below the chart, in one row where it fits."""
    return {"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.02, "yanchor": "top", "itemsizing": "trace"}


def value_axis(axis: Axis, *, top: bool = True) -> Json:
    """Return the fixed axis of scores, horizontal: the whole scale, a thin line at every level."""
    air = number(axis.maximum - axis.minimum) * 0.015
    return {
        "range": [number(axis.minimum) - air, number(axis.maximum) + air],
        "tickvals": [number(tick.value) for tick in axis.ticks],
        "ticktext": [safe(tick.label) for tick in axis.ticks],
        "side": "top" if top else "bottom",
        "automargin": True,
        "fixedrange": True,
        "gridcolor": HAIRLINE,
        "zeroline": False,
        "tickfont": {"color": MUTED, "size": 12},
    }


def name_axis(labels: Sequence[Label], *, limit: float = 13) -> Json:
    """Return a vertical axis of names, the first on top."""
    return {
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": [lines(label.name, limit) + " " for label in labels],
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }


def separators(count: int) -> list[Json]:
    """Return hairlines between rows."""
    return [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": row - 0.5, "y1": row - 0.5, "layer": "below",
         "line": {"color": HAIRLINE, "width": 0.6}}
        for row in range(1, count)
    ]  # fmt: skip


def at_right(row: int, words: str, *, bold: bool = False, colour: str = INK, shift: int = 10) -> Json:
    """Return words in the column right of the axis."""
    font = {"color": colour, "size": 13, "weight": "bold" if bold else "normal"}
    return {"xref": "paper", "x": 1, "xanchor": "left", "xshift": shift, "y": row, "text": safe(words),
            "showarrow": False, "font": font}  # fmt: skip


def markers(style: Style, marks: Iterable[Mark], *, size: int = 10) -> Json:
    """Return a unit's markers; hollow where the score is provisional."""
    fills = [PAPER if mark.standing is Standing.PROVISIONAL else style.colour for mark in marks]
    return {
        "symbol": style.marker,
        "size": size,
        "color": fills if len(set(fills)) > 1 else (fills or [style.colour])[0],
        "line": {"color": style.outline, "width": 1.5},
        "opacity": 1,
    }


def dash(style: Style) -> str:
    """Return a unit's dash in pixels, the same as on paper."""
    return ",".join(f"{part}px" for part in DASHES[style.dash].split())


def hatched(colour: str) -> Json:
    """Return the fill of a bar that stands for a range, not for a score."""
    return {
        "color": PAPER,
        "line": {"color": colour, "width": 1},
        "pattern": {"shape": "/", "fgcolor": colour, "bgcolor": PAPER, "size": 6, "solidity": 0.18},
    }


def said(heading: str, *words: str) -> str:
    """Return what hovering says: a heading, and words below it."""
    return f"{safe(heading)}<br>{'　'.join(map(safe, words))}"


def told(series: Series, label: Label, mark: Mark) -> str:
    """Return what hovering over a unit's mark says."""
    return said(series.name, label.name, mark.full)


def in_order(series: Sequence[Series]) -> list[Series]:
    """Return the unit in question last, so that it is drawn on top."""
    return sorted(series, key=lambda line: line.own)
