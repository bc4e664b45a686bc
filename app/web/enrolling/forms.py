"""Forms about assessments."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import FileField, SelectField

from app.content.library import Library
from app.i18n import msgid
from app.services.engagements import RoundView, UnitView
from app.web.context import locale
from app.web.forms import Form, choice


class AssessmentForm(Form):
    """A new assessment: which unit, in which round, against which framework version."""

    unit = SelectField(msgid("评估单位"))
    round = SelectField(msgid("评估轮次"))
    framework = SelectField(msgid("框架"))

    def offer(
        self, units: Iterable[UnitView], rounds: Iterable[RoundView], library: Library, used: Iterable[str] = ()
    ) -> None:
        """Offer these units and rounds, and every framework version: frameworks `used` here first, newest first."""
        self.unit.choices = [choice(unit.key, unit.name, unit.depth) for unit in units]
        self.round.choices = [choice(one.key, one.name) for one in reversed(list(rounds))]
        self.framework.choices = [
            (f"{framework_id}@{version}", f"{library.framework(framework_id).name.in_locale(locale())} {version}")
            for framework_id in dict.fromkeys((*filter(library.versions, used), *library.framework_ids()))
            for version in reversed(library.versions(framework_id))
        ]


class UploadForm(Form):
    """A case file to take in."""

    file = FileField(msgid("案例文件"))
