"""The form that asks for a report: assessments of one engagement, carriers of one benchmark set, language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from wtforms import RadioField, SelectField, SelectMultipleField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from app.core.text import Locale
from app.i18n import as_locale, msgid
from app.services.engagements import AssessmentSummary
from app.services.reporting import ReportRequest
from app.web.choices import Carrier
from app.web.context import locale, translate
from app.web.forms import Form

if TYPE_CHECKING:
    from app.core.report import ReportDefinition

LANGUAGES: dict[str, str] = {"zh": "中文", "en": "English"}
IN_ORDER = msgid("按上面的顺序")
MIXED_SETS = msgid("对标运营商请只从一组里选。")


class ReportForm(Form):
    """What is to be in a report. `first` is the assessment it looks at first; empty: the first one chosen."""

    assessments = SelectMultipleField(
        msgid("评估"), coerce=int, validators=[validators.InputRequired(msgid("请至少选择一份评估。"))]
    )
    first = SelectField(msgid("以哪份为主"), coerce=lambda value: int(value) if value else None)
    carriers = SelectMultipleField(msgid("对标"))
    template = SelectField(msgid("报告种类"))
    language = RadioField(msgid("语言"), choices=[SelectChoice(*one) for one in LANGUAGES.items()])

    def offer(
        self,
        summaries: Sequence[AssessmentSummary],
        carriers: Sequence[Carrier],
        templates: Sequence[ReportDefinition],
    ) -> None:
        """Say what there is to choose from."""
        here = locale()
        self.assessments.choices = [SelectChoice(one.id, _named(one, here)) for one in summaries]
        self.first.choices = [SelectChoice("", translate(IN_ORDER)), *self.assessments.choices]
        self.carriers.choices = [SelectChoice(one.reference, one.entry.name.in_locale(here)) for one in carriers]
        self.template.choices = [SelectChoice(one.id, one.name.in_locale(here)) for one in templates]

    def request(self, made_on: date) -> ReportRequest | None:
        """Return what is asked for; None, with a fault at the carriers, when they are of more than one set."""
        chosen: list[int] = list(self.assessments.data or ())
        if self.first.data in chosen:
            chosen = [self.first.data, *(one for one in chosen if one != self.first.data)]
        references = [reference.split("/", 1) for reference in self.carriers.data or ()]
        sets = {reference[0] for reference in references}
        if len(sets) > 1:
            self.carriers.errors = [*self.carriers.errors, MIXED_SETS]
            return None
        return ReportRequest(
            template=self.template.data,
            locale=as_locale(self.language.data) or "zh",
            assessments=tuple(chosen),
            made_on=made_on,
            benchmark=next(iter(sets), None),
            entries=tuple(entry for _, entry in references) if references else None,
        )


def _named(summary: AssessmentSummary, here: Locale) -> str:
    return f"{summary.unit.name.in_locale(here)} · {summary.round.name.in_locale(here)}"
