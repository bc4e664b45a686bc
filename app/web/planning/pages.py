"""What the pages of the plan show: the matrix cut to what the reader chose, whom to ask next, and the agenda by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import url_for

from app.core.panel import Asking, Panel, Reach
from app.i18n import msgid, written_weekday
from app.services.planning import LENGTH, Cell, Column, Plan, is_appointment
from app.web.context import locale, translate
from app.web.interviews.pages import level_name

if TYPE_CHECKING:
    from app.core.framework import Capability
    from app.services.interview_sheet import Sheet
    from app.storage.interviews import InterviewRecord

ASKINGS = {
    Asking.ASKED: msgid("问卷要问，未安排"),
    Asking.PLANNED: msgid("已安排"),
    Asking.BEGUN: msgid("访谈中，未评"),
    Asking.SCORED: msgid("已评"),
    Asking.NOT_APPLICABLE: msgid("不适用"),
    Asking.UNKNOWN: msgid("不清楚"),
}
REACHES = {
    Reach.REACHED: msgid("已达到"),
    Reach.WILL_BE: msgid("按安排会达到"),
    Reach.MISSING: msgid("还差角色"),
    Reach.OUT_OF_REACH: msgid("问卷问不到"),
    Reach.SETTLED: msgid("已有共识分"),
}
OTHER_LEVEL = "-other"  # roles that only interviews with another questionnaire have; no level can be this
NO_LEVEL = "-none"
GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the matrix with the cells of the columns that are shown."""

    element: Capability
    panel: Panel
    reach: Reach
    cells: tuple[tuple[Column, Cell], ...]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows under one capability; `node` is None where the elements stand on the first tier or right below it."""

    node: Capability | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RowSection:
    """A capability of the first tier (None in a framework of a single tier) with its rows by group."""

    node: Capability | None
    groups: tuple[RowGroup, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row of the section."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def reached(self) -> int:
        """How many of its elements need nobody any more."""
        return sum(row.reach in (Reach.REACHED, Reach.SETTLED) for row in self.rows)


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """The roles of one level of the organisation."""

    id: str
    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The part of the plan that is shown, and what there is to choose from."""

    sections: tuple[RowSection, ...]
    groups: tuple[ColumnGroup, ...]
    levels: tuple[ColumnGroup, ...]
    dimensions: tuple[Capability, ...]
    level: str
    dimension: str
    show: str

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column that is shown."""
        return tuple(column for group in self.groups for column in group.columns)

    @property
    def is_cut(self) -> bool:
        """Tell whether something is left out."""
        return bool(self.level or self.dimension or self.show)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A role to ask next: how many elements it helps now, and how many are enough once it is asked too."""

    rank: int
    column: Column
    closes: int
    enough: int


def matrix(plan: Plan, *, level: str = "", dimension: str = "", show: str = "") -> Matrix:
    """Return the matrix cut to one level, one dimension, or the elements that lack roles; unknown choices are none."""
    framework = plan.place.framework
    levels = _levels(plan.columns)
    dimensions = framework.capabilities if len(framework.tiers) > 1 else ()
    level = level if level in {one.id for one in levels} else ""
    dimension = dimension if dimension in {one.id for one in dimensions} else ""
    show = show if show == GAPS else ""
    groups = tuple(one for one in levels if not level or one.id == level)
    columns = [column for group in groups for column in group.columns]
    rows = [_row(plan, framework.node(panel.element), panel, columns) for panel in plan.panels]
    if show:
        rows = [row for row in rows if row.reach in (Reach.MISSING, Reach.OUT_OF_REACH)]
    sections = _sections(plan, rows)
    return Matrix(
        sections=tuple(one for one in sections if not dimension or (one.node and one.node.id == dimension)),
        groups=groups,
        levels=levels,
        dimensions=tuple(dimensions),
        level=level,
        dimension=dimension,
        show=show,
    )


def _row(plan: Plan, element: Capability, panel: Panel, columns: Iterable[Column]) -> Row:
    cells = plan.cells[element.id]
    return Row(element, panel, panel.reach(plan.minimum), tuple((one, cells[one.role.id]) for one in columns))


def _sections(plan: Plan, rows: Iterable[Row]) -> tuple[RowSection, ...]:
    framework = plan.place.framework
    tree: dict[str | None, dict[str | None, list[Row]]] = {}
    for row in rows:
        above = framework.ancestors(row.element.id)
        root = above[0].id if above else None
        parent = above[-1].id if len(above) > 1 else None
        tree.setdefault(root, {}).setdefault(parent, []).append(row)
    return tuple(
        RowSection(
            framework.node(root) if root else None,
            tuple(
                RowGroup(framework.node(parent) if parent else None, tuple(members))
                for parent, members in groups.items()
            ),
        )
        for root, groups in tree.items()
    )


