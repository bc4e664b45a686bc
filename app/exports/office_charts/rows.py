"""What charts of rows share: room for the names on the left, lines at the levels, values to the right."""

from __future__ import annotations

from collections.abc import Sequence

from app.charts.lettering import ems
from app.charts.spec import Label
from app.exports.office_charts.datasheet import Column
from app.exports.office_charts.parts import NOTHING, labels, line, shape, text_properties
from app.exports.office_charts.values import Room
from app.exports.office_look import POINT, Look

AXIS = 6.0  # millimetres above the rows for the levels
KEY_ROW = 5.0
_WIDEST = 0.36


def name_width(rows: Sequence[Label], room: Room) -> float:
    """Return how wide the names are, in millimetres: at most a share of the chart."""
    widest = max((ems(label.name) for label in rows), default=0.0) * room.size * POINT
    return min(widest * 1.12 + 4, room.width * _WIDEST)


def key_height(names: Sequence[str], room: Room) -> float:
    """Return how much room the key below a chart takes, in millimetres: columns as wide as its longest name."""
    widest = max((ems(name) for name in names), default=0.0) * room.size * POINT * 1.08 + 14
    across = max(1, int(room.width * 0.95 // widest))
    rows = -(-len(names) // across)
    return rows * KEY_ROW + (4 if rows else 0)


def grid(look: Look) -> str:
    """Return thin lines at every level."""
    return f"<c:majorGridlines>{shape(line(look.hairline, 0.75))}</c:majorGridlines>"


def category_axis(look: Look, size: float, *, crossing: int, number: int) -> str:
    """Return the axis of the names, the first row at the top."""
    return (
        f"<c:catAx><c:axId val='{number}'/><c:scaling><c:orientation val='maxMin'/></c:scaling><c:delete val='0'/>"
        "<c:axPos val='l'/><c:numFmt formatCode='General' sourceLinked='0'/><c:majorTickMark val='none'/>"
        f"<c:minorTickMark val='none'/><c:tickLblPos val='low'/>{shape(line(look.hairline, 0.75))}"
        f"{text_properties(look, size)}<c:crossAx val='{crossing}'/><c:crosses val='autoZero'/><c:auto val='0'/>"
        "<c:lblAlgn val='ctr'/><c:lblOffset val='60'/><c:noMultiLvlLbl val='1'/></c:catAx>"
    )


def bar_series(number: int, names: Column, values: Column, *, code: str, inside: str = "", points: str = "", told: str = "") -> str:  # fmt: skip  # noqa: E501
    """Return one stretch of every bar; without `inside` it cannot be seen and only holds the place."""
    look = shape(inside) if inside else NOTHING
    return (
        f"<c:ser><c:idx val='{number}'/><c:order val='{number}'/>{values.name}{look}<c:invertIfNegative val='0'/>"
        f"{points}{told}<c:cat>{names.texts}</c:cat><c:val>{values.numbers(code)}</c:val></c:ser>"
    )


def told_beside(texts: Sequence[str], look: Look, size: float) -> str:
    """Return words at the end of every bar: labels at the foot of the stretch that follows it."""
    return labels([(n, text) for n, text in enumerate(texts) if text], look, size, place="inBase", align="l")
