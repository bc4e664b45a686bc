"""/sign-in, /sign-out, /locale."""

from __future__ import annotations

import structlog
from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.i18n import as_locale
from app.services import accounts
from app.services.permissions import Action, Actor
from app.web.access import local_path, requires
from app.web.context import LOCALE_COOKIE, context, signed_in
from app.web.security import ONE_YEAR
from app.web.signing.forms import SignInForm

blueprint = Blueprint("signing", __name__)
log = structlog.get_logger("app.web")

TOKEN = "token"  # noqa: S105 - the key in the session, no secret
CHOSEN = "locale-chosen"


@blueprint.get("/sign-in")
@requires(Action.ENTER)
def sign_in() -> Response | str:
    """Show the sign-in form; whoever is signed in goes on."""
    target = local_path(request.args.get("next"))
    if signed_in():
        return redirect(target or url_for("home.start"))
    return render_template("signing/sign_in.html", form=SignInForm(formdata=None), target=target)


@blueprint.post("/sign-in")
@requires(Action.ENTER)
def check_sign_in() -> Response | tuple[str, int]:
    """Start a sign-in with a new token, or show the form again without saying what was wrong."""
    form = SignInForm()
    target = local_path(request.form.get("next"))
    parts = context()
    if form.validate():
        with parts.database.begin() as writing:
            token = accounts.sign_in(writing, form.name.data or "", form.password.data or "", parts.clock)
            found = accounts.actor_of(writing, token, parts.clock) if token else None
        if token and found:
            return _enter(found, token, target)
        form.refuse()
    log.warning("sign-in failed", reference=g.get("reference"))
    return render_template("signing/sign_in.html", form=form, target=target, faults=form.faults()), 422


@blueprint.post("/sign-out")
@requires(Action.ENTER)
def sign_out() -> Response:
    """End the sign-in on the server and have the browser forget everything.

    `keep`: the page found unsent answers of somebody else on this device and has erased all but those itself.
    """
    token = session.pop(TOKEN, None)
    if token:
        parts = context()
        with parts.database.begin() as writing:
            accounts.sign_out(writing, token, parts.clock)
    session.clear()
    response = redirect(url_for("signing.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"' if request.form.get("keep") == "1" else '"cache", "storage"'
    return response


@blueprint.post("/locale")
@requires(Action.ENTER)
def choose_locale() -> Response:
    """Remember the language in this browser, and for a signed-in user everywhere; return to the same page."""
    chosen = as_locale(request.form.get("locale"))
    response = redirect(local_path(request.form.get("next")) or url_for("home.start"))
    if chosen is None:
        return response
    found = signed_in()
    if found is None:
        session[CHOSEN] = chosen
    else:
        with context().database.begin() as writing:
            accounts.set_locale(writing, found, chosen)
    _remember(response, chosen)
    return response


def _enter(found: Actor, token: str, target: str | None) -> Response:
    chosen = as_locale(session.get(CHOSEN))
    with context().database.begin() as writing:
        if chosen:
            accounts.set_locale(writing, found, chosen)
        preferred = accounts.get_user(writing, found.name).locale
    session.clear()
    session.permanent = True
    session[TOKEN] = token
    log.info("signed in", user=found.user_id, reference=g.get("reference"))
    response = redirect(target or url_for("home.start"))
    if preferred:
        _remember(response, preferred)
    return response


def _remember(response: Response, locale: str) -> None:
    response.set_cookie(
        LOCALE_COOKIE,
        locale,
        max_age=ONE_YEAR,
        httponly=True,
        secure=context().settings.secure_cookies,
        samesite="Lax",
    )
