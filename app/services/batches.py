"""A report of its own for each of many units, in one file: queued one by one, put together when all have ended.

One that fails is named in the index and stops nothing else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.text import Text
from app.exports.batch_index import INDEX, BatchIndex, IndexFile, IndexReport, index_page
from app.services import trail
from app.services.engagements import AssessmentSummary, get_engagement_by_id, list_assessments
from app.services.file_names import plain_name
from app.services.file_shelf import UNFINISHED, kept_path, new_file
from app.services.jobs import JobState, JobView, Part, Product, get_job, parts_of
from app.services.kept_reports import keep_reports
from app.services.permissions import Action, Actor, require
from app.services.refusals import Invalid, NotFound
from app.services.report_formats import FORMATS
from app.services.report_requests import ReportRequest, request_of
from app.services.reporting import KIND as REPORT
from app.services.reporting import Press, check_formats, check_request, out_of_date, plain
from app.services.walls import may

if TYPE_CHECKING:
    from app.content.library import Library
    from app.content.roots import Roots
    from app.services.jobs import Work
    from app.settings import Settings
    from app.storage.database import Database, Session

KIND = "batch"
MOST_FILES = 4000
GATHERING, PACKING = "gathering", "packing"
LONGEST_NAME = 60


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_for_batch(
    session: Session, requests: Sequence[ReportRequest], *, engagement_id: int, press: Press, actor: Actor | None
) -> int:
    """Hand over one report for each unit among the assessments of `requests`; return the id of the job for all.

    `requests` differ in language, file format and paper only. A unit's report has all its chosen assessments of one
    framework, the newest round first. Invalid as for a single report, and `too-many-files`; NotPermitted, TooManyJobs.
    """
    require(actor, Action.REPORT)
    if not requests:
        raise Invalid("formats", "no-format", "choose at least one file format and language")
    check_formats(requests, actor)
    listed = {one.id: one for one in list_assessments(session, engagement_id, archived=True)}
    groups = by_unit(requests[0].assessments, listed)
    if len(groups) * len(requests) > MOST_FILES:
        most = str(MOST_FILES)
        raise Invalid("assessments", "too-many-files", f"a batch has at most {most} files", most=most)
    reports = [replace(requests[0], assessments=group) for group in groups]
    for report in reports:
        check_request(session, report, listed, press.library)
    job_id = press.queue.submit(
        session, kind=KIND, parameters=_parameters(requests, groups), engagement_id=engagement_id, actor=actor
    )
    if parts_of(session, job_id):  # asked for twice, and still waiting
        return job_id
    kept = keep_reports(session, reports, engagement_id=engagement_id, actor=actor, clock=press.clock)
    parts = [
        Part(report_id, plain(replace(request, assessments=group)).parameters())
        for report_id, group in zip(kept, groups, strict=True)
        for request in requests
    ]
    press.queue.submit_parts(session, job_id, parts, kind=REPORT)
    trail.record(
        session,
        trail.Event.REPORT_ASKED,
        actor=actor,
        clock=press.clock,
        where=trail.Where(engagement_id),
        about=("job", job_id),
        details={"format": sorted({request.format for request in requests}), "count": len(parts)},
    )
    return job_id


def by_unit(chosen: Sequence[int], listed: dict[int, AssessmentSummary]) -> list[tuple[int, ...]]:
    """Return assessments by unit and framework, in the order of the first of each; the newest round first."""
    if not chosen:
        raise Invalid("assessments", "no-assessment", "choose at least one assessment")
    if any(assessment_id not in listed for assessment_id in chosen):
        raise NotFound("assessment", tuple(chosen))
    groups: dict[tuple[int, str], list[AssessmentSummary]] = {}
    for assessment_id in chosen:
        one = listed[assessment_id]
        groups.setdefault((one.unit.id, one.framework_reference), []).append(one)
    return [tuple(one.id for one in reversed(group)) for group in groups.values()]


def _parameters(requests: Sequence[ReportRequest], groups: Sequence[tuple[int, ...]]) -> dict[str, Any]:
    return {
        **requests[0].contents(),
        "made_on": requests[0].made_on.isoformat(),
        "groups": [list(group) for group in groups],
        "files": [[r.locale, r.format, r.paper.value if r.paper else None, r.data_attached] for r in requests],
    }


# --- fetching --------------------------------------------------------------------------------------------------------


def may_fetch(session: Session, job: JobView, roots: Roots) -> bool:
    """Tell whether a file of reports may go to whoever asks, who sees the job: to executives as it would come out now.

    A file made before its assessments were published can hold what was never published, and that of a batch holds the
    files of its parts for longer than they are kept themselves.
    """
    if job.engagement_id is None or may(session, job.engagement_id, Action.READ):
        return True
    files = parts_of(session, job.id) if job.kind == KIND else (job,)
    by_report = groupby(files, key=lambda file: file.report_id)
    return not any(out_of_date(session, list(group), roots) for _, group in by_report)


# --- putting together ------------------------------------------------------------------------------------------------


def render_batch(database: Database, library: Library, settings: Settings, work: Work) -> Product:
    """Put the files of a batch and an index page in each language into one zip file, and return that."""
    work.progress(2, GATHERING)
    with database.read() as session:
        job = get_job(session, work.job_id)
        parts = parts_of(session, work.job_id)
        index, paths = _index(session, library, settings, job, parts)
    file = new_file(settings, "zip", work.job_id)
    unfinished = file.with_name(file.name + UNFINISHED)
    try:
        with zipfile.ZipFile(unfinished, "w", allowZip64=True) as book:
            for locale, name in INDEX.items():
                book.writestr(name, index_page(index, locale), zipfile.ZIP_DEFLATED)
            for number, (name, path) in enumerate(paths.items()):
                work.progress(5 + 90 * number // len(paths), PACKING)
                book.write(path, name, zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED)
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return Product(file)


@dataclass(frozen=True, slots=True)
class _Named:
    """The words that a file of a batch is called by."""

    unit: Text
    round: Text
    kind: Text


def _index(
    session: Session, library: Library, settings: Settings, job: JobView, parts: Sequence[JobView]
) -> tuple[BatchIndex, dict[str, Path]]:
    """Return what the index page says, and the files by their names in the zip."""
    assert job.engagement_id is not None
    listed = {one.id: one for one in list_assessments(session, job.engagement_id, archived=True)}
    kinds = {one.id: one.name for one in library.reports()}
    reports: dict[int, IndexReport] = {}
    paths: dict[str, Path] = {}
    for part in parts:
        request = request_of(part.parameters)
        first = listed[request.assessments[0]]
        kind = kinds.get(request.template, Text(zh=request.template, en=request.template))
        path = kept_path(settings, part.result or "") if part.state is JobState.DONE else None
        name = _file_name(_Named(first.unit.name, first.round.name, kind), request, paths) if path else ""
        if path is not None:
            paths[name] = path
        report = reports.setdefault(
            request.assessments[0], IndexReport(first.unit.name, first.round.name, first.unit.depth, [])
        )
        report.files.append(
            IndexFile(
                name=name,
                locale=request.locale,
                format=request.format,
                pages=part.pages,
                size=path.stat().st_size if path else None,
                failure="" if path else part.failure or part.state.value,
            )
        )
    return (
        BatchIndex(
            engagement=get_engagement_by_id(session, job.engagement_id).name,
            kind=kinds.get(job.parameters["template"], Text(zh="", en="")),
            made_on=request_of(parts[0].parameters).made_on,
            reports=list(reports.values()),
        ),
        paths,
    )


def _file_name(named: _Named, request: ReportRequest, taken: dict[str, Path]) -> str:
    words = [text.in_locale(request.locale) for text in (named.unit, named.round, named.kind)]
    plain_words = [plain_name(word, LONGEST_NAME) for word in words]
    suffix = FORMATS[request.format].suffix
    number, name = 1, ""
    while not name or name in taken:
        again = f"-{number}" if number > 1 else ""
        name = f"{'-'.join(filter(None, plain_words))}-{request.locale}{again}.{suffix}"
        number += 1
    return name
