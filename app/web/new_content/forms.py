"""The form that asks what a new framework begins as."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from wtforms import BooleanField, SelectField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from app.content.beginning.plan import FEWEST_TIERS, MOST_TIERS, Plan
from app.core.text import Text
from app.i18n import as_locale, msgid
from app.web.forms import Form, line, required, stripped

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")


def _plain(value: str | None) -> str | None:
    """Return a number as it was typed, full-width digits and signs as plain ones (a field's filter)."""
    return unicodedata.normalize("NFKC", value).strip().replace("−", "-") if isinstance(value, str) else value


def _number() -> list[object]:
    return [
        validators.InputRequired(msgid("请填写。")),
        validators.Regexp(_NUMBER.pattern + r"\Z", message=msgid("请填写一个数，例如 0.5。")),
    ]


class NewFrameworkForm(Form):
    """A new framework: what it is called, how deep it is, how it is scored."""

    name_zh = StringField(msgid("中文名称"), required(), filters=[stripped])
    name_en = StringField(msgid("英文名称"), line(), filters=[stripped])
    key = StringField(msgid("标识"), required(), filters=[stripped])
    tiers = SelectField(
        msgid("层级数"), choices=[SelectChoice(str(n), str(n)) for n in range(FEWEST_TIERS, MOST_TIERS + 1)]
    )
    minimum = StringField(msgid("最低分"), _number(), filters=[_plain])
    maximum = StringField(msgid("最高分"), _number(), filters=[_plain])
    step = StringField(msgid("每档"), _number(), filters=[_plain])
    comments = SelectField(
        msgid("说明用"),
        choices=[
            SelectChoice("zh", "中文", render_kw={"lang": "zh-Hans"}),
            SelectChoice("en", "English", render_kw={"lang": "en"}),
        ],
    )
    questionnaire = BooleanField(msgid("同时建一份访谈问卷的草稿"))

    def plan(self) -> Plan:
        """Return what a valid form asks for."""
        name = Text(self.name_zh.data or None, self.name_en.data or None)
        return Plan(
            id=self.key.data or "",
            name=name,
            tiers=int(self.tiers.data),
            minimum=Fraction(self.minimum.data or 0),
            maximum=Fraction(self.maximum.data or 0),
            step=Fraction(self.step.data or 0),
            comments=as_locale(self.comments.data) or "zh",
        )
