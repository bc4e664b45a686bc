"""/users: list, add, role, disable, enable, new password. A password is made here and shown once."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.services import accounts
from app.services.permissions import Action, Role
from app.storage.database import Session
from app.web.access import requires
from app.web.acting import act, stored
from app.web.context import context, translate
from app.web.shell import Shell
from app.web.users.forms import ROLE_MEANINGS, ROLE_WORDS, RoleForm, UserForm

blueprint = Blueprint("users", __name__)
SHELL = Shell(section="users")


@blueprint.get("/users")
@requires(Action.ADMINISTER)
def listing() -> Response:
    """Show all users."""
    with context().database.read() as session:
        users = accounts.list_users(session)
    return _page("users/listing.html", users=users)


@blueprint.get("/users/new")
@requires(Action.ADMINISTER)
def new() -> Response:
    """Show the form for a new user."""
    return _page("users/new.html", form=UserForm(role=Role.CONSULTANT.value))


@blueprint.post("/users/new")
@requires(Action.ADMINISTER)
def add() -> Response:
    """Store a user and show the password once."""
    form, password = UserForm(), accounts.generate_password()
    name = form.name.data or ""

    def add_it(session: Session) -> None:
        accounts.add_user(
            session,
            name=name,
            display_name=form.display_name.data,
            password=password,
            role=Role(form.role.data),
            clock=context().clock,
        )

    if not stored(form, add_it):
        return _page("users/new.html", status=422, form=form, faults=form.faults())
    with context().database.read() as session:
        user = accounts.get_user(session, name)
    return _page("users/password.html", user=user, password=password)


@blueprint.get("/users/<name>/password")
@requires(Action.ADMINISTER)
def ask_reset(name: str) -> Response:
    """Say what a new password ends, and ask."""
    with context().database.read() as session:
        user = accounts.get_user(session, name)
    return _page("users/reset.html", user=user)


@blueprint.post("/users/<name>/password")
@requires(Action.ADMINISTER)
def reset_password(name: str) -> Response:
    """Give a user a new password, shown once; all of the user's sign-ins end."""
    password = accounts.generate_password()
    with context().database.begin() as session:
        accounts.set_password(session, name, password, context().clock)
        user = accounts.get_user(session, name)
    return _page("users/password.html", user=user, password=password)


@blueprint.post("/users/<name>/role")
@requires(Action.ADMINISTER)
def change_role(name: str) -> Response:
    """Give a user another role."""
    form = RoleForm()
    if not form.validate():
        flash(translate("没有这个角色。"), "error")
        return redirect(url_for("users.listing"))
    role = Role(form.role.data)
    return act(
        lambda session: accounts.set_role(session, name, role, context().clock),
        done=translate("%(name)s 的角色已改为%(role)s。") % {"name": name, "role": translate(ROLE_WORDS[role])},
        back=url_for("users.listing"),
    )


@blueprint.post("/users/<name>/disable")
@requires(Action.ADMINISTER)
def disable(name: str) -> Response:
    """Shut a user out at once."""
    return act(
        lambda session: accounts.disable_user(session, name, context().clock),
        done=translate("%(name)s 已停用，不能再登录。") % {"name": name},
        back=url_for("users.listing"),
    )


@blueprint.post("/users/<name>/enable")
@requires(Action.ADMINISTER)
def enable(name: str) -> Response:
    """Let a user in again."""
    return act(
        lambda session: accounts.enable_user(session, name),
        done=translate("%(name)s 已恢复，可以登录。") % {"name": name},
        back=url_for("users.listing"),
    )


def _page(template: str, *, status: int = 200, **values: object) -> Response:
    words = {"role_words": ROLE_WORDS, "role_meanings": ROLE_MEANINGS}
    page = make_response(render_template(template, shell=SHELL, help_page="users", **words, **values), status)
    page.headers["Cache-Control"] = "no-store"
    return page
