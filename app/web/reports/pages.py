"""What the pages about reports show, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from app.core.framework import Method
from app.services import batches
from app.services.engagements import AssessmentSummary, get_engagement_by_id, list_assessments
from app.services.jobs import JobView, jobs_of_reports, list_jobs, may_cancel, newest_reports, tallies
from app.services.kept_reports import KeptReport, kept_report
from app.services.permissions import Action, permitted_in
from app.services.report_requests import ReportRequest, request_of
from app.services.reporting import KIND, action_for, newest_files, out_of_date
from app.web.context import actor, context, locale, translate, translate_in
from app.web.frameworks.pages import METHOD_WORDS
from app.web.jobs.pages import Progress, progress_of
from app.web.jobs.wording import TOLD
from app.web.reports.wording import LANGUAGES, WITH_DATA, format_words, paper_words

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.text import Locale, Text
    from app.storage.database import Session

SHOWN = 50
NAMED = 4  # so many units stand in a title


@dataclass(frozen=True, slots=True)
class FilePage:
    """One file of a report. `label` says format, paper and data; `old`: it would come out otherwise now.

    `allowed` tells whether the reader may ask for it, `fetchable` whether it is there for them, `cancellable` whether
    it is still being made and theirs to stop.
    """

    progress: Progress
    locale: Locale
    language: str
    label: str
    format: str
    allowed: bool
    fetchable: bool
    cancellable: bool
    old: bool = False


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report with its files; `edited` tells how many of its sentences are edited by hand, by language."""

    id: int
    title: str
    name: str
    engagement_id: int
    created_at: datetime
    files: list[FilePage]
    facts: list[tuple[str, str]]
    edited: int
    definition_gone: bool

    @property
    def waiting(self) -> bool:
        """Tell whether something is still being made."""
        return self.pending > 0

    @property
    def pending(self) -> int:
        """Return how many files are still being made."""
        return sum(not one.progress.ended for one in self.files)

    @property
    def cancellable(self) -> int:
        """Return how many of those the reader may stop."""
        return sum(one.cancellable for one in self.files)

    @property
    def counted(self) -> str:
        """Say how many of the files have ended."""
        return translate(TOLD) % {"ended": len(self.files) - self.pending, "total": len(self.files)}

    @property
    def stale(self) -> bool:
        """Tell whether a file would come out otherwise now."""
        return any(one.old and one.progress.fetchable for one in self.files)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch in the list; `files` says what is made of each unit."""

    id: int
    name: str
    files: str
    units: int
    progress: Progress
    allowed: bool


@dataclass
class Reading:
    """Names that pages about reports need, each engagement's read once."""

    session: Session
    library: Library
    _listed: dict[int, dict[int, AssessmentSummary]] = field(default_factory=dict)

    def assessments(self, engagement_id: int | None) -> dict[int, AssessmentSummary]:
        """Return the assessments of an engagement by id, archived ones too."""
        if engagement_id is None:
            return {}
        if engagement_id not in self._listed:
            found = list_assessments(self.session, engagement_id, archived=True)
            self._listed[engagement_id] = {one.id: one for one in found}
        return self._listed[engagement_id]

    def units(self, engagement_id: int | None, assessments: Sequence[int], here: Locale) -> list[str]:
        """Return the names of the units of some assessments, each once, in their order."""
        listed = self.assessments(engagement_id)
        names = [listed[one].unit.name.in_locale(here) for one in assessments if one in listed]
        return list(dict.fromkeys(names))

    def kind(self, template: str) -> Text | None:
        """Return the name of a report's definition; None where it is gone."""
        return next((one.name for one in self.library.reports() if one.id == template), None)


def report_page(reading: Reading, kept: KeptReport, jobs: Sequence[JobView], *, whole: bool = True) -> ReportPage:
    """Return what there is to say of a report; with `whole` also which of its files are out of date."""
    session, here = reading.session, locale()
    files = newest_files(jobs)
    old = out_of_date(session, files, reading.library.roots) if whole else frozenset()
    names = reading.units(kept.engagement_id, kept.parameters["assessments"], here)
    kind = reading.kind(kept.template)
    return ReportPage(
        id=kept.id,
        title=joined(names, here) or f"#{kept.id}",
        name=kind.in_locale(here) if kind else kept.template,
        engagement_id=kept.engagement_id,
        created_at=kept.created_at,
        files=[file_page(session, job, old=job.id in old if whole else None) for job in files],
        facts=_facts(reading, kept),
        edited=sum(kept.edited.values()),
        definition_gone=kind is None,
    )


def file_page(session: Session, job: JobView, *, old: bool | None = None) -> FilePage:
    """Return what there is to say of one file; `old` None: not looked at, so that executives do not fetch it here."""
    request, progress = request_of(job.parameters), progress_of(session, job)
    allowed = permitted_in(actor(), job.engagement_id, action_for(request.format))
    reads = permitted_in(actor(), job.engagement_id, Action.READ)
    return FilePage(
        progress=progress,
        locale=request.locale,
        language=LANGUAGES[request.locale],
        label=file_label(request),
        format=request.format,
        allowed=allowed,
        fetchable=progress.fetchable and allowed and (reads or old is False),
        cancellable=not progress.ended and may_cancel(job, actor()),
        old=bool(old),
    )


