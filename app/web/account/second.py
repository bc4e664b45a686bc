"""/account/second-factor: setting up one-time codes, recovery codes, removing them."""

from __future__ import annotations

import segno
from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.services import second_factor, sign_ins
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound
from app.services.sign_ins import Factors
from app.web.access import requires
from app.web.account.forms import SetUpForm
from app.web.account.pages import account_page
from app.web.account.routes import blueprint
from app.web.context import actor, context, translate
from app.web.signing.entering import enter, seal, start
from app.web.signing.using import current_use, freshly_proved

__all__ = ["blueprint"]

GROUP = 4  # characters of a secret that is typed


@blueprint.get("/account/second-factor")
@requires(Action.READ)
@freshly_proved
def second_factor_page() -> Response:
    """Show whether there is a second factor, and what can be done about it."""
    with context().database.read() as reading:
        second = second_factor.state_of(reading, actor().user_id)
    return account_page("account/second_factor.html", second=second, use=current_use())


@blueprint.post("/account/second-factor/begin")
@requires(Action.READ)
@freshly_proved
def begin_second_factor() -> Response:
    """Make a secret for an app."""
    parts = context()
    with parts.database.begin() as writing:
        second_factor.begin(writing, actor(), seal=seal(), clock=parts.clock)
    return redirect(url_for("account.set_up"))


@blueprint.get("/account/second-factor/new")
@requires(Action.READ)
@freshly_proved
def set_up() -> Response:
    """Show the secret, as a picture and to type, and ask for the first code."""
    return _set_up(SetUpForm(formdata=None))


@blueprint.post("/account/second-factor/new")
@requires(Action.READ)
@freshly_proved
def confirm_set_up() -> Response:
    """Take the first code; show the recovery codes once. Other sign-ins end, this one gets a new token."""
    form, parts, me = SetUpForm(), context(), actor()
    if not form.validate():
        return _set_up(form, 422)
    try:
        with parts.database.begin() as writing:
            codes = second_factor.confirm(writing, me, form.code.data or "", seal=seal(), clock=parts.clock)
            sign_ins.end_all(writing, me.user_id, actor=me, clock=parts.clock, but=current_use().sign_in_id)
    except Invalid as refused:
        form.add_refusal(refused)
        return _set_up(form, 422)
    except NotFound:
        return redirect(url_for("account.second_factor_page"))
    return enter(start(me.user_id, Factors.CODE), show=lambda: account_page("account/recovery_codes.html", codes=codes))


def _set_up(form: SetUpForm, status: int = 200) -> Response:
    try:
        with context().database.read() as reading:
            enrolment = second_factor.enrolment(reading, actor(), seal=seal())
    except NotFound:
        return redirect(url_for("account.second_factor_page"))
    secret = enrolment.secret
    values = {
        "picture": segno.make(enrolment.address, error="m", micro=False).svg_data_uri(scale=4, border=2),
        "secret": " ".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP)),
    }
    return account_page("account/set_up.html", status=status, form=form, faults=form.faults(), **values)


@blueprint.post("/account/second-factor/recovery-codes")
@requires(Action.READ)
@freshly_proved
def renew_recovery_codes() -> Response:
    """Make new recovery codes and show them once; the former ones are worth nothing."""
    parts = context()
    with parts.database.begin() as writing:
        codes = second_factor.renew_recovery_codes(writing, actor(), clock=parts.clock)
    return account_page("account/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/remove")
@requires(Action.READ)
@freshly_proved
def remove_second_factor() -> Response:
    """Remove one's own second factor; other sign-ins end."""
    parts, me = context(), actor()
    with parts.database.begin() as writing:
        second_factor.remove(writing, me.user_id, actor=me, clock=parts.clock)
        sign_ins.end_all(writing, me.user_id, actor=me, clock=parts.clock, but=current_use().sign_in_id)
    flash(translate("第二道验证已移除。"))
    return redirect(url_for("account.show"))
