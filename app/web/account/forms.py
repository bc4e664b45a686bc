"""Forms about one's own account; what a name or password must be is for the services to say."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from app.i18n import msgid
from app.services.throttling import Throttled
from app.web.context import translate
from app.web.forms import Form, line, required, stripped
from app.web.signing.forms import AskingForm, wait_words


class DisplayNameForm(Form):
    """Another name to show."""

    display_name = StringField(msgid("姓名"), required(msgid("请填写姓名。")), filters=[stripped])


class NewPasswordForm(Form):
    """A password of one's choice, typed twice."""

    password = PasswordField(msgid("新密码"), [InputRequired(msgid("请填写密码。"))])
    again = PasswordField(msgid("再输入一次新密码"), [InputRequired(msgid("请再输入一次。"))])

    def agrees(self) -> bool:
        """Tell whether both are the same; says so at the second one."""
        if self.password.data == self.again.data:
            return True
        self.again.errors = [*self.again.errors, msgid("两次输入的密码不一样。")]
        return False


class PasswordForm(NewPasswordForm, AskingForm):
    """Another password, for whoever knows the present one."""

    old = PasswordField(msgid("现在的密码"), [InputRequired(msgid("请填写现在的密码。"))])

    def refuse(self) -> None:
        """Say that the present password does not fit."""
        self.old.errors = [*self.old.errors, msgid("现在的密码不对。")]

    def refuse_for_now(self, throttled: Throttled) -> None:
        """Say how long to wait."""
        self.add_loose(wait_words(throttled))


class AgainForm(AskingForm):
    """Who one is, once more: the password, and a code where there is a second factor."""

    password = PasswordField(msgid("密码"), [InputRequired(msgid("请填写密码。"))])
    code = StringField(msgid("验证码"), line(80), filters=[stripped])

    def refuse(self) -> None:
        """Say that something does not fit, not what."""
        self.add_loose(translate(msgid("密码或验证码不对。")))


class SetUpForm(Form):
    """The first code of an app."""

    code = StringField(msgid("验证码"), [InputRequired(msgid("请填写验证码。")), *line(80)], filters=[stripped])
