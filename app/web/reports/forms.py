"""The forms that ask for reports: what is in them, how it is scored, which files are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from app.core.framework import Method
from app.core.report import Paper
from app.core.text import Locale
from app.core.weights import DEFAULT
from app.i18n import as_locale, msgid
from app.services.engagements import AssessmentSummary
from app.services.permissions import permitted
from app.services.report_formats import FORMATS
from app.services.report_requests import ReportRequest
from app.services.reporting import action_for
from app.web.choices import Carrier
from app.web.context import actor, locale, translate
from app.web.forms import Form
from app.web.frameworks.pages import METHOD_WORDS
from app.web.reports.wording import AS_REPORT, LANGUAGES, PAPERS, format_words

if TYPE_CHECKING:
    from app.core.framework import WeightProfile
    from app.core.report import ReportDefinition

IN_ORDER = msgid("按上面的顺序")
MIXED_SETS = msgid("对标运营商请只从一组里选。")
AS_FRAMEWORK = msgid("框架规定的方法")
TOGETHER, EACH = "together", "each"
HOW = {TOGETHER: msgid("写进一份报告"), EACH: msgid("每个评估单位一份，打成一个 ZIP")}


class FilesForm(Form):
    """Which files of a report are made."""

    formats = SelectMultipleField(
        msgid("文件种类"), validators=[validators.InputRequired(msgid("请至少选择一种文件。"))]
    )
    languages = SelectMultipleField(
        msgid("语言"),
        choices=[SelectChoice(*one) for one in LANGUAGES.items()],
        validators=[validators.InputRequired(msgid("请至少选择一种语言。"))],
    )
    paper = RadioField(msgid("纸张"), default="", validate_choice=True)
    with_data = BooleanField(msgid("PDF 内附数据"))

    def offer_files(self) -> None:
        """Say which files there are to choose from."""
        self.formats.choices = [
            SelectChoice(name, format_words(name)) for name in FORMATS if permitted(actor(), action_for(name))
        ]
        papers = [SelectChoice(paper.value, translate(words)) for paper, words in PAPERS.items()]
        self.paper.choices = [SelectChoice("", translate(AS_REPORT)), *papers]

    def files(self, request: ReportRequest) -> list[ReportRequest]:
        """Return a request for every file that is wanted of a report: by language, then format."""
        return [
            replace(
                request,
                locale=language,
                format=name,
                paper=Paper(self.paper.data) if self.paper.data else None,
                data_attached=bool(self.with_data.data),
            )
            for language in _locales(self.languages.data or ())
            for name in self.formats.data or ()
        ]


class ReportForm(FilesForm):
    """What is to be in a report. `first` is the assessment it looks at first; empty: the first one chosen."""

    assessments = SelectMultipleField(
        msgid("评估"), coerce=int, validators=[validators.InputRequired(msgid("请至少选择一份评估。"))]
    )
    how = RadioField(msgid("怎样写"), default=TOGETHER)
    first = SelectField(msgid("以哪份为主"), coerce=lambda value: int(value) if value else None)
    template = RadioField(msgid("报告种类"))
    carriers = SelectMultipleField(msgid("对标"))
    weights = SelectField(msgid("权重方案"), default=DEFAULT)
    method = SelectField(msgid("汇总方法"), default="")

    def offer(
        self,
        summaries: Sequence[AssessmentSummary],
        carriers: Sequence[Carrier],
        templates: Sequence[ReportDefinition],
        profiles: Iterable[WeightProfile],
    ) -> None:
        """Say what there is to choose from."""
        here = locale()
        self.offer_files()
        self.how.choices = [SelectChoice(how, translate(words)) for how, words in HOW.items()]
        several = len({one.framework_reference for one in summaries}) > 1
        self.assessments.choices = [SelectChoice(one.id, _named(one, here, several=several)) for one in summaries]
        fitting: dict[str, set[str]] = {}
        for carrier in carriers:
            fitting.setdefault(carrier.set.framework.partition("@")[0], set()).add(carrier.reference)
        self.fitting = {one.id: fitting.get(one.framework_id, set()) for one in summaries}
        self.first.choices = [SelectChoice("", translate(IN_ORDER)), *self.assessments.choices]
        self.carriers.choices = [SelectChoice(one.reference, one.entry.name.in_locale(here)) for one in carriers]
        self.template.choices = [SelectChoice(one.id, one.name.in_locale(here)) for one in templates]
        self.weights.choices = [SelectChoice(one.id, one.name.in_locale(here)) for one in profiles]
        methods = [SelectChoice(method.value, translate(words)) for method, words in METHOD_WORDS.items()]
        self.method.choices = [SelectChoice("", translate(AS_FRAMEWORK)), *methods]

    @property
    def each(self) -> bool:
        """Tell whether every unit is to have a report of its own."""
        return bool(self.how.data == EACH)

    def requests(self, made_on: date) -> list[ReportRequest] | None:
        """Return what is asked for; None, with a fault at the carriers, when they are of more than one set.

        Carriers of a framework that no chosen assessment has are left out: they were offered for others.
        """
        chosen: list[int] = list(self.assessments.data or ())
        if self.first.data in chosen:
            chosen = [self.first.data, *(one for one in chosen if one != self.first.data)]
        fitting = {reference for one in chosen for reference in self.fitting.get(one, ())}
        references = [one.split("/", 1) for one in self.carriers.data or () if one in fitting]
        sets = {reference[0] for reference in references}
        if len(sets) > 1:
            self.carriers.errors = [*self.carriers.errors, MIXED_SETS]
            return None
        return self.files(
            ReportRequest(
                template=self.template.data,
                locale="zh",
                assessments=tuple(chosen),
                made_on=made_on,
                benchmark=next(iter(sets), None),
                entries=tuple(entry for _, entry in references) if references else None,
                weights=self.weights.data,
                method=Method(self.method.data) if self.method.data else None,
            )
        )


def _locales(values: Iterable[str]) -> list[Locale]:
    return [found for found in map(as_locale, values) if found]


def _named(summary: AssessmentSummary, here: Locale, *, several: bool) -> str:
    named = f"{summary.unit.name.in_locale(here)} · {summary.round.name.in_locale(here)}"
    return f"{named} · {summary.framework_id} {summary.framework_version}" if several else named
