"""/account: name, password, sign-ins, and proving once more who one is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.services import accounts, engagements, second_factor, sign_ins
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.services.sign_ins import Factors
from app.services.signing_in import Proven, prove_code, prove_password
from app.services.throttling import Throttled
from app.web.access import local_path, requires
from app.web.account.forms import AgainForm, DisplayNameForm, PasswordForm
from app.web.account.pages import account_page
from app.web.acting import act, stored
from app.web.context import actor, context, translate
from app.web.signing.entering import door, enter, seal, start
from app.web.signing.forms import AskingForm
from app.web.signing.using import TOKEN, current_use, rules
from app.web.users.forms import ROLE_WORDS

blueprint = Blueprint("account", __name__)
TOLD_BEFORE = 600  # seconds before its end that a page speaks of it


@blueprint.get("/account")
@requires(Action.READ)
def show() -> Response:
    """Show one's own account."""
    return _show(DisplayNameForm(display_name=actor().display_name))


def _show(form: DisplayNameForm, status: int = 200) -> Response:
    parts, me = context(), actor()
    with parts.database.read() as reading:
        found = [one for one in engagements.list_engagements(reading) if one.id in me.memberships]
        values: dict[str, Any] = {
            "user": accounts.user_of_id(reading, me.user_id),
            "sign_ins": sign_ins.list_sign_ins(reading, me.user_id, parts.clock, rules()),
            "second": second_factor.state_of(reading, me.user_id),
            "parts": [(one, me.memberships[one.id]) for one in found],
        }
    page = {"form": form, "faults": form.faults(), "use": current_use(), "role_words": ROLE_WORDS}
    return account_page("account/show.html", status=status, **page, **values)


@blueprint.post("/account/name")
@requires(Action.READ)
def rename() -> Response:
    """Show another name from now on."""
    form = DisplayNameForm()
    me, clock = actor(), context().clock
    if stored(
        form,
        lambda writing: accounts.set_display_name(
            writing, me.name, form.display_name.data or "", actor=me, clock=clock
        ),
    ):
        flash(translate("姓名已保存。"))
        return redirect(url_for("account.show"))
    return _show(form, 422)


@blueprint.get("/account/password")
@requires(Action.READ)
def password() -> Response:
    """Show the form for another password."""
    return account_page("account/password.html", form=PasswordForm(formdata=None), has_password=_has_password())


@blueprint.post("/account/password")
@requires(Action.READ)
def change_password() -> Response:
    """Choose another password: every other sign-in ends, this one gets a new token."""
    form, me, parts = PasswordForm(), actor(), context()
    if form.validate() and form.agrees() and _proved(form, form.old.data or "") is not None:
        try:
            with parts.database.begin() as writing:
                chosen, breached = form.password.data or "", parts.settings.breached_passwords
                accounts.set_password(writing, me.name, chosen, parts.clock, actor=me, breached=breached)
        except Invalid as refused:
            form.add_refusal(refused)
        else:
            flash(translate("密码已更改，您在其他地方的登录都已结束。"))
            factors = Factors(current_use().factors)
            return enter(start(me.user_id, factors), target=url_for("account.show"))
    values = {"form": form, "faults": form.faults(), "has_password": _has_password()}
    return account_page("account/password.html", status=422, **values)


@blueprint.get("/account/confirm")
@requires(Action.READ)
def ask_again() -> Response:
    """Ask once more who somebody is, before something that matters or when the sign-in is about to end."""
    return _ask_again(AgainForm(formdata=None), local_path(request.args.get("next")))


@blueprint.post("/account/confirm")
@requires(Action.READ)
def prove_again() -> Response:
    """Start a new sign-in of this browser instead of the one that it has."""
    form, target = AgainForm(), local_path(request.form.get("next"))
    if form.validate():
        proven = _proved(form, form.password.data or "")
        factors = _factors(form, proven) if proven else None
        if proven and factors:
            return enter(start(proven.user_id, factors), target=target or url_for("account.show"))
    return _ask_again(form, target, 422)


