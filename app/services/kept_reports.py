"""Kept reports: one per engagement, template, assessments, benchmark, weights and method.

Language, date, paper and file format are those of a rendering; what people write into a report stays with the report.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.services.refusals import NotFound
from app.services.walls import check_made
from app.storage import reports as store
from app.storage.reports import ReportRecord

if TYPE_CHECKING:
    from app.core.text import Locale
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.services.report_requests import ReportRequest
    from app.storage.database import Session

# what, with the template, tells two reports apart
TELLING = ("assessments", "benchmark", "entries", "weights", "method")


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report of an engagement. `parameters` are those of its request that do not change from file to file."""

    id: int
    engagement_id: int
    template: str
    parameters: Mapping[str, Any]
    created_at: datetime
    created_by: int | None
    edited: Mapping[str, int]  # how many sentences are edited by hand, by language; languages without any are missing


def keep_report(
    session: Session, request: ReportRequest, *, engagement_id: int, actor: Actor | None, clock: Clock
) -> int:
    """Return the id of the report that a request asks for; it is stored if this is the first time."""
    (report_id,) = keep_reports(session, [request], engagement_id=engagement_id, actor=actor, clock=clock)
    return report_id


def keep_reports(
    session: Session, requests: Sequence[ReportRequest], *, engagement_id: int, actor: Actor | None, clock: Clock
) -> list[int]:
    """Return the ids of the reports that many requests ask for, in their order; new ones are stored."""
    records = reversed(store.reports(session, engagement_id))
    known = {_sameness(record.template, record.parameters): record.id for record in records}
    found: list[int] = []
    for request in requests:
        key = _sameness(request.template, request.parameters())
        if key not in known:
            known[key] = store.insert_report(
                session,
                engagement_id=engagement_id,
                template=request.template,
                parameters=_telling(request.parameters()),
                user_id=None if actor is None else actor.user_id,
                at=clock(),
            )
        found.append(known[key])
    return found


def _sameness(template: str, parameters: Mapping[str, Any]) -> str:
    return json.dumps([template, _telling(parameters)], sort_keys=True)


def _telling(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: parameters.get(name) for name in TELLING}


def kept_report(session: Session, report_id: int) -> KeptReport:
    """Return one report; NotFound if there is none."""
    record = store.report(session, report_id)
    if record is None:
        raise NotFound("report", report_id)
    check_made(session, record.engagement_id, record.parameters, what="report", key=report_id)
    return _view(record, store.edited_counts(session, record.engagement_id))


def edits_of(session: Session, report_id: int, locale: Locale) -> Mapping[str, str]:
    """Return what people wrote in place of the machine's sentences, by slot; for `with_edits` and the content hash."""
    found = store.sentences(session, report_id, locale)
    return {record.slot: record.text for record in found if record.text is not None}


def _view(record: ReportRecord, counts: Mapping[tuple[int, str], int]) -> KeptReport:
    return KeptReport(
        id=record.id,
        engagement_id=record.engagement_id,
        template=record.template,
        parameters=record.parameters,
        created_at=record.created_at,
        created_by=record.created_by,
        edited={locale: n for (report_id, locale), n in counts.items() if report_id == record.id},
    )
