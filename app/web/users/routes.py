"""/users: list, add, role, disable, enable; and per account: links to a password, sign-ins, second factor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.services import account_links, accounts, engagements, memberships, second_factor, sign_ins
from app.services.permissions import Action, Role
from app.storage.database import Session
from app.web.access import requires
from app.web.account.pages import account_page
from app.web.acting import act, stored
from app.web.context import actor, context, translate
from app.web.inviting.handing_over import Way, handed_over
from app.web.shell import Shell
from app.web.signing.using import freshly_proved, rules
from app.web.users.forms import ROLE_MEANINGS, ROLE_WORDS, RoleForm, UserForm

blueprint = Blueprint("users", __name__)
SHELL = Shell(section="users")


@blueprint.get("/users")
@requires(Action.ADMINISTER)
def listing() -> Response:
    """Show all users, and the invitations that wait."""
    with context().database.read() as session:
        values: dict[str, Any] = {
            "users": accounts.list_users(session),
            "second": second_factor.users_with_one(session),
            "invitations": account_links.list_invitations(session, None, clock=context().clock),
        }
    return _page("users/listing.html", needed=rules().second_factor, **values)


@blueprint.get("/users/new")
@requires(Action.ADMINISTER)
def new() -> Response:
    """Show the form for a new user."""
    return _page("users/new.html", form=UserForm(role=Role.CONSULTANT.value))


@blueprint.post("/users/new")
@requires(Action.ADMINISTER)
def add() -> Response:
    """Store a user without a password and show once the link by which they choose one."""
    form, me, clock = UserForm(), actor(), context().clock
    made: list[account_links.MadeLink] = []

    def add_it(session: Session) -> None:
        user = accounts.add_user(
            session,
            name=form.name.data or "",
            display_name=form.display_name.data,
            password=None,
            role=Role(form.role.data),
            clock=clock,
            actor=me,
        )
        made.append(account_links.welcome(session, user, days=account_links.USUAL_DAYS, actor=me, clock=clock))

    if not stored(form, add_it):
        return _page("users/new.html", status=422, form=form, faults=form.faults())
    return handed_over(made[0], _way(), whom=form.display_name.data or "")


@blueprint.get("/users/<name>/account")
@requires(Action.ADMINISTER)
def show(name: str) -> Response:
    """Show one account: what it may do, where it is signed in, by what it proves who it is."""
    clock = context().clock
    with context().database.read() as session:
        user = accounts.get_user(session, name)
        parts = memberships.parts_of(session, user.id)
        values: dict[str, Any] = {
            "user": user,
            "sign_ins": sign_ins.list_sign_ins(session, user.id, clock, rules()),
            "second": second_factor.state_of(session, user.id),
            "parts": [(one, parts[one.id]) for one in engagements.list_engagements(session) if one.id in parts],
        }
    return _page("users/show.html", needed=rules().second_factor, **values)


@blueprint.get("/users/<name>/password")
@requires(Action.ADMINISTER)
def ask_reset(name: str) -> Response:
    """Say what a reset link does, and ask."""
    with context().database.read() as session:
        user = accounts.get_user(session, name)
    return _page("users/reset.html", user=user)


@blueprint.post("/users/<name>/password")
@requires(Action.ADMINISTER)
@freshly_proved
def reset_password(name: str) -> Response:
    """Make a link by which a user chooses another password, and show it once."""
    with context().database.begin() as session:
        user = accounts.get_user(session, name)
        link = account_links.reset_link(session, name, actor=actor(), clock=context().clock)
    return handed_over(link, _way(), whom=user.display_name)


@blueprint.post("/users/<name>/role")
@requires(Action.ADMINISTER)
def change_role(name: str) -> Response:
    """Give a user another role."""
    form, me = RoleForm(), actor()
    if not form.validate():
        flash(translate("没有这个角色。"), "error")
        return redirect(url_for("users.listing"))
    role = Role(form.role.data)
    return act(
        lambda session: accounts.set_role(session, name, role, context().clock, actor=me),
        done=translate("%(name)s 的角色已改为%(role)s。") % {"name": name, "role": translate(ROLE_WORDS[role])},
        back=url_for("users.listing"),
    )


@blueprint.post("/users/<name>/disable")
@requires(Action.ADMINISTER)
def disable(name: str) -> Response:
    """Shut a user out at once."""
    me = actor()
    return act(
        lambda session: accounts.disable_user(session, name, context().clock, actor=me),
        done=translate("%(name)s 已停用，不能再登录。") % {"name": name},
        back=url_for("users.listing"),
    )


@blueprint.post("/users/<name>/enable")
@requires(Action.ADMINISTER)
def enable(name: str) -> Response:
    """Let a user in again."""
    me = actor()
    return act(
        lambda session: accounts.enable_user(session, name, actor=me, clock=context().clock),
        done=translate("%(name)s 已恢复，可以登录。") % {"name": name},
        back=url_for("users.listing"),
    )


@blueprint.post("/users/<name>/sign-ins/<int:sign_in_id>/end")
@requires(Action.ADMINISTER)
def end_sign_in(name: str, sign_in_id: int) -> Response:
    """End one sign-in of a user at once."""
    me, clock = actor(), context().clock

    def end_it(session: Session) -> None:
        sign_ins.end_one(session, accounts.get_user(session, name).id, sign_in_id, actor=me, clock=clock)

    return act(end_it, done=translate("这个登录已结束。"), back=url_for("users.show", name=name))


@blueprint.post("/users/<name>/sign-ins/end")
@requires(Action.ADMINISTER)
def end_sign_ins(name: str) -> Response:
    """End every sign-in of a user at once."""
    me, clock = actor(), context().clock

    def end_them(session: Session) -> None:
        sign_ins.end_all(session, accounts.get_user(session, name).id, actor=me, clock=clock)

    return act(end_them, done=translate("所有登录已结束。"), back=url_for("users.show", name=name))


@blueprint.post("/users/<name>/second-factor/remove")
@requires(Action.ADMINISTER)
@freshly_proved
def remove_second_factor(name: str) -> Response:
    """Remove a user's second factor, whose telephone is lost; every sign-in of theirs ends."""
    me, clock = actor(), context().clock

    def remove_it(session: Session) -> None:
        user = accounts.get_user(session, name)
        second_factor.remove(session, user.id, actor=me, clock=clock)
        sign_ins.end_all(session, user.id, actor=me, clock=clock)

    return act(remove_it, done=translate("第二道验证已移除。"), back=url_for("users.show", name=name))


def _way() -> Way:
    return Way(SHELL, url_for("users.listing"), translate("回到用户列表"), "users")


def _page(template: str, *, status: int = 200, **values: object) -> Response:
    words = {"role_words": ROLE_WORDS, "role_meanings": ROLE_MEANINGS}
    return account_page(template, status=status, shell=SHELL, help_page="users", **words, **values)
