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
    Role.ADMINISTRATOR: msgid("所有项目里的全部权限，另可管理用户、修改和发布内容"),
    Role.CONSULTANT: msgid("可建立项目；在别人的项目里，只有加入时给的身份"),
    Role.EDITOR: msgid("可修改和发布框架、问卷与权重方案；项目里只有加入时给的身份"),
    Role.READER: msgid("自己没有权限，只有在项目里给的身份：观察员或高管"),
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