def _levels(columns: Iterable[Column]) -> tuple[ColumnGroup, ...]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(OTHER_LEVEL if column.extra else column.role.level or NO_LEVEL, []).append(column)
    several = len(found) > 1
    return tuple(
        ColumnGroup(one, _level_name(one) if several else "", tuple(members)) for one, members in found.items()
    )


def _level_name(level: str) -> str:
    if level == OTHER_LEVEL:
        return translate("其他问卷的角色")
    return translate("未分层级") if level == NO_LEVEL else level_name(level)


def candidates(plan: Plan) -> tuple[Candidate, ...]:
    """Return whom to ask next in order, with what each brings."""
    gaps = {panel.element: panel.missing(plan.minimum) for panel in plan.panels}
    enough = sum(gap == 0 for gap in gaps.values())
    found = []
    for rank, suggestion in enumerate(plan.suggestions, start=1):
        column = plan.column(suggestion.role)
        for element in suggestion.elements:
            gaps[element] -= 1
            enough += gaps[element] == 0
        if column is not None:
            found.append(Candidate(rank, column, len(suggestion.elements), enough))
    return tuple(found)


def cell_url(cell: Cell, element: str) -> str | None:
    """Return where a cell leads: to the answer, or to the interview that is planned; None where there is neither."""
    if cell.interview is None:
        return None
    if cell.asking is Asking.PLANNED:
        return url_for("interviewing.hub", interview_id=cell.interview)
    return url_for("interviewing.element", interview_id=cell.interview, element=element)


def asking_word(asking: Asking) -> str:
    """Return what a cell says; nothing for a role that the questionnaire does not ask."""
    return translate(ASKINGS[asking]) if asking in ASKINGS else ""


def reach_word(reach: Reach) -> str:
    """Return how an element stands to the minimum."""
    return translate(REACHES[reach])


def unreachable(plan: Plan) -> tuple[tuple[Capability, int], ...]:
    """Return the elements that the questionnaire cannot bring to the minimum, each with how many roles it can."""
    framework = plan.place.framework
    panels = {panel.element: panel for panel in plan.panels}
    return tuple(
        (
            framework.node(element),
            sum(map(len, (panels[element].heard, panels[element].coming, panels[element].askable))),
        )
        for element in plan.reaches[Reach.OUT_OF_REACH]
    )


# --- agenda --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment as the agenda shows it; `hour` is local, empty when the day stands without a time."""

    sheet: Sheet
    hour: str
    overdue: bool
    clashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """The appointments of one local day; `heading` is empty for those that have no day yet."""

    heading: str
    entries: tuple[Entry, ...]


def agenda(
    appointments: Iterable[Sheet], clashes: Mapping[int, tuple[InterviewRecord, ...]], now: datetime
) -> tuple[AgendaDay, ...]:
    """Return appointments, in order of time, by day."""
    days: dict[date | None, list[Entry]] = {}
    for sheet in appointments:
        one = sheet.interview
        local = one.starts_at.astimezone() if one.starts_at else None
        entry = Entry(
            sheet,
            clock_time(one.starts_at),
            overdue=one.starts_at is not None and one.starts_at + LENGTH < now,
            clashes=tuple(_clash(one, other) for other in clashes.get(one.id, ())),
        )
        days.setdefault(local.date() if local else one.date, []).append(entry)
    return tuple(
        AgendaDay(written_weekday(day, locale()) if day else "", tuple(entries)) for day, entries in days.items()
    )


def _clash(one: InterviewRecord, other: InterviewRecord) -> str:
    """Return which other appointment it is, naming the unit where that is another one."""
    where = "" if other.unit_key == one.unit_key else other.unit_name.in_locale(locale())
    return " ".join(part for part in (clock_time(other.starts_at), where, other.key) if part)


def clock_time(moment: datetime | None) -> str:
    """Return the local time of day (14:30), nothing for none."""
    return moment.astimezone().strftime("%H:%M") if moment else ""


def zone(moment: datetime) -> str:
    """Return the server's time zone as its difference to UTC (UTC+08:00)."""
    written = moment.astimezone().strftime("%z")
    return f"UTC{written[:3]}:{written[3:5]}"


def planned_for(sheets: Iterable[Sheet], questionnaire: str) -> dict[str, Sheet]:
    """Return by role the first interview that is planned with a questionnaire (`id@version`) and waits to be opened."""
    found: dict[str, Sheet] = {}
    for sheet in sheets:
        if sheet.interview.questionnaire_reference == questionnaire and is_appointment(sheet):
            found.setdefault(sheet.interview.role, sheet)
    return found
