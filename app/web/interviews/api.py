"""The JSON interface of the interview: save one answer, read it again, and a fresh token for pages that were left long.

What a client is told is decided here by status alone: 200 stored, 409 two different answers (both are returned),
422 not acceptable, 423 closed. It never means that what the client holds may be thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.services.answer_changes import AnswerRefused
from app.services.answer_fields import OPEN, fields_of, on_the_wire
from app.services.answering import Conflict, InterviewClosed, save_answer
from app.services.interview_sheet import read_sheet
from app.services.permissions import Action
from app.web.access import requires
from app.web.context import actor, context
from app.web.interviews.wording import closed_sentence, fault_sentence, field_name

blueprint = Blueprint("interviewing_api", __name__, url_prefix="/api")

LARGEST_ANSWER = 128 * 1024
ENVELOPE = {"mutation_id", "base_version", "set"}


@blueprint.put("/interviews/<int:interview_id>/answers/<element>")
@requires(Action.ANSWER)
def put_answer(interview_id: int, element: str) -> Response:
    """Save what changed in one answer: `{mutation_id, base_version, set}`."""
    mutation_id, base_version, changes = _envelope()
    try:
        with context().database.begin() as session:
            outcome = save_answer(
                session,
                interview_id=interview_id,
                element=element,
                mutation_id=mutation_id,
                base_version=base_version,
                changes=changes,
                actor=actor(),
                clock=context().clock,
            )
    except AnswerRefused as refused:
        return _refusal(refused)
    except InterviewClosed as closed:
        return _told(423, error="closed", why=closed.values["why"], message=closed_sentence(closed.values["why"]))
    if isinstance(outcome, Conflict):
        return _told(
            409,
            version=outcome.version,
            mine=outcome.mine,
            theirs=outcome.theirs,
            by=outcome.by,
            at=outcome.at.isoformat(),
        )
    return _told(200, version=outcome.version, merged=outcome.merged, others=outcome.others, at=outcome.at.isoformat())


@blueprint.get("/interviews/<int:interview_id>/answers/<element>")
@requires(Action.ANSWER)
def get_answer(interview_id: int, element: str) -> Response:
    """Return one answer as it stands, for pages that came out of the browser's memory."""
    with context().database.read() as session:
        sheet = read_sheet(session, interview_id, everything=True)
    answer = sheet.line(element).answer
    values = answer.values if answer else OPEN
    said = on_the_wire(fields_of(values), sheet.framework.scale)
    return _told(200, version=answer.version if answer else 0, said=said)


@blueprint.get("/ping")
@requires(Action.ANSWER)
def ping() -> Response:
    """Answer who is signed in, with a token that is good now. (Asked by GET: a page whose token went stale can.)"""
    return _told(200, user=actor().user_id, name=actor().display_name, csrf=generate_csrf())


def _envelope() -> tuple[str, int, Mapping[str, object]]:
    if request.content_length is not None and request.content_length > LARGEST_ANSWER:
        abort(413)
    if not request.is_json:
        abort(415)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or set(body) != ENVELOPE:
        abort(400)
    mutation_id, base_version, changes = body["mutation_id"], body["base_version"], body["set"]
    if not isinstance(mutation_id, str) or not isinstance(changes, dict):
        abort(400)
    if isinstance(base_version, bool) or not isinstance(base_version, int):
        abort(400)
    return mutation_id, base_version, changes


def _refusal(refused: AnswerRefused) -> Response:
    faults = [
        {"code": fault.code, "field": fault.path, "name": field_name(fault.path), "message": fault_sentence(fault)}
        for fault in refused.faults
    ]
    return _told(422, error="refused", faults=faults)


def _told(status: int, **document: Any) -> Response:
    response: Response = jsonify(document)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
