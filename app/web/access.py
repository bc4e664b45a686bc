"""Who may open a view: every view carries exactly one `requires` (a test walks the URL map)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.services.permissions import Action, permitted
from app.web.context import signed_in

View = TypeVar("View", bound=Callable[..., Any])

MARK = "action"  # attribute of a guarded view: the Action that it asks for


def requires(action: Action) -> Callable[[View], View]:
    """Let only those through who may do `action`; strangers go to the sign-in page (401 for the API).

    Stands below the route, above nothing: `@blueprint.get(…)`, then `@requires(Action.READ)`, then the view.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permitted(signed_in(), action):
                return view(*args, **kwargs)
            if signed_in() is None:
                return _sign_in_first()
            return abort(403)

        setattr(guarded, MARK, action)
        return guarded  # type: ignore[return-value] # same signature as the view

    return mark


def can(action: str) -> bool:
    """Tell a template whether to offer something; the view itself still asks."""
    return permitted(signed_in(), Action(action))


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
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("signing.sign_in", next=here if request.method == "GET" else None))
