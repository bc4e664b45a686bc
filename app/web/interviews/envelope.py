"""How one saved answer travels as JSON: what a client posts, and what it is told. Knows no address and no user.

What a client is told is decided by status alone: 200 stored, 409 two different answers (both are returned), 422 not
acceptable, 423 closed. It never means that what the client holds may be thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import abort, jsonify, request
from werkzeug.wrappers import Response

from app.services.answer_changes import AnswerRefused
from app.services.answer_fields import OPEN, fields_of, on_the_wire
from app.services.answering import Conflict, InterviewClosed, Saved
from app.web.interviews.late import gone_sentence
from app.web.interviews.wording import closed_sentence, fault_sentence, field_name
from app.web.posting import posted_json

if TYPE_CHECKING:
    from app.core.scale import Scale
    from app.services.former_elements import Gone
    from app.services.interview_sheet import Line

LARGEST_ANSWER = 128 * 1024
ENVELOPE = {"mutation_id", "base_version", "set"}


def posted_envelope() -> tuple[str, int, Mapping[str, object]]:
    """Return mutation id, base version and changes of this request; aborts with 400, 413 or 415 for anything else."""
    if request.content_length is not None and request.content_length > LARGEST_ANSWER:
        abort(413)
    if not request.is_json:
        abort(415)
    body = posted_json()
    if not isinstance(body, dict) or set(body) != ENVELOPE:
        abort(400)
    mutation_id, base_version, changes = body["mutation_id"], body["base_version"], body["set"]
    if not isinstance(mutation_id, str) or not isinstance(changes, dict):
        abort(400)
    if isinstance(base_version, bool) or not isinstance(base_version, int):
        abort(400)
    return mutation_id, base_version, changes


def told_outcome(save: Callable[[], Saved | Conflict], words: Callable[[Gone], str] = gone_sentence) -> Response:
    """Save, and return what the client is told of it; `words` says what became of an element that is gone."""
    try:
        outcome = save()
    except AnswerRefused as refused:
        faults = [
            {"code": fault.code, "field": fault.path, "name": field_name(fault.path), "message": fault_sentence(fault)}
            for fault in refused.faults
        ]
        return told(422, error="refused", faults=faults)
    except InterviewClosed as closed:
        return told(423, error="closed", why=closed.values["why"], message=closed_sentence(closed.values["why"]))
    if isinstance(outcome, Conflict):
        return told(
            409,
            version=outcome.version,
            mine=outcome.mine,
            theirs=outcome.theirs,
            by=outcome.by,
            at=outcome.at.isoformat(),
        )
    notice = {"notice": words(outcome.gone)} if outcome.gone else {}
    at = outcome.at.isoformat()
    return told(200, version=outcome.version, merged=outcome.merged, others=outcome.others, at=at, **notice)


def told_answer(line: Line, scale: Scale) -> Response:
    """Return one answer as it stands."""
    values = line.answer.values if line.answer else OPEN
    said = on_the_wire(fields_of(values), scale)
    return told(200, version=line.answer.version if line.answer else 0, said=said)


def told(status: int, **document: Any) -> Response:
    """Return a JSON document that nobody keeps."""
    response: Response = jsonify(document)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
