"""The sign-in forms."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from app.i18n import msgid
from app.services.throttling import Throttled
from app.web.context import translate, translate_plural
from app.web.forms import Form, line, stripped

MINUTE = 60


class AskingForm(Form):
    """A form that may be refused for now."""

    def refuse_for_now(self, throttled: Throttled) -> None:
        """Say how long to wait."""
        self.add_loose(wait_words(throttled))


def wait_words(throttled: Throttled) -> str:
    """Return how long to wait, in the reader's language."""
    if throttled.seconds < MINUTE:
        words = translate_plural(
            "试错次数太多。请等 %(n)s 秒再试。", "试错次数太多。请等 %(n)s 秒再试。", throttled.seconds
        )
        return words % {"n": throttled.seconds}
    minutes = -(-throttled.seconds // MINUTE)
    words = translate_plural("试错次数太多。请等 %(n)s 分钟再试。", "试错次数太多。请等 %(n)s 分钟再试。", minutes)
    return words % {"n": minutes}


class SignInForm(AskingForm):
    """Name and password. What was wrong is never told apart."""

    name = StringField(msgid("用户名"), [InputRequired(msgid("请填写用户名。")), *line()], filters=[stripped])
    password = PasswordField(msgid("密码"), [InputRequired(msgid("请填写密码。"))])

    def refuse(self) -> None:
        """Say that name and password do not fit."""
        self.add_loose(
            translate(msgid("用户名或密码不对。请检查大小写后再试；忘记密码请向项目负责人或管理员要重设链接。"))
        )

    def refuse_first(self) -> None:
        """Say that the password fits and is over: it was not to be kept."""
        self.add_loose(
            translate(
                msgid("系统生成的首个密码已经过期。请向管理员要重设链接，或在服务器上运行 crm-maturity user password。")
            )
        )


class CodeForm(AskingForm):
    """A code of the second factor, or a recovery code."""

    code = StringField(msgid("验证码"), [InputRequired(msgid("请填写验证码。")), *line(80)], filters=[stripped])

    def refuse(self) -> None:
        """Say that the code does not fit."""
        self.add_loose(translate(msgid("验证码不对，或已经用过。请等应用里出现下一个再试。")))
