"""/engagements/<key>/members: who belongs to an engagement, as what; invitations; reset links. For its leads."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.services import account_links, accounts, engagements, memberships
from app.services.memberships import Member
from app.services.permissions import Action, Part
from app.services.refusals import Invalid, NotFound
from app.storage.database import Session
from app.web.access import requires
from app.web.account.pages import PART_MEANINGS, account_page
from app.web.acting import act, stored
from app.web.context import actor, context, translate
from app.web.inviting.forms import PartInvitationForm
from app.web.inviting.handing_over import Way, handed_over, mail_is_good
from app.web.members.forms import MemberForm, PartForm
from app.web.shell import engagement_shell

blueprint = Blueprint("members", __name__)


@blueprint.get("/engagements/<key>/members")
@requires(Action.MANAGE)
def listing(key: str) -> Response:
    """Show the members of an engagement and the invitations that wait."""
    return _listing(key, MemberForm(formdata=None))


def _listing(key: str, form: MemberForm, status: int = 200) -> Response:
    clock = context().clock
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        members = memberships.list_members(session, engagement.id)
        form.offer(memberships.list_candidates(session, engagement.id, actor()))
        values = {
            "engagement": engagement,
            "members": members,
            "invitations": account_links.list_invitations(session, engagement.id, clock=clock),
            "resettable": {one.user_id for one in members if _resettable(session, one)},
            "shell": engagement_shell(session, key, page="members"),
        }
    page = {"form": form, "faults": form.faults(), "meanings": PART_MEANINGS, "help_page": "members"}
    return account_page("members/listing.html", status=status, **page, **values)


def _resettable(session: Session, member: Member) -> bool:
    user = accounts.user_of_id(session, member.user_id)
    return not user.disabled and account_links.may_reset(session, user, actor())


@blueprint.post("/engagements/<key>/members")
@requires(Action.MANAGE)
def add(key: str) -> Response:
    """Make an account that is there a member."""
    form, me, clock = MemberForm(), actor(), context().clock
    with context().database.read() as session:
        engagement_id = engagements.get_engagement(session, key).id
        form.offer(memberships.list_candidates(session, engagement_id, me))

    def add_it(writing: Session) -> None:
        part = Part(form.part.data)
        memberships.take_in(writing, engagement_id, form.name.data or "", part, actor=me, clock=clock)

    if not stored(form, add_it):
        return _listing(key, form, 422)
    flash(translate("%(name)s 已加入项目。") % {"name": form.name.data})
    return redirect(url_for("members.listing", key=key))


@blueprint.post("/engagements/<key>/members/<int:user_id>/part")
@requires(Action.MANAGE)
def change(key: str, user_id: int) -> Response:
    """Give a member another part."""
    form, me, clock = PartForm(), actor(), context().clock
    back = url_for("members.listing", key=key)
    if not form.validate():
        flash(translate("没有这种身份。"), "error")
        return redirect(back)
    part = Part(form.part.data)

    def change_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        memberships.change_part(session, engagement.id, user_id, part, actor=me, clock=clock)

    return act(change_it, done=translate("身份已更改，立即生效。"), back=back)


@blueprint.post("/engagements/<key>/members/<int:user_id>/remove")
@requires(Action.MANAGE)
def remove(key: str, user_id: int) -> Response:
    """End a membership: the engagement no longer exists for them."""
    me, clock = actor(), context().clock

    def remove_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        memberships.remove_member(session, engagement.id, user_id, actor=me, clock=clock)

    oneself = user_id == me.user_id and not me.is_administrator
    back = url_for("engagements.listing") if oneself else url_for("members.listing", key=key)
    done = translate("成员已移出，立即看不到这个项目。")
    return act(remove_it, done=done, back=back)


@blueprint.post("/engagements/<key>/members/<int:user_id>/reset-link")
@requires(Action.MANAGE)
def make_reset_link(key: str, user_id: int) -> Response:
    """Make a link by which a member chooses another password, and show it once."""
    parts, me = context(), actor()
    with parts.database.begin() as session:
        engagement = engagements.get_engagement(session, key)
        members = memberships.list_members(session, engagement.id)
        member = next((one for one in members if one.user_id == user_id), None)
        if member is None:
            raise NotFound("member", user_id)
        link = account_links.reset_link(session, member.name, actor=me, clock=parts.clock)
        way = _way(session, key)
    return handed_over(link, way, whom=member.display_name)


@blueprint.get("/engagements/<key>/members/invite")
@requires(Action.MANAGE)
def invite(key: str) -> Response:
    """Show the form for an invitation into the engagement."""
    return _invite(key, PartInvitationForm(formdata=None, part=Part.EXECUTIVE.value))


@blueprint.post("/engagements/<key>/members/invite")
@requires(Action.MANAGE)
def make_invitation(key: str) -> Response:
    """Make an invitation into the engagement and show its link once."""
    form, parts = PartInvitationForm(), context()
    mail = form.mail.data or ""
    if not form.validate() or not mail_is_good(form, mail):
        return _invite(key, form, 422)
    try:
        with parts.database.begin() as session:
            link = account_links.invite_member(
                session,
                engagements.get_engagement(session, key).id,
                Part(form.part.data),
                days=form.days.data,
                actor=actor(),
                clock=parts.clock,
                label=form.label.data,
            )
            way = _way(session, key)
    except Invalid as refused:
        form.add_refusal(refused)
        return _invite(key, form, 422)
    return handed_over(link, way, to=mail, whom=form.label.data or "")


def _invite(key: str, form: PartInvitationForm, status: int = 200) -> Response:
    with context().database.read() as session:
        values = {
            "engagement": engagements.get_engagement(session, key),
            "shell": engagement_shell(session, key, page="members"),
            "mails": context().settings.mail is not None,
        }
    page = {"form": form, "faults": form.faults(), "meanings": PART_MEANINGS, "help_page": "members"}
    return account_page("members/invite.html", status=status, **page, **values)


@blueprint.post("/engagements/<key>/members/invitations/<int:link_id>/end")
@requires(Action.MANAGE)
def end_invitation(key: str, link_id: int) -> Response:
    """End an invitation into the engagement."""
    me, clock = actor(), context().clock

    def end_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        account_links.end_link(session, link_id, engagement_id=engagement.id, actor=me, clock=clock)

    return act(end_it, done=translate("邀请已作废。"), back=url_for("members.listing", key=key))


def _way(session: Session, key: str) -> Way:
    shell = engagement_shell(session, key, page="members")
    return Way(shell, url_for("members.listing", key=key), translate("回到成员"), "members")
