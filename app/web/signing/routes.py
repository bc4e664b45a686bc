"""/sign-in, /sign-in/code, /sign-out, /locale."""

from __future__ import annotations

import structlog
from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.i18n import as_locale
from app.services import accounts, sign_ins
from app.services.permissions import Action
from app.services.sign_ins import Factors
from app.services.signing_in import Proven, RanOut, prove_code, prove_password
from app.services.throttling import Throttled
from app.web.access import local_path, requires
from app.web.context import context, signed_in
from app.web.signing.carrying import carried_for, carried_here
from app.web.signing.entering import CHOSEN, door, enter, proven_here, remember_locale, remember_proven, seal, start
from app.web.signing.forms import CodeForm, SignInForm
from app.web.signing.using import TOKEN

__all__ = ["TOKEN", "blueprint"]

blueprint = Blueprint("signing", __name__)
log = structlog.get_logger("app.web")


@blueprint.get("/sign-in")
@requires(Action.ENTER)
def sign_in() -> Response:
    """Show the sign-in form; whoever is signed in goes on."""
    target = local_path(request.args.get("next"))
    if signed_in():
        return redirect(target or url_for("home.start"))
    return _sign_in_page(SignInForm(formdata=None), target)


@blueprint.post("/sign-in")
@requires(Action.ENTER)
def check_sign_in() -> Response:
    """Start a sign-in with a new token, or show the form again without saying what was wrong."""
    form = SignInForm()
    target = local_path(request.form.get("next"))
    if not form.validate():
        return _sign_in_page(form, target, 422)
    name, parts = form.name.data or "", context()
    try:
        proven = prove_password(
            parts.database,
            name=name,
            password=form.password.data or "",
            door=door(name),
            seal=seal(),
            clock=parts.clock,
        )
    except Throttled as throttled:
        form.refuse_for_now(throttled)
        log.warning("sign-in throttled", reference=g.get("reference"))
        return _sign_in_page(form, target, 429)
    except RanOut:
        form.refuse_first()
        log.warning("first password ran out", reference=g.get("reference"))
        return _sign_in_page(form, target, 422)
    if proven is None:
        form.refuse()
        log.warning("sign-in failed", reference=g.get("reference"))
        return _sign_in_page(form, target, 422)
    if proven.needs_code:
        remember_proven(proven)
        return _code_page(CodeForm(formdata=None), target)
    return _arrive(proven, Factors.PASSWORD, target)


@blueprint.get("/sign-in/code")
@requires(Action.ENTER)
def ask_code() -> Response:
    """Ask for the second factor, where the password was right a moment ago."""
    target = local_path(request.args.get("next"))
    if proven_here() is None:
        return redirect(url_for("signing.sign_in", next=target))
    return _code_page(CodeForm(formdata=None), target)


@blueprint.post("/sign-in/code")
@requires(Action.ENTER)
def check_code() -> Response:
    """Start a sign-in when the second factor fits too, or ask again."""
    form, target, proven, parts = CodeForm(), local_path(request.form.get("next")), proven_here(), context()
    if proven is None:
        return redirect(url_for("signing.sign_in", next=target))
    if not form.validate():
        return _code_page(form, target, 422)
    try:
        factors = prove_code(
            parts.database, proven, form.code.data or "", door=door(proven.name), seal=seal(), clock=parts.clock
        )
    except Throttled as throttled:
        form.refuse_for_now(throttled)
        return _code_page(form, target, 429)
    if factors is None:
        form.refuse()
        log.warning("sign-in failed", reference=g.get("reference"))
        return _code_page(form, target, 422)
    return _arrive(proven, factors, target)


@blueprint.post("/sign-out")
@requires(Action.ENTER)
def sign_out() -> Response:
    """End the sign-in on the server and have the browser forget everything.

    `keep`: the page found unsent answers of somebody else on this device and has erased all but those itself.
    """
    token, parts, use = session.pop(TOKEN, None), context(), g.get("use")
    if token:
        with parts.database.begin() as writing:
            sign_ins.sign_out(writing, token, parts.clock)
    session.clear()
    by_provider = parts.provider is not None and use is not None and use.factors == Factors.OIDC
    response = redirect(url_for("single_sign_on.left" if by_provider else "signing.sign_in"))
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
    remember_locale(response, chosen)
    return response


def _arrive(proven: Proven, factors: Factors, target: str | None) -> Response:
    """Let in whoever has proved everything; a form that waited is shown, to be posted again."""
    token, carried = start(proven.user_id, factors), carried_for(proven.user_id)
    if carried is None:
        return enter(token, target=target)
    return enter(token, show=lambda: _unstored(render_template("signing/carried.html", carried=carried)))


def _sign_in_page(form: SignInForm, target: str | None, status: int = 200) -> Response:
    return _page("signing/sign_in.html", form, target, status)


def _code_page(form: CodeForm, target: str | None, status: int = 200) -> Response:
    return _page("signing/code.html", form, target, status)


def _page(template: str, form: SignInForm | CodeForm, target: str | None, status: int) -> Response:
    page = render_template(template, form=form, target=target, carried=carried_here(), faults=form.faults())
    return _unstored(page, status)


def _unstored(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
