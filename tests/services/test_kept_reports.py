"""One report per engagement, template, assessments, benchmark, weights and method; what people wrote stays with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.core.framework import Method
from app.core.report import Paper
from app.services.engagements import get_engagement, list_assessments
from app.services.kept_reports import edits_of, keep_report, keep_reports, kept_report
from app.services.refusals import NotFound
from app.services.report_requests import ReportRequest
from app.storage.reports import reports
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.storage.database import Session

DAY = date(2026, 3, 2)


@pytest.fixture
def engagement_id(demo_session: Session) -> int:
    return get_engagement(demo_session, "china-telecom-2003").id


@pytest.fixture
def request_(demo_session: Session, engagement_id: int) -> ReportRequest:
    ids = tuple(one.id for one in list_assessments(demo_session, engagement_id))
    return ReportRequest("executive", "zh", ids, DAY, benchmark="foreign-carriers-2003")


def kept(session: Session, request: ReportRequest, engagement_id: int, clock: FixedClock) -> int:
    return keep_report(session, request, engagement_id=engagement_id, actor=None, clock=clock)


def test_language_day_file_and_paper_do_not_make_another_report(
    demo_session: Session, request_: ReportRequest, engagement_id: int, clock: FixedClock
) -> None:
    first = kept(demo_session, request_, engagement_id, clock)
    others = (
        replace(request_, locale="en"),
        replace(request_, made_on=date(2026, 4, 1)),
        replace(request_, format="xlsx"),
        replace(request_, paper=Paper.A4, data_attached=True),
    )
    assert [kept(demo_session, other, engagement_id, clock) for other in others] == [first] * 4


def test_whatever_changes_the_figures_or_the_sections_makes_another_report(
    demo_session: Session, request_: ReportRequest, engagement_id: int, clock: FixedClock
) -> None:
    variants = [
        request_,
        replace(request_, template="full"),
        replace(request_, assessments=request_.assessments[::-1]),
        replace(request_, benchmark=None),
        replace(request_, entries=("sbc",)),
        replace(request_, weights="equal"),
        replace(request_, method=Method.FLAT_MEAN),
    ]
    ids = keep_reports(demo_session, variants, engagement_id=engagement_id, actor=None, clock=clock)
    assert len(set(ids)) == len(variants)
    assert [one.id for one in reports(demo_session, engagement_id)] == sorted(ids, reverse=True)


def test_a_report_is_found_with_what_it_was_asked_for(
    demo_session: Session, request_: ReportRequest, engagement_id: int, clock: FixedClock
) -> None:
    found = kept_report(demo_session, kept(demo_session, request_, engagement_id, clock))
    assert (found.template, found.engagement_id, found.edited) == ("executive", engagement_id, {})
    assert found.parameters["assessments"] == list(request_.assessments)
    assert set(found.parameters) == {"assessments", "benchmark", "entries", "weights", "method"}
    assert edits_of(demo_session, found.id, "zh") == {}


def test_an_unknown_report_is_not_found(demo_session: Session) -> None:
    with pytest.raises(NotFound):
        kept_report(demo_session, 99)
