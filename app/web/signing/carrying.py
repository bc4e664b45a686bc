"""A form that was posted after its sign-in had ended: what was typed is carried through the sign-in and posted again.

Nothing typed is ever lost to a limit. The fields travel in the page, signed, never in the address or the database; they
are given back to the same user alone, and only for a request whose token against forgery fitted when it came.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, render_template, request, session
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.services import sign_ins
from app.web.context import context
from app.web.security import signing_keys

TOKEN = "token"  # noqa: S105 - the key in the session, as in `using`, which knows this module
FIELD = "carried"
LASTS = 12 * 3600  # seconds
LARGEST = 400_000  # characters
SECRET = ("password", "old", "again", "code", "csrf_token", FIELD)


@dataclass(frozen=True, slots=True)
class Carried:
    """What was posted, by whom and where to."""

    user_id: int
    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool  # were there files, which cannot be carried


def _signing() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_keys(), salt="carried form")


def sign_in_over_form() -> Response | None:
    """Return the page that signs in and keeps what this request posts; None when there is nothing to keep."""
    token = session.get(TOKEN)
    if request.method != "POST" or not token or not request.form:
        return None
    with context().database.read() as reading:
        user_id = sign_ins.user_of_ended(reading, token)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in SECRET]
    here = request.full_path if request.query_string else request.path
    if user_id is None or sum(len(name) + len(value) for name, value in kept) > LARGEST:
        return None
    value = str(_signing().dumps([user_id, here, kept, bool(request.files)]))
    from app.web.signing.forms import SignInForm  # noqa: PLC0415 - forms reach for `access`, which asks this module

    page = render_template("signing/sign_in.html", form=SignInForm(formdata=None), target=None, carried=value)
    response = make_response(page, 401)
    response.headers["Cache-Control"] = "no-store"
    return response


def carried_here() -> str:
    """Return what this request carries, as it came."""
    return request.form.get(FIELD, "")


def carried_for(user_id: int) -> Carried | None:
    """Return what this request carries for a user; None for nothing, somebody else's, or what we did not sign."""
    try:
        owner, path, fields, files = _signing().loads(carried_here(), max_age=LASTS)
    except (BadData, ValueError, TypeError):
        return None
    return Carried(owner, path, tuple((name, value) for name, value in fields), files) if owner == user_id else None
