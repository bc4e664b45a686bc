"""Forms of invitations: making one, taking one."""

from __future__ import annotations

from wtforms import SelectField, StringField

from app.i18n import msgid
from app.services.account_links import DAYS, USUAL_DAYS
from app.services.permissions import Part
from app.web.account.forms import NewPasswordForm
from app.web.account.pages import PART_WORDS
from app.web.context import translate, translate_plural
from app.web.forms import Form, line, required, stripped
from app.web.users.forms import role_choices


def day_choices() -> list[tuple[int, str]]:
    """Return how long an invitation may be good."""
    return [(days, translate_plural("%(n)s 天", "%(n)s 天", days) % {"n": days}) for days in DAYS]


def part_choices() -> list[tuple[str, str]]:
    """Return every part in the reader's language."""
    return [(part.value, translate(PART_WORDS[part])) for part in Part]


class InvitationForm(Form):
    """For whom, how long, and perhaps to which e-mail address, which is not kept."""

    label = StringField(msgid("给谁"), line(80), filters=[stripped])
    days = SelectField(msgid("有效期"), choices=day_choices, coerce=int, default=USUAL_DAYS)
    mail = StringField(msgid("电子邮箱"), line(254), filters=[stripped])


class RoleInvitationForm(InvitationForm):
    """An invitation to an account."""

    role = SelectField(msgid("角色"), choices=role_choices)


class PartInvitationForm(InvitationForm):
    """An invitation to an engagement."""

    part = SelectField(msgid("在项目中的身份"), choices=part_choices)


class AccountForm(NewPasswordForm):
    """A new account, filled in by whom it is for."""

    name = StringField(msgid("用户名"), required(msgid("请填写用户名。")), filters=[stripped])
    display_name = StringField(msgid("姓名"), required(msgid("请填写姓名。")), filters=[stripped])
