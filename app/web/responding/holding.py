"""Who holds a personal link: a signed cookie that the pages under /self/ alone receive. Knows nothing of accounts.

The cookie names the link, never its token; whether the link is still good is looked up at every request.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, make_response, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from app.services import personal_links
from app.web.context import context
from app.web.security import signing_keys

View = TypeVar("View", bound=Callable[..., Any])

PATH = "/self"
SCRIPTED = "/self/api/"  # asked by scripts, answered in JSON


def by_personal_link() -> bool:
    """Tell whether this request goes to the pages of respondents, also where there is no such page."""
    return f"{request.path}/".startswith(f"{PATH}/")


def cookie_name() -> str:
    """Return what the cookie is called here: browsers accept the prefix over HTTPS alone."""
    return "__Secure-respondent" if context().settings.secure_cookies else "respondent"


def _signing() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(), salt="personal link")


def hand_over(response: Response, link_id: int) -> None:
    """Give the browser what opens the pages of one link, until it is closed or the link ends."""
    response.set_cookie(
        cookie_name(),
        str(_signing().dumps(link_id)),
        path=PATH,
        httponly=True,
        secure=context().settings.secure_cookies,
        samesite="Lax",
    )


def take_back(response: Response) -> None:
    """Let the browser forget which link it had."""
    response.delete_cookie(
        cookie_name(), path=PATH, httponly=True, secure=context().settings.secure_cookies, samesite="Lax"
    )


def held_link() -> int | None:
    """Return the link that this browser holds, alive or not; None for none, or for a cookie that we did not make."""
    try:
        held = _signing().loads(request.cookies.get(cookie_name(), ""))
    except BadSignature:
        return None
    return held if isinstance(held, int) and not isinstance(held, bool) else None


def by_link(view: View) -> View:
    """Let only those through whose link is good; the view gets `interview_id`. Stands below `requires`.

    Everybody else is told the same, whether the link never was, has ended or has expired.
    """

    @wraps(view)
    def guarded(**values: Any) -> Any:
        link_id = held_link()
        if link_id is None:
            return refusal()
        with context().database.read() as session:
            link = personal_links.living_link(session, link_id, clock=context().clock)
        if link is None:
            return refusal()
        if link.opened_at is None:
            with context().database.begin() as session:
                personal_links.note_opened(session, link_id, clock=context().clock)
        return private(make_response(view(interview_id=link.interview_id, **values)))

    return guarded  # type: ignore[return-value] # the same view, asked by address


def refusal() -> Response:
    """Return the page that says that this link opens nothing (401 to scripts)."""
    if request.path.startswith(SCRIPTED):
        abort(401)
    return private(make_response(render_template("responding/no_link.html"), 404))


def private(response: Response) -> Response:
    """Keep what is on a respondent's page out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response
