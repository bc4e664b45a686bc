"""The frame around a page: where the reader is (engagement, unit, round, framework version) and the tree beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import url_for

from app.core.text import Text
from app.i18n import msgid
from app.services import engagements
from app.services.portfolio import shown_units
from app.web.context import locale

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.services.engagements import AssessmentSummary
    from app.storage.database import Session

DEEPEST = 5  # deeper units are indented no further


@dataclass(frozen=True, slots=True)
class TreeUnit:
    """One line of the unit tree beside an engagement's pages; `url` leads to its newest assessment, if it has one."""

    key: str
    name: Text
    depth: int
    url: str | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html shows around the content; everything may be left out.

    `section` is the entry of the main navigation that is current: engagements, frameworks, benchmarks, reports, users;
    `page` that of the engagement's: portfolio, compare, units, rounds, assessments, reports. `facts` stand in the top
    bar: (msgid of the label, what to show). `archived`: the engagement is, and every page of it says so.
    """

    section: str | None = None
    page: str | None = None
    engagement: str | None = None
    engagement_name: Text | None = None
    units: tuple[TreeUnit, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    archived: bool = False


def engagement_shell(
    session: Session,
    key: str,
    *,
    page: str | None = None,
    unit: str | None = None,
    facts: Sequence[tuple[str, str]] = (),
) -> Shell:
    """Return the frame of a page of an engagement; `unit` is the key of the unit that the page is about."""
    engagement = engagements.get_engagement(session, key)
    newest = {summary.unit.key: summary for summary in _newest_last(session, engagement.id)}
    return Shell(
        section="engagements",
        page=page,
        engagement=key,
        engagement_name=engagement.name,
        units=tuple(
            TreeUnit(
                one.key,
                one.name,
                min(one.depth, DEEPEST),
                assessment_url(newest[one.key].id) if one.key in newest else None,
                one.key == unit,
            )
            for one in shown_units(session, engagement.id)
        ),
        facts=tuple(facts),
        archived=engagement.archived,
    )


def assessment_shell(session: Session, view: AssessmentView, *, page: str | None = None) -> Shell:
    """Return the frame of a page about one assessment, which stands in the tree and in the top bar."""
    facts = (
        (msgid("评估单位"), view.unit.name.in_locale(locale())),
        (msgid("评估轮次"), view.round.name.in_locale(locale())),
        (msgid("框架"), f"{view.framework.name.in_locale(locale())} {view.framework.version}"),
    )
    return engagement_shell(session, view.engagement.key, page=page, unit=view.unit.key, facts=facts)


def assessment_url(assessment_id: int) -> str:
    """Return the address of an assessment's page."""
    return url_for("assessments.show", assessment_id=assessment_id)


def _newest_last(session: Session, engagement_id: int) -> list[AssessmentSummary]:
    current = (one for one in engagements.list_assessments(session, engagement_id) if one.current)
    return sorted(current, key=lambda one: (one.round.date or date.min, one.id))
