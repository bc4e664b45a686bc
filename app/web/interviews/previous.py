"""The JSON that tells a page what the round before said, once the interview has its own answer; never earlier."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from app.services.interview_sheet import read_sheet
from app.services.permissions import Action
from app.services.previous_round import OwnAnswerFirst, previous_score
from app.web.access import requires
from app.web.context import context
from app.web.interviews.wording import previous_sentence

blueprint = Blueprint("interviewing_previous", __name__, url_prefix="/api")


@blueprint.get("/interviews/<int:interview_id>/previous/<element>")
@requires(Action.ANSWER)
def previous(interview_id: int, element: str) -> Response:
    """Return `{"words", "open"}`: no words where there was nothing to tell, or while the element is `open` here."""
    with context().database.read() as session:
        sheet = read_sheet(session, interview_id, everything=True)
        try:
            said = previous_score(session, sheet, element)
        except OwnAnswerFirst:
            return _told(None, is_open=True)
    return _told(previous_sentence(said) if said else None, is_open=False)


def _told(words: str | None, *, is_open: bool) -> Response:
    response: Response = jsonify({"words": words, "open": is_open})
    response.headers["Cache-Control"] = "no-store"
    return response