def file_label(request: ReportRequest) -> str:
    """Return format, paper and data of a file in words."""
    words = [format_words(request.format), paper_words(request.paper)]
    if request.data_attached:
        words.append(translate(WITH_DATA))
    return " · ".join(filter(None, words))


def joined(names: Sequence[str], here: Locale) -> str:
    """Return names as a list in words, long ones cut."""
    separator = ", " if here == "en" else "、"
    if len(names) <= NAMED:
        return separator.join(names)
    return translate("%(names)s 等 %(n)s 个") % {"names": separator.join(names[: NAMED - 1]), "n": len(names)}


def _facts(reading: Reading, kept: KeptReport) -> list[tuple[str, str]]:
    here, parameters = locale(), kept.parameters
    listed = reading.assessments(kept.engagement_id)
    chosen = [listed[one] for one in parameters["assessments"] if one in listed]
    rounds = dict.fromkeys(one.round.name.in_locale(here) for one in chosen)
    found = [
        (translate_in("plural", "评估单位"), joined([one.unit.name.in_locale(here) for one in chosen], here)),
        (translate("评估轮次"), joined(list(rounds), here)),
        (translate("对标"), _benchmark(reading, kept, chosen, here)),
    ]
    if parameters["weights"] != "default":
        found.append((translate("权重方案"), _weights(reading, str(parameters["weights"]), chosen, here)))
    if parameters["method"]:
        method = METHOD_WORDS[Method(parameters["method"])]
        found.append((translate("汇总方法"), translate(method)))
    return found


def _benchmark(reading: Reading, kept: KeptReport, chosen: Sequence[AssessmentSummary], here: Locale) -> str:
    wanted, entries = kept.parameters["benchmark"], kept.parameters["entries"]
    if wanted is None or not chosen:
        return translate("无对标")
    for one in reading.library.benchmarks(chosen[0].framework_id):
        if one.id == wanted:
            names = [entry.name.in_locale(here) for entry in one.entries if entries is None or entry.id in entries]
            return joined(names, here)
    return str(wanted)


def _weights(reading: Reading, wanted: str, chosen: Sequence[AssessmentSummary], here: Locale) -> str:
    for reference in {one.framework_id for one in chosen} & set(reading.library.framework_ids()):
        profiles = reading.library.weight_profiles(reading.library.framework(reference))
        if wanted in profiles:
            return profiles[wanted].name.in_locale(here)
    return wanted


def report_lines(reading: Reading, engagement_id: int | None) -> list[ReportPage]:
    """Return the reports asked for last, the newest first, of one engagement where given."""
    ids = newest_reports(reading.session, engagement_id=engagement_id, limit=SHOWN)
    jobs = jobs_of_reports(reading.session, ids)
    return [
        report_page(
            reading,
            kept_report(reading.session, report_id),
            [job for job in jobs if job.report_id == report_id],
            whole=False,
        )
        for report_id in ids
    ]


def loose_lines(reading: Reading, engagement_id: int | None) -> list[tuple[str, FilePage]]:
    """Return files made before reports were kept: (units, file), the newest first."""
    jobs = list_jobs(reading.session, engagement_id=engagement_id, kind=KIND, limit=SHOWN)
    here = locale()
    return [
        (
            joined(reading.units(job.engagement_id, request_of(job.parameters).assessments, here), here)
            or f"#{job.id}",
            file_page(reading.session, job),
        )
        for job in jobs
        if job.report_id is None
    ]


def batch_lines(reading: Reading, engagement_id: int | None) -> list[BatchLine]:
    """Return the batches asked for last, the newest first."""
    jobs = list_jobs(reading.session, engagement_id=engagement_id, kind=batches.KIND, limit=SHOWN)
    counts = tallies(reading.session, [job.id for job in jobs])
    here = locale()
    found = []
    for job in jobs:
        kind = reading.kind(job.parameters["template"])
        found.append(
            BatchLine(
                id=job.id,
                name=kind.in_locale(here) if kind else job.parameters["template"],
                files=batch_files(job),
                units=len(job.parameters["groups"]),
                progress=progress_of(reading.session, job, counts[job.id]),
                allowed=_fetches(job),
            )
        )
    return found


def _fetches(job: JobView) -> bool:
    formats = (file[1] for file in job.parameters["files"])
    needed = (Action.READ, action_for(*formats))  # executives fetch it on its own page, where it is looked at
    return all(permitted_in(actor(), job.engagement_id, action) for action in needed)


def batch_files(job: JobView) -> str:
    """Return the languages and formats of a batch in words."""
    files = job.parameters["files"]
    languages = [LANGUAGES[one] for one in dict.fromkeys(file[0] for file in files)]
    formats = [format_words(one) for one in dict.fromkeys(file[1] for file in files)]
    return translate("；").join([translate("、").join(formats), translate("、").join(languages)])


def reading_now(session: Session) -> Reading:
    """Return the names of this installation as they are now."""
    return Reading(session, context().library)


def engagement_key(session: Session, engagement_id: int) -> str:
    """Return the key of an engagement."""
    return get_engagement_by_id(session, engagement_id).key
