"""The JSON interface of the interview: save one answer, read it again, and a fresh token for pages that were left long.

What a client is told is decided by status alone (`envelope`).
"""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.services import presence
from app.services.answering import Conflict, Saved, save_answer
from app.services.interview_sheet import read_sheet
from app.services.permissions import Action
from app.services.refusals import NotFound
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.interviews.envelope import posted_envelope, told, told_answer, told_outcome
from app.web.posting import posted_json

blueprint = Blueprint("interviewing_api", __name__, url_prefix="/api")


@blueprint.put("/interviews/<int:interview_id>/answers/<element>")
@requires(Action.ANSWER)
def put_answer(interview_id: int, element: str) -> Response:
    """Save what changed in one answer: `{mutation_id, base_version, set}`."""
    mutation_id, base_version, changes = posted_envelope()

    def save() -> Saved | Conflict:
        with context().database.begin() as session:
            return save_answer(
                session,
                interview_id=interview_id,
                element=element,
                mutation_id=mutation_id,
                base_version=base_version,
                changes=changes,
                actor=actor(),
                clock=context().clock,
            )

    try:
        return told_outcome(save)
    except NotFound as missing:
        if missing.values["what"] == "element":
            return told(404, error="no-element", message=translate("这次访谈里没有这个要素。"))
        return _no_interview()


@blueprint.get("/interviews/<int:interview_id>/answers/<element>")
@requires(Action.ANSWER)
def get_answer(interview_id: int, element: str) -> Response:
    """Return one answer as it stands, for pages that came out of the browser's memory."""
    with context().database.read() as session:
        sheet = read_sheet(session, interview_id, everything=True)
    return told_answer(sheet.line(element), sheet.framework.scale)


@blueprint.post("/interviews/<int:interview_id>/ping")
@requires(Action.ANSWER)
def tell_presence(interview_id: int) -> Response:
    """Note at which element this user is (`{element}`); answer who is signed in, who else is here, a fresh token."""
    body = posted_json() if request.is_json else None
    if not isinstance(body, dict) or not isinstance(body.get("element"), str | None):
        abort(400)
    try:
        editors = presence.tell_presence(
            context().database,
            interview_id=interview_id,
            element=body.get("element"),
            actor=actor(),
            clock=context().clock,
        )
    except NotFound:
        return _no_interview()
    return told(
        200,
        user=actor().user_id,
        name=actor().display_name,
        csrf=generate_csrf(),
        editors=[{"name": editor.name, "element": editor.element} for editor in editors],
    )


def _no_interview() -> Response:
    return told(404, error="no-interview", message=translate("服务器上没有这次访谈。"))


@blueprint.get("/ping")
@requires(Action.ANSWER)
def ping() -> Response:
    """Answer who is signed in, with a token that is good now. (Asked by GET: a page whose token went stale can.)"""
    return told(200, user=actor().user_id, name=actor().display_name, csrf=generate_csrf())
