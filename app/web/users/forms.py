"""Forms about users; what a name or role must be is for the services to say."""

from __future__ import annotations

from wtforms import SelectField, StringField

from app.i18n import msgid
from app.services.permissions import Role
from app.web.context import translate
from app.web.forms import Form, required, stripped

ROLE_WORDS = {
    Role.ADMINISTRATOR: msgid("管理员"),
    Role.CONSULTANT: msgid("顾问"),
    Role.EDITOR: msgid("内容编辑"),
    Role.READER: msgid("读者"),
}
ROLE_MEANINGS = {
    Role.ADMINISTRATOR: msgid("顾问和编辑的全部权限，另可管理用户"),
    Role.CONSULTANT: msgid("访谈、打分、建立和修改项目，导入导出"),
    Role.EDITOR: msgid("查看、比较、生成报告，另可修改和发布框架、问卷与权重方案"),
    Role.READER: msgid("查看、比较、生成报告，不能修改"),
}


def role_choices() -> list[tuple[str, str]]:
    """Return every role in the reader's language."""
    return [(role.value, translate(word)) for role, word in ROLE_WORDS.items()]


class UserForm(Form):
    """A new user."""

    name = StringField(msgid("用户名"), required(msgid("请填写用户名。")), filters=[stripped])
    display_name = StringField(msgid("姓名"), required(msgid("请填写姓名。")), filters=[stripped])
    role = SelectField(msgid("角色"), choices=role_choices)


class RoleForm(Form):
    """Another role for a user."""

    role = SelectField(msgid("角色"), choices=role_choices)
