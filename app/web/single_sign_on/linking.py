"""/account/single-sign-on: linking one's own account to the provider, and ending that."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from app.services import accounts, single_sign_on
from app.services.identity_provider import SignOnRefused
from app.services.permissions import Action
from app.web.access import requires
from app.web.account.pages import account_page
from app.web.acting import act
from app.web.context import actor, context, translate
from app.web.signing.using import freshly_proved
from app.web.single_sign_on.pending import Purpose
from app.web.single_sign_on.routes import told
from app.web.single_sign_on.travelling import depart, provider, refuse_other_sites

blueprint = Blueprint("single_sign_on_linking", __name__)


@blueprint.get("/account/single-sign-on")
@requires(Action.READ)
def own() -> Response:
    """Show whether one's own account is linked, and what can be done about it."""
    issuer = provider().settings.issuer
    with context().database.read() as reading:
        found = single_sign_on.link_of(reading, actor().user_id, issuer)
        user = accounts.user_of_id(reading, actor().user_id)
    return account_page("single_sign_on/own.html", link=found, user=user, help_page="single-sign-on")


@blueprint.get("/account/single-sign-on/link")
@requires(Action.READ)
@freshly_proved
def link() -> Response:
    """Send the browser to the provider, to prove there afresh whom the account is to be linked with."""
    provider()
    refuse_other_sites()
    try:
        return depart(Purpose.LINK, user_id=actor().user_id)
    except SignOnRefused as refused:
        return told(refused, Purpose.LINK)


@blueprint.post("/account/single-sign-on/unlink")
@requires(Action.READ)
@freshly_proved
def unlink() -> Response:
    """End the link; sign-ins that began by it go on until they end."""
    me, clock, issuer = actor(), context().clock, provider().settings.issuer
    return act(
        lambda writing: single_sign_on.unlink(writing, me.user_id, issuer, actor=me, clock=clock),
        done=translate("关联已解除。"),
        back=url_for("single_sign_on_linking.own"),
    )
