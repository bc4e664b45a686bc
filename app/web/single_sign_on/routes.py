"""/single-sign-on: to the provider and back; a first account; what is left to do after signing out.

The way to the provider is a link, never a form: browsers hold `form-action 'self'` against redirects of a form too.
"""

from __future__ import annotations

import structlog
from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.services import account_links, single_sign_on
from app.services.identity_provider import SignOnRefused
from app.services.permissions import Action
from app.services.sign_ins import Factors
from app.services.token_checking import Identity
from app.web.access import local_path, requires
from app.web.context import context, signed_in
from app.web.signing.carrying import carried_for, carried_here
from app.web.signing.entering import LINK, enter, start
from app.web.signing.forms import SignInForm
from app.web.signing.using import rules
from app.web.single_sign_on.pending import Arrival, Journey, Purpose, end_journey, remember_arrival
from app.web.single_sign_on.travelling import depart, provider, refuse_other_sites, return_address
from app.web.single_sign_on.wording import STATUS, TOLD

blueprint = Blueprint("single_sign_on", __name__)
log = structlog.get_logger("app.web")

REFUSED = "single-sign-on-refused"


@blueprint.app_template_global("single_sign_on")
def label() -> str | None:
    """Return what people call the provider; None without single sign-on."""
    ours = context().provider
    return ours.settings.label if ours else None


@blueprint.get("/single-sign-on")
@requires(Action.ENTER)
def leave() -> Response:
    """Send a browser to the provider; whoever is signed in proves there once more who they are."""
    target, held = local_path(request.args.get("next")), signed_in()
    if held is None:
        return _departed(Purpose.SIGN_IN, None, target)
    refuse_other_sites()
    return _departed(Purpose.PROVE, held.user_id, target)


def _departed(purpose: Purpose, user_id: int | None, target: str | None) -> Response:
    try:
        return depart(purpose, user_id=user_id, target=target)
    except SignOnRefused as refused:
        return told(refused, purpose)


@blueprint.get("/single-sign-on/return")
@requires(Action.ENTER)
def come_back() -> Response:
    """Take the provider's answer and do what the browser was sent for."""
    ours, journey = provider(), end_journey()
    try:
        if journey is None:
            raise SignOnRefused("stale", "no journey")  # noqa: TRY301 - told like every other refusal
        identity = ours.finish(request.args.to_dict(), journey.begun, return_address())
        return _arrived(identity, journey)
    except SignOnRefused as refused:
        return told(refused, journey.purpose if journey else Purpose.SIGN_IN)


def _arrived(identity: Identity, journey: Journey) -> Response:
    if journey.purpose is Purpose.LINK:
        return _linked(identity, journey)
    parts, held = context(), signed_in()
    if journey.purpose is Purpose.PROVE and (held is None or held.user_id != journey.user_id):
        raise SignOnRefused("stale", "signed in as somebody else since")
    try:
        _take_welcome(identity)
        with parts.database.begin() as writing:
            user = single_sign_on.admit(writing, identity, clock=parts.clock, rules=rules(), only=journey.user_id)
    except SignOnRefused as refused:
        if refused.code != "unknown" or not _may_have_account():
            raise
        remember_arrival(Arrival(identity, journey.target))
        return redirect(url_for("single_sign_on_enrolling.account"))
    return enter(start(user.id, Factors.OIDC), target=journey.target)


def _take_welcome(identity: Identity) -> None:
    """Link the account that waits for its holder without a password, if this browser has opened the link to it."""
    found, parts = waiting_invitation(), context()
    if found is None or found.user_id is None or signed_in() is not None:
        return
    nobody, names = parts.database.opened_for(asker=None), single_sign_on.Names("", "")
    with nobody.begin() as writing:
        single_sign_on.accept(writing, identity, found, names=names, clock=parts.clock, rules=rules())
    session.pop(LINK, None)


def _linked(identity: Identity, journey: Journey) -> Response:
    parts, held = context(), signed_in()
    if held is None or held.user_id != journey.user_id:
        raise SignOnRefused("stale", "signed in as somebody else since")
    with parts.database.begin() as writing:
        single_sign_on.link(writing, identity, held.user_id, actor=held, clock=parts.clock)
    return redirect(url_for("single_sign_on_linking.own"))


def _may_have_account() -> bool:
    """Tell whether whoever the provider vouches for may make an account: by the settings, or by an invitation."""
    return provider().settings.sign_up or waiting_invitation() is not None


def waiting_invitation() -> account_links.LinkView | None:
    """Return the invitation that this browser has opened, if it still holds."""
    link_id = session.get(LINK)
    if link_id is None:
        return None
    parts = context()
    with parts.database.read() as reading:
        found = account_links.living_link(reading, link_id, clock=parts.clock)
    return found if found is not None and found.kind is account_links.Kind.INVITATION else None


@blueprint.post("/single-sign-on/resume")
@requires(Action.ENTER)
def resume() -> Response:
    """Give back what was typed into a form whose sign-in had ended, to whoever has signed in in another tab since.

    Stands open to requests without a token against forgery, because signing in has renewed that of the browser: it
    changes nothing, and what it shows is signed and for that user alone.
    """
    held = signed_in()
    carried = carried_for(held.user_id) if held else None
    if carried is not None:
        return page("signing/carried.html", carried=carried)
    form = SignInForm(formdata=None)
    return page("signing/sign_in.html", status=401, form=form, target=None, carried=carried_here(), faults=[])


blueprint.record_once(lambda state: state.app.extensions["csrf"].exempt(resume))


@blueprint.get("/single-sign-on/left")
@requires(Action.ENTER)
def left() -> Response:
    """Say that one is signed out here, and offer to sign out of the provider too."""
    further = provider().end_session(return_address("signing.sign_in"))
    return page("single_sign_on/left.html", further=further)


def told(refused: SignOnRefused, purpose: Purpose) -> Response:
    """Lead to the page that says why single sign-on led nowhere, out of the address that the provider sent.

    Logs it, and puts it into the trail where the provider had vouched for somebody.
    """
    log.warning("single sign-on refused", reference=g.get("reference"), why=refused.code, reason=refused.reason)
    parts, held = context(), signed_in()
    if refused.code in single_sign_on.TOLD_IN_TRAIL:
        with parts.database.begin() as writing:
            single_sign_on.note_failure(writing, refused, user_id=held.user_id if held else None, clock=parts.clock)
    session[REFUSED] = {"why": refused.code, "linking": purpose is Purpose.LINK, "reference": g.get("reference")}
    response = redirect(url_for("single_sign_on.refused"))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/single-sign-on/refused")
@requires(Action.ENTER)
def refused() -> Response:
    """Say why single sign-on led nowhere and what to do."""
    provider()
    kept = session.get(REFUSED)
    if kept is None:
        return redirect(url_for("signing.sign_in"))
    heading, advice = TOLD[kept["why"]]
    values = {"heading": heading, "advice": advice, "linking": kept["linking"], "number": kept["reference"]}
    return page("single_sign_on/refused.html", status=STATUS.get(kept["why"], 403), **values)


def page(template: str, *, status: int = 200, **values: object) -> Response:
    """Return a page that no cache keeps."""
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response
