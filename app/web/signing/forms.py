"""The sign-in form."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from app.i18n import msgid
from app.web.context import translate
from app.web.forms import Form, line, stripped


class SignInForm(Form):
    """Name and password. What was wrong is never told apart."""

    name = StringField(msgid("用户名"), [InputRequired(msgid("请填写用户名。")), *line()], filters=[stripped])
    password = PasswordField(msgid("密码"), [InputRequired(msgid("请填写密码。"))])

    def refuse(self) -> None:
        """Say that name and password do not fit."""
        self.add_loose(translate(msgid("用户名或密码不对。请检查大小写后再试；忘记密码请联系管理员。")))
