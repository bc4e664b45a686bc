"""What is typed before something goes for good."""

from __future__ import annotations

from wtforms import BooleanField, StringField

from app.i18n import msgid
from app.web.forms import Form, line, required, stripped


class EraseEngagementForm(Form):
    """The key of the engagement, typed once more."""

    typed = StringField(msgid("项目标识"), [*required(), *line()], filters=[stripped])


class EraseNamesForm(Form):
    """That all names of an engagement are meant."""

    sure = BooleanField(msgid("确认删除本项目全部受访者的姓名"))
