"""/invitations: made by administrators. /link: opened by whoever holds one, to make an account or choose a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, session, url_for
from werkzeug.wrappers import Response

from app.services import account_links, engagements
from app.services.account_links import Kind, LinkView
from app.services.permissions import Action, Role
from app.services.refusals import Invalid, NotFound
from app.services.sign_ins import Factors
from app.web.access import requires
from app.web.account.forms import NewPasswordForm
from app.web.account.pages import account_page
from app.web.acting import act
from app.web.context import actor, context, signed_in, translate
from app.web.inviting.forms import AccountForm, RoleInvitationForm
from app.web.inviting.handing_over import Way, handed_over, mail_is_good
from app.web.shell import Shell
from app.web.signing.entering import LINK, enter, start
from app.web.users.forms import ROLE_WORDS
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.storage.database import Database

blueprint = Blueprint("inviting", __name__)
SHELL = Shell(section="users")


def _everybody() -> Database:
    """Return the database as nobody in particular sees it: what a link opens is not its holder's yet."""
    return context().database.opened_for(asker=None)


@blueprint.get("/invitations/new")
@requires(Action.ADMINISTER)
def new() -> Response:
    """Show the form for an invitation to an account."""
    return _new(RoleInvitationForm(formdata=None, role=Role.CONSULTANT.value))


@blueprint.post("/invitations/new")
@requires(Action.ADMINISTER)
def make() -> Response:
    """Make an invitation and show its link once."""
    form, parts = RoleInvitationForm(), context()
    mail = form.mail.data or ""
    if not form.validate() or not mail_is_good(form, mail):
        return _new(form, 422)
    try:
        with parts.database.begin() as writing:
            link = account_links.invite(
                writing,
                Role(form.role.data),
                days=form.days.data,
                actor=actor(),
                clock=parts.clock,
                label=form.label.data,
            )
    except Invalid as refused:
        form.add_refusal(refused)
        return _new(form, 422)
    way = Way(SHELL, url_for("users.listing"), translate("回到用户列表"), "users")
    return handed_over(link, way, to=mail, whom=form.label.data or "")


def _new(form: RoleInvitationForm, status: int = 200) -> Response:
    values = {"form": form, "faults": form.faults(), "mails": context().settings.mail is not None}
    return account_page("inviting/new.html", status=status, shell=SHELL, help_page="users", **values)


@blueprint.post("/invitations/<int:link_id>/end")
@requires(Action.ADMINISTER)
def end(link_id: int) -> Response:
    """End an invitation to an account."""
    me, clock = actor(), context().clock
    return act(
        lambda writing: account_links.end_link(writing, link_id, engagement_id=None, actor=me, clock=clock),
        done=translate("邀请已作废。"),
        back=url_for("users.listing"),
    )


@blueprint.get("/link/<token>")
@requires(Action.ENTER)
def open_link(token: str) -> Response:
    """Take a link out of the address: the browser remembers which one it is, and shows what it opens.

    Looking uses nothing up, so that programs which fetch addresses out of messages do no harm.
    """
    with _everybody().read() as reading:
        link_id = account_links.link_of_token(reading, token, clock=context().clock)
    if link_id is None:
        session.pop(LINK, None)
        return _no_link()
    session[LINK] = link_id
    return redirect(url_for("inviting.link"))


@blueprint.get("/link")
@requires(Action.ENTER)
def link() -> Response:
    """Show the form that the link of this browser opens."""
    found = _held()
    if found is None:
        return _no_link()
    if found.kind is Kind.RESET or found.user_id is not None:
        return _password_page(NewPasswordForm(formdata=None), found)
    if signed_in() and found.engagement_id is not None:
        return _page("inviting/join.html", found)
    return _page("inviting/accept.html", found, form=AccountForm(formdata=None))


@blueprint.post("/link")
@requires(Action.ENTER)
def use() -> Response:
    """Make the account of an invitation, join with the one that is there, or choose a password: once."""
    found = _held()
    if found is None:
        return _no_link()
    if found.kind is Kind.RESET or found.user_id is not None:
        return _choose_password(found)
    if signed_in() and found.engagement_id is not None:
        return _join(found)
    return _accept(found)


def _choose_password(found: LinkView) -> Response:
    form, parts = NewPasswordForm(), context()
    if form.validate() and form.agrees():
        try:
            with _everybody().begin() as writing:
                chosen, breached = form.password.data or "", parts.settings.breached_passwords
                account_links.choose_password(writing, found.id, chosen, clock=parts.clock, breached=breached)
        except NotFound:
            return _no_link()
        except Invalid as refused:
            form.add_refusal(refused)
        else:
            session.clear()
            flash(translate("密码已设好。请用它登录。"))
            return redirect(url_for("signing.sign_in"))
    return _password_page(form, found, 422)


def _join(found: LinkView) -> Response:
    try:
        with _everybody().begin() as writing:
            account_links.join(writing, found.id, actor(), clock=context().clock)
    except NotFound:
        return _no_link()
    except Invalid as refused:
        return _page("inviting/join.html", found, 422, faults=[(None, sentence(refused))])
    session.pop(LINK, None)
    flash(translate("您已加入这个项目。"))
    return redirect(url_for("engagements.portfolio", key=found.engagement_key))


def _accept(found: LinkView) -> Response:
    form, parts = AccountForm(), context()
    if form.validate() and form.agrees():
        try:
            with _everybody().begin() as writing:
                user = account_links.accept(
                    writing,
                    found.id,
                    name=form.name.data or "",
                    display_name=form.display_name.data or "",
                    password=form.password.data or "",
                    clock=parts.clock,
                    breached=parts.settings.breached_passwords,
                )
        except NotFound:
            return _no_link()
        except Invalid as refused:
            form.add_refusal(refused)
        else:
            session.pop(LINK, None)
            flash(translate("账号已建立。以后请用用户名 %(name)s 登录。") % {"name": user.name})
            key = found.engagement_key
            target = url_for("engagements.portfolio", key=key) if key else url_for("home.start")
            return enter(start(user.id, Factors.PASSWORD), target=target)
    return _page("inviting/accept.html", found, 422, form=form, faults=form.faults())


def _held() -> LinkView | None:
    held = session.get(LINK)
    if not isinstance(held, int):
        return None
    with _everybody().read() as reading:
        return account_links.living_link(reading, held, clock=context().clock)


def _password_page(form: NewPasswordForm, found: LinkView, status: int = 200) -> Response:
    return _page("inviting/password.html", found, status, form=form, faults=form.faults())


def _page(template: str, found: LinkView, status: int = 200, **values: object) -> Response:
    engagement = None
    if found.engagement_key:
        with _everybody().read() as reading:
            engagement = engagements.get_engagement(reading, found.engagement_key)
    words = {"link": found, "engagement": engagement, "role_words": ROLE_WORDS}
    return account_page(template, status=status, shell=Shell(), help_page="sign-in", **words, **values)


def _no_link() -> Response:
    return account_page("inviting/no_link.html", status=404, shell=Shell(), help_page="sign-in")
