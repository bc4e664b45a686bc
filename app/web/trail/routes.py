"""The trail: /trail, /engagements/<key>/trail, /assessments/<id>/trail and of one element; each with its file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request

from app.services.assessing import load_assessment
from app.services.engagements import assessment_record, get_assessment, get_engagement, list_units
from app.services.permissions import Action
from app.services.refusals import NotFound
from app.services.trail_export import FORMATS
from app.services.trail_filter import GROUPS, Filter, Scope
from app.services.trail_reading import every_entry, read_trail, users_of
from app.services.verifying import revisions_beside
from app.web.access import can, requires
from app.web.context import context
from app.web.shell import Shell, assessment_shell, engagement_shell
from app.web.trail import codes, wording
from app.web.trail.noting import note_response

if TYPE_CHECKING:
    from app.storage.database import Session

blueprint = Blueprint("trail", __name__)

blueprint.after_app_request(note_response)

SHORT_LISTS = {"people", "sign-ins", "content", "operation"}  # groups that no assessment has


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {
        "event_name": wording.event_name,
        "history_note": wording.history_note,
        "thing_words": wording.thing_words,
        "field_name": wording.field_name,
        "value_words": wording.value_words,
        "details_words": wording.details_words,
    }


@blueprint.get("/trail")
@requires(Action.ADMINISTER)
def installation() -> str:
    """Show what happened in this installation."""
    with context().database.read() as session:
        return _page(session, Scope(), "trail/installation.html", shell=Shell(section="trail"))


@blueprint.get("/trail/export.<suffix>")
@requires(Action.ADMINISTER)
def export_installation(suffix: str) -> Response:
    """Send what happened in this installation as a file."""
    return _file(Scope(), suffix, "trail")


@blueprint.get("/engagements/<key>/trail")
@requires(Action.MANAGE)
def engagement(key: str) -> str:
    """Show what happened in an engagement."""
    with context().database.read() as session:
        found = get_engagement(session, key)
        return _page(
            session,
            Scope(engagement_id=found.id),
            "trail/engagement.html",
            shell=engagement_shell(session, key, page="trail"),
            engagement=found,
            units=list_units(session, found.id, archived=True),
        )


@blueprint.get("/engagements/<key>/trail/export.<suffix>")
@requires(Action.MANAGE)
def export_engagement(key: str, suffix: str) -> Response:
    """Send what happened in an engagement as a file."""
    with context().database.read() as session:
        engagement_id = get_engagement(session, key).id
    return _file(Scope(engagement_id=engagement_id), suffix, f"trail-{key}")


@blueprint.get("/assessments/<int:assessment_id>/trail")
@requires(Action.READ)
def assessment(assessment_id: int) -> str:
    """Show what happened to an assessment."""
    return _of_assessment(assessment_id, None)


@blueprint.get("/assessments/<int:assessment_id>/trail/<element>")
@requires(Action.READ)
def element(assessment_id: int, element: str) -> str:
    """Show everything that was ever said and set about one element."""
    return _of_assessment(assessment_id, element)


@blueprint.get("/assessments/<int:assessment_id>/trail/export.<suffix>")
@requires(Action.EXPORT)
def export_assessment(assessment_id: int, suffix: str) -> Response:
    """Send what happened to an assessment, or to the element that the address names, as a file."""
    with context().database.read() as session:
        engagement_id = assessment_record(session, assessment_id).engagement_id
    scope = Scope(engagement_id, assessment_id, request.args.get("element") or None)
    return _file(scope, suffix, f"trail-assessment-{assessment_id}")


def _of_assessment(assessment_id: int, element: str | None) -> str:
    with context().database.read() as session:
        view = load_assessment(session, assessment_id)
        if element is not None and (element not in view.framework or not view.framework.node(element).is_leaf):
            raise NotFound("element", element)
        earlier = [
            one
            for one in revisions_beside(session, get_assessment(session, assessment_id))
            if one.revision < view.revision
        ]
        return _page(
            session,
            Scope(view.engagement.id, assessment_id, element),
            "trail/assessment.html",
            shell=assessment_shell(session, view),
            view=view,
            leaf=view.framework.node(element) if element else None,
            agreed=view.agreed.get(element) if element else None,
            earlier=earlier[-1] if earlier else None,
        )


def _page(session: Session, scope: Scope, template: str, **given: Any) -> str:
    wanted = _wanted(request.args)
    hears = _hears(scope)
    page = read_trail(session, scope, wanted, hears=hears, page=_number(request.args.get("page")))
    groups = {
        name: word
        for name, word in codes.GROUPS.items()
        if (hears or name != "answers") and (scope.assessment_id is None or name not in SHORT_LISTS)
    }
    return render_template(
        template,
        page=page,
        wanted=wanted,
        groups=groups,
        users=users_of(session, scope),
        hears=hears,
        kept={name: value for name, value in request.args.items() if name != "page" and value},
        file_formats=list(FORMATS),
        help_page="trail",
        **given,
    )


def _hears(scope: Scope) -> bool:
    """Tell whether the reader may know what respondents said: those who manage all of it may in any case."""
    return scope.assessment_id is None or can("answer")


def _wanted(arguments: Mapping[str, str]) -> Filter:
    group = arguments.get("group", "")
    who = arguments.get("who", "")
    return Filter(
        group=group if group in GROUPS else None,
        user_id=int(who) if who.isdecimal() and len(who) < 10 else None,
        since=_day(arguments.get("since")),
        until=_day(arguments.get("until")),
        unit=arguments.get("unit") or None,
    )


def _day(written: str | None) -> date | None:
    try:
        found = date.fromisoformat(written or "")
    except ValueError:
        return None
    return found if 1900 < found.year < 9000 else None


def _number(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 7 else 1


def _file(scope: Scope, suffix: str, name: str) -> Response:
    if suffix not in FORMATS:
        abort(404)
    media_type, lines = FORMATS[suffix]
    with context().database.read() as session:
        content = "".join(lines(every_entry(session, scope, _wanted(request.args), hears=_hears(scope))))
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    response.headers["Cache-Control"] = "no-store"
    return response
