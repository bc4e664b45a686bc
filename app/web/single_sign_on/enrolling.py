"""/single-sign-on/account: a first account for whoever the provider vouches for, by invitation or by the settings."""

from __future__ import annotations

from flask import Blueprint, redirect, session, url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from app.i18n import msgid
from app.services.accounts import UserView
from app.services.identity_provider import SignOnRefused
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound
from app.services.sign_ins import Factors
from app.services.single_sign_on import Names, accept, sign_up
from app.web.access import requires
from app.web.context import context
from app.web.forms import Form, required, stripped
from app.web.signing.entering import LINK, enter, start
from app.web.signing.using import rules
from app.web.single_sign_on.pending import Arrival, Purpose, arrival, end_arrival
from app.web.single_sign_on.routes import page, told, waiting_invitation
from app.web.single_sign_on.travelling import provider

blueprint = Blueprint("single_sign_on_enrolling", __name__)
PAGE = "single_sign_on/account.html"


class AccountForm(Form):
    """What a new account is called; whose it is, the provider has said."""

    name = StringField(msgid("用户名"), required(msgid("请填写用户名。")), filters=[stripped])
    display_name = StringField(msgid("姓名"), required(msgid("请填写姓名。")), filters=[stripped])


@blueprint.get("/single-sign-on/account")
@requires(Action.ENTER)
def account() -> Response:
    """Ask what the new account is to be called."""
    provider()
    waiting = arrival()
    if waiting is None:
        return redirect(url_for("signing.sign_in"))
    found = waiting.identity
    form = AccountForm(formdata=None, name=found.name, display_name=found.display_name)
    return page(PAGE, form=form, invitation=waiting_invitation())


@blueprint.post("/single-sign-on/account")
@requires(Action.ENTER)
def add_account() -> Response:
    """Make the account, link it and sign in."""
    provider()
    waiting, form = arrival(), AccountForm()
    if waiting is None:
        return told(SignOnRefused("stale", "no arrival"), Purpose.SIGN_IN)
    if not form.validate():
        return _again(form)
    try:
        user = _added(waiting, form)
    except Invalid as refused:
        form.add_refusal(refused)
        return _again(form)
    except NotFound:
        return told(SignOnRefused("unknown", "invitation has ended"), Purpose.SIGN_IN)
    except SignOnRefused as refused:
        return told(refused, Purpose.SIGN_IN)
    end_arrival()
    target = None if session.pop(LINK, None) else waiting.target  # an invitation is used up: there is no way back to it
    return enter(start(user.id, Factors.OIDC), target=target)


def _added(waiting: Arrival, form: AccountForm) -> UserView:
    parts, invitation = context(), waiting_invitation()
    names = Names(form.name.data or "", form.display_name.data or "")
    with parts.database.begin() as writing:
        if invitation is not None:
            return accept(writing, waiting.identity, invitation, names=names, clock=parts.clock, rules=rules())
        if provider().settings.sign_up:
            return sign_up(writing, waiting.identity, names=names, clock=parts.clock, rules=rules())
    raise SignOnRefused("unknown", "no invitation, and the settings let nobody sign up")


def _again(form: AccountForm) -> Response:
    return page(PAGE, status=422, form=form, faults=form.faults(), invitation=waiting_invitation())
