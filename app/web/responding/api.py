"""What the scripts of a respondent's page ask: save one answer, read it again, is the link still good."""

from __future__ import annotations

from flask import Blueprint
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.services.answering import Conflict, Saved
from app.services.permissions import Action
from app.services.responding import read_own_sheet, save_own_answer
from app.web.access import requires
from app.web.context import context
from app.web.interviews.envelope import posted_envelope, told, told_answer, told_outcome
from app.web.responding.holding import by_link
from app.web.responding.pages import holder
from app.web.responding.wording import gone_sentence


def add_to(blueprint: Blueprint) -> None:
    """Add the addresses to the pages' blueprint, below whose path alone the browser sends its link."""
    blueprint.put("/api/answers/<element>")(put_answer)
    blueprint.get("/api/answers/<element>")(get_answer)
    blueprint.get("/api/ping")(ping)


@requires(Action.ENTER)
@by_link
def put_answer(interview_id: int, element: str) -> Response:
    """Save what changed in one answer: `{mutation_id, base_version, set}`."""
    mutation_id, base_version, changes = posted_envelope()

    def save() -> Saved | Conflict:
        with context().database.begin() as session:
            return save_own_answer(
                session,
                interview_id=interview_id,
                element=element,
                mutation_id=mutation_id,
                base_version=base_version,
                changes=changes,
                clock=context().clock,
            )

    return told_outcome(save, gone_sentence)


@requires(Action.ENTER)
@by_link
def get_answer(interview_id: int, element: str) -> Response:
    """Return one answer as it stands, for pages that came out of the browser's memory."""
    with context().database.read() as session:
        own = read_own_sheet(session, interview_id)
    return told_answer(own.line(element), own.sheet.framework.scale)


@requires(Action.ENTER)
@by_link
def ping(interview_id: int) -> Response:
    """Answer whose link this browser holds, with a token that is good now."""
    return told(200, user=holder(interview_id), csrf=generate_csrf())
