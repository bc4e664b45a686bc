"""What the pages about jobs tell of a report's file and of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from app.services.engagements import get_engagement_by_id
from app.services.file_names import file_name
from app.services.jobs import parts_of
from app.services.report_formats import FORMATS
from app.services.report_requests import request_of
from app.services.reporting import action_for
from app.web.context import locale, translate, translate_in
from app.web.jobs.about import About
from app.web.reports.pages import FilePage, batch_files, file_page, joined, reading_now
from app.web.reports.wording import LANGUAGES

if TYPE_CHECKING:
    from app.services.jobs import JobView
    from app.storage.database import Session


def about_file(session: Session, job: JobView) -> About:
    """Return what a report's file is called, in its own language, and where its report is."""
    request, reading, here = request_of(job.parameters), reading_now(session), locale()
    kind = reading.kind(request.template)
    units = reading.units(job.engagement_id, request.assessments, request.locale)
    named = kind.in_locale(request.locale) if kind else request.template
    form = FORMATS[request.format]
    key = get_engagement_by_id(session, job.engagement_id).key if job.engagement_id else None
    return About(
        title=translate("报告：%(units)s")
        % {"units": joined(reading.units(job.engagement_id, request.assessments, here), here) or f"#{job.id}"},
        file_name=file_name(f"{named}-{'-'.join(units)}", f"-{request.made_on.isoformat()}.{form.suffix}"),
        media_type=form.media_type,
        facts=[
            (translate("报告种类"), kind.in_locale(here) if kind else request.template),
            (translate("语言"), LANGUAGES[request.locale]),
        ],
        back=(translate("报告"), url_for("reports.listing", engagement=key)),
        engagement=key,
        page="reports",
        action=action_for(request.format),
    )


def about_batch(session: Session, job: JobView) -> About:
    """Return what a batch is called, and what is made of each unit."""
    assert job.engagement_id is not None
    reading, here = reading_now(session), locale()
    kind = reading.kind(job.parameters["template"])
    engagement = get_engagement_by_id(session, job.engagement_id)
    name = kind.in_locale(here) if kind else job.parameters["template"]
    units = len(job.parameters["groups"])
    return About(
        title=translate("每个单位一份：%(kind)s") % {"kind": name},
        file_name=file_name(f"{engagement.name.in_locale(here)}-{name}", f"-{job.parameters['made_on']}.zip"),
        media_type="application/zip",
        facts=[(translate_in("plural", "评估单位"), str(units)), (translate_in("plural", "文件"), batch_files(job))],
        back=(translate("报告"), url_for("reports.listing", engagement=engagement.key)),
        engagement=engagement.key,
        page="reports",
        action=action_for(*(file[1] for file in job.parameters["files"])),
    )


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One unit of a batch with its files; `report_id` is the report that they belong to."""

    name: str
    round: str
    report_id: int | None
    files: list[FilePage]


def batch_rows(session: Session, job: JobView) -> list[BatchRow]:
    """Return the units of a batch in their order."""
    reading, here = reading_now(session), locale()
    listed = reading.assessments(job.engagement_id)
    rows: dict[int, BatchRow] = {}
    for part in parts_of(session, job.id):
        first = request_of(part.parameters).assessments[0]
        if first not in rows:
            one = listed[first]
            rows[first] = BatchRow(one.unit.name.in_locale(here), one.round.name.in_locale(here), part.report_id, [])
        rows[first].files.append(file_page(session, part))
    return list(rows.values())
