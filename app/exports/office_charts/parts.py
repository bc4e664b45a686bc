"""Pieces of chart XML: text, lines, fills, markers, axes, the frame of a chart. Knows no spec."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.charts.palette import Style
from app.charts.spec import Axis, Mark, Standing
from app.exports.office_charts.datasheet import Datasheet
from app.exports.office_charts.values import WORKBOOK, OfficeChart
from app.exports.office_look import Look, rgb
from app.exports.xml_text import content

_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_POINT = 12_700  # English metric units
# the two shapes that Office does not have are told apart by other ones
_SYMBOLS = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle-up": "triangle",
    "triangle-down": "x",
    "star": "star",
    "hexagon": "plus",
}
_DASHES = {"solid": "solid", "dash": "dash", "dot": "sysDot", "dashdot": "dashDot", "longdash": "lgDash"}
NOTHING = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
NO_MARKER = "<c:marker><c:symbol val='none'/></c:marker>"
_SHOWN = (
    "<c:showLegendKey val='0'/><c:showVal val='{value}'/><c:showCatName val='0'/><c:showSerName val='0'/>"
    "<c:showPercent val='0'/><c:showBubbleSize val='0'/>"
)


def solid(colour: str) -> str:
    """Return a plain fill."""
    return f"<a:solidFill><a:srgbClr val='{rgb(colour)}'/></a:solidFill>"


def hatched(colour: str, pattern: str = "wdUpDiag") -> str:
    """Return a hatching in a colour on white."""
    ground = "<a:bgClr><a:srgbClr val='FFFFFF'/></a:bgClr>"
    return f"<a:pattFill prst='{pattern}'><a:fgClr><a:srgbClr val='{rgb(colour)}'/></a:fgClr>{ground}</a:pattFill>"


def line(colour: str, points: float, dash: str = "solid", cap: str = "flat") -> str:
    """Return a line."""
    return (
        f"<a:ln w='{round(points * _POINT)}' cap='{cap}'>{solid(colour)}<a:prstDash val='{_DASHES.get(dash, dash)}'/>"
        "<a:round/></a:ln>"
    )


NO_LINE = "<a:ln><a:noFill/></a:ln>"


def shape(inside: str) -> str:
    """Return fill and line of a part of a chart."""
    return f"<c:spPr>{inside}</c:spPr>"


def marker(style: Style, *, hollow: bool = False, size: int = 7) -> str:
    """Return the marker of a unit; hollow for a provisional figure."""
    symbol = _SYMBOLS[style.marker]
    fill = "<a:noFill/>" if symbol in ("x", "plus", "star") else solid("#ffffff" if hollow else style.colour)
    inside = shape(fill + line(style.outline, 1.25))
    return f"<c:marker><c:symbol val='{symbol}'/><c:size val='{size}'/>{inside}</c:marker>"


def hollow_points(style: Style, marks: Sequence[Mark], size: int = 7) -> str:
    """Return the points of provisional figures, with open markers."""
    return "".join(
        f"<c:dPt><c:idx val='{place}'/>{marker(style, hollow=True, size=size)}<c:bubble3D val='0'/></c:dPt>"
        for place, mark in enumerate(marks)
        if mark.value is not None and mark.standing is Standing.PROVISIONAL
    )


def lettering(look: Look, size: float, colour: str = "", *, bold: bool = False) -> str:
    """Return how a text is set, as attributes and children of `a:defRPr` or `a:rPr`."""
    weight = " b='1'" if bold else " b='0'"
    fonts = "<a:latin typeface='+mn-lt'/><a:ea typeface='+mn-ea'/>"
    return f" sz='{round(size * 100)}'{weight}>{solid(colour or look.ink)}{fonts}"


def text_properties(look: Look, size: float, colour: str = "") -> str:
    """Return the text properties of a part of a chart."""
    inside = lettering(look, size, colour)
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr{inside}</a:defRPr></a:pPr>"
        "<a:endParaRPr lang='en-US'/></a:p></c:txPr>"
    )


def rich_text(look: Look, text: str, size: float, *, bold: bool = False, colour: str = "", align: str = "", wrapped: bool = True) -> str:  # fmt: skip  # noqa: E501
    """Return a text of its own (a title, the label of a point); one that is not `wrapped` keeps its own lines."""
    aligned = f" algn='{align}'" if align else ""
    head = f"<a:pPr{aligned}><a:defRPr{lettering(look, size, colour, bold=bold)}</a:defRPr></a:pPr>"
    look_of_run = f"<a:rPr lang='zh-CN'{lettering(look, size, colour, bold=bold)}</a:rPr>"
    lines = "".join(
        f"<a:p>{head}<a:r>{look_of_run}<a:t>{content(line_)}</a:t></a:r></a:p>" for line_ in text.split("\n")
    )
    return f"<c:tx><c:rich><a:bodyPr wrap='{'square' if wrapped else 'none'}'/><a:lstStyle/>{lines}</c:rich></c:tx>"


def labels(texts: Iterable[tuple[int, str]], look: Look, size: float, *, place: str, share: tuple[float, float] | None = None, colour: str = "", align: str = "") -> str:  # fmt: skip  # noqa: E501
    """Return labels in words for some points of a series, `place` beside them, no label for the others.

    `share` is how wide and high a label may be, as shares of the chart.
    """
    room = "" if share is None else _label_room(*share)
    told = "".join(
        f"<c:dLbl><c:idx val='{number}'/>{rich_text(look, text, size, colour=colour, align=align, wrapped=False)}"
        f"<c:dLblPos val='{place}'/>{_SHOWN.format(value=1)}{room}</c:dLbl>"
        for number, text in texts
    )
    return f"<c:dLbls>{told}{_SHOWN.format(value=0)}</c:dLbls>"


def _label_room(width: float, height: float) -> str:
    return (
        '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
        'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:layout><c:manualLayout>'
        f"<c:w val='{width:.4f}'/><c:h val='{height:.4f}'/></c:manualLayout></c15:layout></c:ext></c:extLst>"
    )


def inner_layout(left: float, top: float, width: float, height: float) -> str:
    """Return where the plot stands without its names, as shares of the chart."""
    return (
        "<c:layout><c:manualLayout><c:layoutTarget val='inner'/><c:xMode val='edge'/><c:yMode val='edge'/>"
        f"<c:x val='{left:.4f}'/><c:y val='{top:.4f}'/><c:w val='{width:.4f}'/><c:h val='{height:.4f}'/>"
        "</c:manualLayout></c:layout>"
    )


def scaling(low: float, high: float, orientation: str = "minMax") -> str:
    """Return the ends of an axis."""
    return f"<c:scaling><c:orientation val='{orientation}'/><c:max val='{high!r}'/><c:min val='{low!r}'/></c:scaling>"


def unit_of(axis: Axis) -> float:
    """Return the distance between the rings or lines of an axis: the least between two named levels."""
    values = [tick.value for tick in axis.ticks]
    steps = [after - before for before, after in pairwise(values)]
    return float(min(steps, default=axis.maximum - axis.minimum))


def tick_format(axis: Axis) -> str:
    """Return the number format of the levels, as they are printed."""
    return number_format(tick.label for tick in axis.ticks)


def number_format(texts: Iterable[str]) -> str:
    """Return the format that prints numbers with the most decimals among these texts."""
    most = max((len(text.partition(".")[2].rstrip("*†‡")) for text in texts), default=0)
    return "0." + "0" * most if most else "0"


def legend(look: Look, size: float, hidden: Iterable[int] = ()) -> str:
    """Return the key below a chart, without the series of these numbers."""
    gone = "".join(f"<c:legendEntry><c:idx val='{n}'/><c:delete val='1'/></c:legendEntry>" for n in hidden)
    return f"<c:legend><c:legendPos val='b'/>{gone}<c:overlay val='0'/>{text_properties(look, size)}</c:legend>"


def title(look: Look, text: str, size: float) -> str:
    """Return a title inside the chart, or that there is none."""
    if not text:
        return "<c:autoTitleDeleted val='1'/>"
    return (
        f"<c:title>{rich_text(look, text, size, bold=True)}<c:overlay val='0'/></c:title><c:autoTitleDeleted val='0'/>"
    )


def chart_space(look: Look, sheet: Datasheet, *, plot: str, size: float, head: str = "", key: str = "") -> OfficeChart:
    """Put a chart together: title, plot area, key."""
    xml = (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><c:chartSpace {_SPACES}><c:date1904 val='0'/>"
        f"<c:roundedCorners val='0'/><c:chart>{head or title(look, '', size)}<c:plotArea>{plot}</c:plotArea>{key}"
        "<c:plotVisOnly val='1'/><c:dispBlanksAs val='gap'/></c:chart>"
        f"<c:spPr><a:noFill/>{NO_LINE}</c:spPr>{text_properties(look, size)}"
        f"<c:externalData r:id='{WORKBOOK}'><c:autoUpdate val='0'/></c:externalData></c:chartSpace>"
    )
    return OfficeChart(xml.encode(), sheet.workbook())
