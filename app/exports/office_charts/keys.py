"""How series are named in the key of a chart, in a sheet and in the words beside it."""

from __future__ import annotations

from app.charts.drawing.legend import is_drawn
from app.charts.spec import Mark, Series, Standing
from app.charts.wording import PROVISIONAL_SIGN

WORDED = (Standing.OPEN, Standing.NOT_APPLICABLE, Standing.ABSENT)


def named(line: Series) -> str:
    """Return the name of a series; where nothing of it can be seen, with the reason."""
    return line.name if is_drawn(line) or not line.marks else f"{line.name} – {line.marks[0].full}"


def figure(mark: Mark) -> str:
    """Return a figure as it is printed beside a name; words where there is none."""
    return mark.full if mark.standing in WORDED else mark.short


def bare(text: str) -> str:
    """Return a printed figure without its sign."""
    return text.rstrip(PROVISIONAL_SIGN + "†*")
