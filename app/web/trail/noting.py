"""What the trail is told of requests themselves: every file that is sent to somebody, every access that is denied.

It hangs on the response, so that a new download cannot be forgotten. A file whose sending cannot be written down is
not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from flask import current_app, g, request

from app.services.trail import Event, Where, record
from app.web.context import context, signed_in

if TYPE_CHECKING:
    from flask import Response

log = structlog.get_logger("app.web")

FETCHING = "jobs.download"  # the file of a report, a batch or a guide
SENT = (200, 206)
HIDING = (404, 422)  # not found; in a form: not among what was offered
ABOUT = ("interview", "attachment", "job", "report", "finding", "draft", "upgrade")


def note_response(response: Response) -> Response:
    """Tell the trail of a file that was sent, or of an access that was denied; of nothing else."""
    event = _event(response)
    if event is None:
        return response
    try:
        _note(event, response)
    except Exception as error:
        if event is Event.DENIED:
            log.exception("trail", reference=g.get("reference"))
            return response
        response.close()
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _event(response: Response) -> Event | None:
    if signed_in() is None or request.endpoint is None:
        return None
    if response.status_code == 403 or (response.status_code in HIDING and g.get("hidden")):
        return Event.DENIED
    attached = response.headers.get("Content-Disposition", "").startswith("attachment")
    if attached and response.status_code in SENT and request.method != "HEAD":
        return Event.REPORT_FETCHED if request.endpoint == FETCHING else Event.EXPORTED
    return None


def _note(event: Event, response: Response) -> None:
    arguments = request.view_args or {}
    named = next((name for name in ABOUT if isinstance(arguments.get(f"{name}_id"), int)), None)
    details: dict[str, object] = {"endpoint": request.endpoint}
    if event is Event.DENIED:
        details |= {"status": response.status_code, "method": request.method}
    else:
        details["format"] = response.mimetype
        if request.args.get("names") == "1":
            details["names"] = True
    # somebody's own engagement is named; one that is hidden from them is not theirs to be listed under
    hidden = event is Event.DENIED and response.status_code in HIDING
    with context().database.begin() as session:
        record(
            session,
            event,
            actor=signed_in(),
            clock=context().clock,
            where=Where() if hidden else Where(g.get("place"), arguments.get("assessment_id")),
            about=(named, arguments[f"{named}_id"]) if named else _assessment(arguments, hidden=hidden),
            details=details,
        )


def _assessment(arguments: dict[str, object], *, hidden: bool) -> tuple[str, int] | None:
    found = arguments.get("assessment_id")
    return ("assessment", found) if hidden and isinstance(found, int) else None
