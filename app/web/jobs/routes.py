"""/jobs: watch something being made in the background, stop it, try again, fetch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from app.services import batches, guides, reporting
from app.services.batches import may_fetch
from app.services.file_shelf import made_file
from app.services.jobs import JobView, cancel_job, get_job, may_cancel, retry_job, tallies
from app.services.permissions import Action, permitted, require
from app.services.refusals import Hidden, NotFound
from app.web.access import requires
from app.web.acting import act
from app.web.context import actor, context, translate
from app.web.jobs.about import About
from app.web.jobs.pages import Progress, progress_of
from app.web.reports.about import about_batch, about_file, batch_rows
from app.web.sheets.about import about_guide
from app.web.shell import Shell, engagement_shell

if TYPE_CHECKING:
    from app.storage.database import Session

blueprint = Blueprint("jobs", __name__)
KINDS: Mapping[str, Callable[[Session, JobView], About]] = {
    reporting.KIND: about_file,
    batches.KIND: about_batch,
    guides.KIND: about_guide,
}


@blueprint.get("/jobs/<int:job_id>")
@requires(Action.REPORT)
def show(job_id: int) -> str | Response:
    """Show how far a job is, its file, or why there is none; a report's file has its place on the report's page."""
    with context().database.read() as session:
        job, about = _job(session, job_id)
        if job.report_id is not None:
            return redirect(url_for("reports.show", report_id=job.report_id))
        return render_template(
            "jobs/show.html",
            about=about,
            one=_progress(session, job),
            fetchable=permitted(actor(), about.action) and may_fetch(session, job, context().library.roots),
            cancellable=may_cancel(job, actor()),
            rows=batch_rows(session, job) if job.kind == batches.KIND else [],
            shell=engagement_shell(session, about.engagement, page=about.page)
            if about.engagement
            else Shell(section="reports"),
            help_page=about.help_page,
        )


@blueprint.get("/api/jobs/<int:job_id>")
@requires(Action.REPORT)
def progress(job_id: int) -> Response:
    """Say how far a job is."""
    with context().database.read() as session:
        job, _ = _job(session, job_id)
        return told([_progress(session, job)])


@blueprint.get("/jobs/<int:job_id>/file")
@requires(Action.REPORT)
def download(job_id: int) -> Response:
    """Send the finished file, to be saved."""
    with context().database.read() as session:
        job, about = _job(session, job_id)
        require(actor(), about.action)
        if not may_fetch(session, job, context().library.roots):
            raise Hidden("file", job_id)
    sent = send_file(
        made_file(job, context().settings),
        mimetype=about.media_type,
        as_attachment=True,
        download_name=about.file_name,
        max_age=0,
        etag=False,
    )
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


@blueprint.post("/jobs/<int:job_id>/cancel")
@requires(Action.REPORT)
def cancel(job_id: int) -> Response:
    """Stop a job that is not finished: one's own, or as lead anybody's."""

    def stop(session: Session) -> None:
        cancel_job(session, _job(session, job_id)[0].id, actor=actor(), clock=context().clock)

    return act(stop, done=translate("已取消。"), back=url_for(".show", job_id=job_id))


@blueprint.post("/jobs/<int:job_id>/retry")
@requires(Action.REPORT)
def retry(job_id: int) -> Response:
    """Try a job again that failed or was cancelled; of a batch those of its parts."""
    with context().database.begin() as session:
        count = retry_job(session, _job(session, job_id)[0].id)
    if not count:
        flash(translate("没有什么要再试的。"), "warning")
    return redirect(url_for(".show", job_id=job_id))


def told(jobs: list[Progress]) -> Response:
    """Return how far some jobs are, for the script that watches them."""
    answer = jsonify(
        ended=all(one.ended for one in jobs),
        jobs=[
            {"id": one.id, "state": one.state.value, "progress": one.progress, "stage": one.stage, "ended": one.ended}
            for one in jobs
        ],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _job(session: Session, job_id: int) -> tuple[JobView, About]:
    job = get_job(session, job_id)
    if job.kind not in KINDS:
        raise NotFound("job", job_id)
    about = KINDS[job.kind](session, job)
    require(actor(), about.looked_at_by)
    return job, about


def _progress(session: Session, job: JobView) -> Progress:
    return progress_of(session, job, tallies(session, [job.id])[job.id] if job.kind == batches.KIND else None)