def _ask_again(form: AgainForm, target: str | None, status: int = 200) -> Response:
    with context().database.read() as reading:
        second = second_factor.state_of(reading, actor().user_id)
    values = {"form": form, "faults": form.faults(), "target": target, "second": second}
    return account_page("account/again.html", status=status, has_password=_has_password(), **values)


def _has_password() -> bool:
    with context().database.read() as reading:
        return accounts.user_of_id(reading, actor().user_id).has_password


def _proved(form: PasswordForm | AgainForm, typed: str) -> Proven | None:
    parts, name = context(), actor().name
    try:
        proven = prove_password(
            parts.database, name=name, password=typed, door=door(name), seal=seal(), clock=parts.clock, signed_in=True
        )
    except Throttled as throttled:
        form.refuse_for_now(throttled)
        return None
    if proven is None:
        form.refuse()
    return proven


def _factors(form: AgainForm, proven: Proven) -> Factors | None:
    if not proven.needs_code:
        return Factors.PASSWORD
    parts = context()
    try:
        factors = prove_code(
            parts.database, proven, form.code.data or "", door=door(proven.name), seal=seal(), clock=parts.clock
        )
    except Throttled as throttled:
        AskingForm.refuse_for_now(form, throttled)
        return None
    if factors is None:
        form.refuse()
    return factors


@blueprint.post("/account/sign-ins/<int:sign_in_id>/end")
@requires(Action.READ)
def end_sign_in(sign_in_id: int) -> Response:
    """End one of one's own sign-ins at once."""
    me, clock = actor(), context().clock
    return act(
        lambda writing: sign_ins.end_one(writing, me.user_id, sign_in_id, actor=me, clock=clock),
        done=translate("这个登录已结束。"),
        back=url_for("account.show"),
    )


@blueprint.post("/account/sign-ins/end-others")
@requires(Action.READ)
def end_others() -> Response:
    """End all of one's own sign-ins but this one."""
    me, clock, here = actor(), context().clock, current_use().sign_in_id
    return act(
        lambda writing: sign_ins.end_all(writing, me.user_id, actor=me, clock=clock, but=here),
        done=translate("其他地方的登录都已结束。"),
        back=url_for("account.show"),
    )


@blueprint.get("/api/sign-in")
@requires(Action.READ)
def lasting() -> Response:
    """Say for how many seconds this sign-in lasts if nothing more is done, and at most. Does not prolong it."""
    use, now = current_use(), context().clock()
    told = {"idle": int((use.idle_until - now).total_seconds()), "whole": int((use.ends_at - now).total_seconds())}
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/api/sign-in")
@requires(Action.READ)
def stay() -> Response:
    """Start the idle time anew, because somebody is there."""
    parts = context()
    with parts.database.begin() as writing:
        sign_ins.touch(writing, session[TOKEN], parts.clock, rules())
    with parts.database.read() as reading:
        use = sign_ins.use_of(reading, session[TOKEN], parts.clock, rules())
    g.use = use or current_use()
    return lasting()


@blueprint.app_context_processor
def _ending() -> dict[str, object]:
    """Give every page what its script must know to speak in time of the sign-in's end."""
    use = g.get("use")
    if use is None:
        return {"sign_in_ending": None}
    texts = {
        "idle": translate("很久没有操作，{n} 分钟后将自动退出。没有保存的内容请先保存。"),
        "whole": translate("这次登录 {n} 分钟后到期。再验证一次身份就可以继续，页面上的内容不受影响。"),
        "over": translate("登录已结束。页面上的内容还在：请在新标签页登录，再回到这里保存。"),
    }
    ending = {
        "address": url_for("account.lasting"),
        "idle": int(rules().idle.total_seconds()),
        "ends": int(use.ends_at.timestamp()),
        "before": TOLD_BEFORE,
        "texts": texts,
    }
    return {"sign_in_ending": ending}
