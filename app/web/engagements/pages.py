"""What the portfolio page shows, in the reader's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import url_for

from app.core.scoring import Status
from app.services.engagements import UnitView
from app.services.portfolio import Entry, Portfolio
from app.web.context import translate


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment of a unit, or a unit without any; `first` rows carry the unit's name."""

    unit: UnitView
    entry: Entry | None
    first: bool


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """The portfolio: its answer, its rows, and where to go from here."""

    answer: str
    rows: tuple[Row, ...]
    has_rounds: bool
    has_assessments: bool
    several_frameworks: bool
    compare_url: str | None


def portfolio_page(portfolio: Portfolio) -> PortfolioPage:
    """Return what the page shows."""
    rows = tuple(row for branch in portfolio.walk() for row in _rows(branch.unit, branch.entries))
    entries = [row.entry for row in rows if row.entry]
    return PortfolioPage(
        answer=_answer(len(portfolio.walk()), entries),
        rows=rows,
        has_rounds=bool(portfolio.rounds),
        has_assessments=bool(entries),
        several_frameworks=len({(entry.framework_id, entry.framework_version) for entry in entries}) > 1,
        compare_url=_compare_url(portfolio, entries),
    )


def _rows(unit: UnitView, entries: tuple[Entry, ...]) -> list[Row]:
    if not entries:
        return [Row(unit, None, True)]
    return [Row(unit, entry, index == 0) for index, entry in enumerate(entries)]


def _answer(units: int, entries: list[Entry]) -> str:
    """Say how many units there are and how far their assessments reach."""
    if not entries:
        return translate("%(units)s 个评估单位，还没有评估。") % {"units": units}
    counts = Counter(entry.overall.status for entry in entries)
    found = [
        (counts[Status.PUBLISHED] + counts[Status.PROVISIONAL], translate("%(number)s 份有总分")),
        (counts[Status.INSUFFICIENT], translate("%(number)s 份覆盖不足")),
        (counts[Status.OPEN], translate("%(number)s 份未评")),
        (counts[Status.NOT_APPLICABLE], translate("%(number)s 份不适用")),
    ]
    parts = [words % {"number": number} for number, words in found if number]
    return translate("%(units)s 个评估单位，%(assessments)s 份评估：%(parts)s。") % {
        "units": units,
        "assessments": len(entries),
        "parts": translate("，").join(parts),
    }


def _compare_url(portfolio: Portfolio, entries: list[Entry]) -> str | None:
    if len(entries) < 2:
        return None
    return url_for("comparing.compare", key=portfolio.engagement.key, a=[entry.assessment_id for entry in entries])
