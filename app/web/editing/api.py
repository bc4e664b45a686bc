"""What the editor asks while somebody types: what is wrong, how it looks, and to save. Knows requests, no YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, abort, jsonify
from werkzeug.wrappers import Response

from app.services import drafting
from app.services.draft_files import check_file
from app.services.drafting import Conflict, DraftView, Saved
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.web.access import requires
from app.web.context import actor, context, locale
from app.web.editing.pages import known_ids, told_faults
from app.web.editing.previewing import PARTS, preview_part, published_part
from app.web.posting import posted_json
from app.web.security import takes_files
from app.web.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

blueprint = Blueprint("editing_api", __name__, url_prefix="/api")


@blueprint.get("/drafts/<int:draft_id>")
@requires(Action.REVISE)
def state(draft_id: int) -> Response:
    """Answer with the files as they are stored and the counter of saves."""
    draft = _draft(draft_id)
    return _told({"version": draft.version, "savedAt": draft.updated_at.isoformat(), "files": dict(draft.files)})


@blueprint.post("/drafts/<int:draft_id>/lint")
@takes_files
@requires(Action.REVISE)
def lint(draft_id: int) -> Response:
    """Check the stored files with those of `{files: {name: text}}` in their place; answer with every fault, worded."""
    draft = _draft(draft_id)
    files = {**draft.files, **_posted_files()}
    library = context().library
    result = drafting.lint_draft(draft.kind, draft.key, files, library)
    return _told(
        {
            "faults": told_faults(result.faults, files, ids=known_ids(draft, library)),
            "errors": len(result.errors),
            "warnings": len(result.warnings),
            "byFile": _errors_by_file(result),
            "used": list(result.used),
        }
    )


@blueprint.post("/drafts/<int:draft_id>/preview")
@takes_files
@requires(Action.REVISE)
def preview(draft_id: int) -> Response:
    """Answer with one part of the preview (`part`, at the element `at`); `html` is null where the files have errors.

    With `otherwise` the newest published version then stands in, and `published` names it.
    """
    draft = _draft(draft_id)
    body = _body()
    part = body.get("part")
    if part not in PARTS:
        abort(400)
    files = {**draft.files, **_posted_files()}
    library = context().library
    result = drafting.lint_draft(draft.kind, draft.key, files, library)
    at = body.get("at")
    at = at if isinstance(at, str) else None
    html = preview_part(part, draft.kind, result, library, at=at)
    if html is not None or not body.get("otherwise"):
        return _told({"html": html, "published": None})
    published = published_part(part, draft, library, at=at)
    return _told({"html": published[1], "published": published[0]} if published else {"html": None, "published": None})


@blueprint.put("/drafts/<int:draft_id>/files/<name>")
@takes_files
@requires(Action.REVISE)
def put_file(draft_id: int, name: str) -> Response:
    """Save what a file says: `{text, version}`, the counter of saves that the page had. 409 with both texts."""
    body = _body()
    text, version = body.get("text"), body.get("version")
    if not isinstance(text, str) or not isinstance(version, int):
        abort(400)
    with context().database.begin() as session:
        outcome = _refusals(
            lambda: drafting.save_file(
                session, draft_id, name, text, base_version=version, actor=actor(), clock=context().clock
            )
        )
    return _outcome(outcome)


@blueprint.delete("/drafts/<int:draft_id>/files/<name>")
@requires(Action.REVISE)
def delete_file(draft_id: int, name: str) -> Response:
    """Take a file out of the draft: `{version}`."""
    version = _body().get("version")
    if not isinstance(version, int):
        abort(400)
    with context().database.begin() as session:
        outcome = _refusals(
            lambda: drafting.remove_file(
                session, draft_id, name, base_version=version, actor=actor(), clock=context().clock
            )
        )
    return _outcome(outcome)


def _outcome(outcome: Saved | Conflict | Invalid) -> Response:
    if isinstance(outcome, Invalid):
        return _told({"error": outcome.code, "message": sentence(outcome)}, status=422)
    told: dict[str, Any] = {"version": outcome.version, "savedAt": outcome.updated_at.isoformat()}
    if isinstance(outcome, Conflict):
        return _told(
            {**told, "name": outcome.name, "text": outcome.text, "revision": outcome.lost_revision}, status=409
        )
    return _told(told)


def _refusals(save: Any) -> Saved | Conflict | Invalid:
    """Return what saving says, also that it cannot be; a conflict is committed, for it keeps the refused text."""
    try:
        return cast("Saved | Conflict", save())
    except Invalid as refused:
        return refused


def _errors_by_file(result: drafting.LintResult) -> dict[str, int]:
    counts: dict[str, int] = {}
    for fault in result.errors:
        counts[fault.file or ""] = counts.get(fault.file or "", 0) + 1
    return counts


def _draft(draft_id: int) -> DraftView:
    with context().database.read() as session:
        return drafting.get_draft(session, draft_id, actor())


def _body() -> Mapping[str, Any]:
    body = posted_json()
    if not isinstance(body, dict):
        abort(400)
    return body


def _posted_files() -> dict[str, str]:
    files = _body().get("files", {})
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        abort(400)
    for name, text in files.items():
        check_file(name, text)
    return files


def _told(content: Mapping[str, Any], *, status: int = 200) -> Response:
    response = jsonify(content)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = locale()
    return response
