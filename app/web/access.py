"""Who may open a view: every view carries exactly one `requires` (a test walks the URL map)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.services.permissions import Action, Actor, permitted, permitted_in, permitted_somewhere
from app.services.refusals import NotFound
from app.services.walls import KINDS, place_of
from app.storage.database import Session
from app.web.context import signed_in
from app.web.signing.carrying import sign_in_over_form

View = TypeVar("View", bound=Callable[..., Any])

MARK = "action"  # attribute of a guarded view: the Action that it asks for
WITHIN = "within"  # and the part of its query that holds the key of an engagement, None for none


def requires(action: Action, *, within: str | None = None) -> Callable[[View], View]:
    """Let only those through who may do `action`; strangers go to the sign-in page (401 for the API).

    What the address names is looked up first: it must exist for whoever asks (404 otherwise), and what they may do is
    what their part in its engagement lets them (403 otherwise). An address outside of engagements opens to whoever may
    do `action` somewhere; its view must then ask where. `within` names a part of the query that holds the key of an
    engagement: where it is given, it counts as part of the address.

    Stands below the route, above nothing: `@blueprint.get(…)`, then `@requires(Action.READ)`, then the view.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if action is Action.ENTER:
                return view(*args, **kwargs)
            if signed_in() is None:
                return _sign_in_first()
            if _may_here(action):
                return view(*args, **kwargs)
            return abort(403)

        setattr(guarded, MARK, action)
        setattr(guarded, WITHIN, within)
        return guarded  # type: ignore[return-value] # same signature as the view

    return mark


def find_place(session: Session, found: Actor) -> None:
    """Look up what the address names for `found`, in the session that found out who asks; `requires` judges it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, MARK, Action.ENTER) is Action.ENTER:
        return
    arguments = dict(request.view_args or {})
    within = getattr(view, WITHIN)
    if within is not None and request.args.get(within):
        arguments["key"] = request.args[within]
    if not KINDS.keys() & arguments.keys():
        g.place = None
        return
    session.info["asker"] = found
    try:
        g.place = place_of(session, arguments)
    except NotFound as absent:
        g.absent = absent


def _may_here(action: Action) -> bool:
    found = signed_in()
    if found is None:
        return False
    if "absent" in g:
        raise g.absent
    engagement_id = g.place
    if engagement_id is None:
        return permitted_somewhere(found, action)
    g.actor = found.within(engagement_id)
    return permitted(g.actor, action)


def can(action: str) -> bool:
    """Tell a template whether to offer something; the view itself still asks."""
    found = signed_in()
    if found is None or found.part is not None:
        return permitted(found, Action(action))
    return permitted_somewhere(found, Action(action))


def can_in(action: str, engagement_id: int | None) -> bool:
    """Tell a template the same about one of several engagements."""
    return permitted_in(signed_in(), engagement_id, Action(action))


def local_path(target: str | None) -> str | None:
    """Return `target` if it is a path on this site, else None: no host, no backslash, no control characters."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 33 or ord(character) == 127 for character in target):
        return None
    return target


def _sign_in_first() -> Response:
    if request.path.startswith("/api/"):
        abort(401)
    carrying = sign_in_over_form()
    if carrying is not None:
        return carrying
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("signing.sign_in", next=here if request.method == "GET" else None))
