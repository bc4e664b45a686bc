"""Who asks: the sign-in that a browser holds, looked up at every request, and what it is good for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.services import sign_ins
from app.services.permissions import Action
from app.services.sign_ins import Rules, Use, rules_of
from app.storage.database import Busy, NoRoom
from app.web.access import MARK, find_place
from app.web.context import context, enter_as
from app.web.responding.holding import by_personal_link

TOKEN = "token"  # noqa: S105 - the key in the session, no secret
# Pages ask these by themselves, with nobody in front of them: they do not keep a sign-in from ending.
UNATTENDED = frozenset(
    {
        "account.lasting",
        "interviewing_api.ping",
        "interviewing_api.tell_presence",
        "agreeing_api.get_overview",
        "agreeing_api.get_element",
        "jobs.progress",
        "reports.progress",
    }
)
ENROLLING = frozenset({"account", "home"})  # blueprints that a sign-in without its second factor still reaches

View = TypeVar("View", bound=Callable[..., Any])


def rules() -> Rules:
    """Return what this installation chose about sign-ins."""
    return rules_of(context().settings)


def current_use() -> Use:
    """Return the sign-in of this request; only for views whose permission rules out strangers."""
    return cast("Use", g.use)


def find_actor() -> Response | None:
    """Find out who asks. Whoever still lacks the second factor that they must have is led to set it up.

    What comes by a personal link is nobody's, also in a browser that is signed in: trail and log would tell by the
    account who a respondent is.
    """
    token = session.get(TOKEN)
    if token is None or request.endpoint == "static" or by_personal_link():
        return None
    parts = context()
    with parts.database.read() as reading:
        use = sign_ins.use_of(reading, token, parts.clock, rules())
        if use is not None:
            find_place(reading, use.actor)
    if use is None:
        return None
    g.use = use
    enter_as(use.actor)
    if use.touch_due and request.endpoint not in UNATTENDED:
        # who only reads goes on reading when the disk is full
        with suppress(NoRoom, Busy), parts.database.begin() as writing:
            sign_ins.touch(writing, token, parts.clock, rules())
    return _lead_to_second_factor() if use.must_enrol else None


def _lead_to_second_factor() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.blueprint in ENROLLING or getattr(view, MARK, None) is Action.ENTER:
        return None
    if request.path.startswith("/api/"):
        abort(403)
    return redirect(url_for("account.second_factor_page"))


def freshly_proved(view: View) -> View:
    """Ask again who somebody is unless they proved it a quarter of an hour ago. Stands below `requires`."""

    @wraps(view)
    def guarded(*args: Any, **values: Any) -> Any:
        if context().clock() < current_use().proved_until:
            return view(*args, **values)
        here = request.full_path if request.method == "GET" else url_for("account.show")
        return redirect(url_for("account.ask_again", next=here.rstrip("?")))

    return guarded  # type: ignore[return-value] # same signature as the view
