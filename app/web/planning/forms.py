"""Forms of the plan: particulars of an interview with its appointment, several of them at once, and the settings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from wtforms import Field, RadioField, SelectField, StringField, widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from app.i18n import msgid
from app.services.interviewing import LONGEST_LABEL, ROTATE, Particulars
from app.services.planning import FEWEST_ROLES, MOST_ROLES, Settings
from app.web.context import translate
from app.web.forms import DayField, Form, choice, line, stripped

if TYPE_CHECKING:
    from app.core.framework import Capability

AS_FRAMEWORK = ""
SHOW, HIDE = "yes", "no"
GAPS = {
    "60": (msgid("1 小时"), timedelta(minutes=60)),
    "90": (msgid("1 个半小时"), timedelta(minutes=90)),
    "120": (msgid("2 小时"), timedelta(minutes=120)),
}
LAST_START = time(18)  # no appointment that is spread over days begins at this time or later
WEEKEND = (5, 6)


class HourField(Field):
    """A time of day as the browser's time control sends it (14:30), or nothing."""

    widget = widgets.TimeInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else (self.data.strftime("%H:%M") if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time, full-width digits too; ValueError with our message for anything else."""
        written = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        try:
            self.data = time.fromisoformat(written).replace(second=0, microsecond=0, tzinfo=None) if written else None
        except ValueError as error:
            raise ValueError(msgid("请按 时:分 填写，例如 14:30。")) from error


class AppointmentForm(Form):
    """Who is asked, by whom, when, where, and with what the talk begins. Times are the server's local ones."""

    respondent = StringField(msgid("受访者"), line(LONGEST_LABEL), filters=[stripped])
    interviewer = StringField(msgid("访谈人"), line(LONGEST_LABEL), filters=[stripped])
    date = DayField(msgid("日期"))
    time = HourField(msgid("时间"))
    place = StringField(msgid("地点"), line(LONGEST_LABEL), filters=[stripped])
    opens_with = SelectField(msgid("先问"), default="")

    def offer(self, dimensions: Sequence[Capability], *, rotates: bool = False) -> None:
        """Offer these dimensions to begin with, and the questionnaire's order; `rotates`: also what is proposed."""
        own = [SelectChoice(ROTATE, translate("自动轮换"))] if rotates else []
        own.append(SelectChoice("", translate("按问卷的顺序")))
        self.opens_with.choices = [*own, *(SelectChoice(*choice(one.id, one.name)) for one in dimensions)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a time has its day."""
        valid = super().validate(extra_validators)
        if self.time.data and not self.date.data and not self.date.errors:
            self.date.errors = [*self.date.errors, msgid("有时间就要有日期。")]
            return False
        return valid

    def particulars(self) -> Particulars:
        """Return what was filled in."""
        day, hour = self.date.data, self.time.data
        return Particulars(
            respondent=self.respondent.data or None,
            interviewer=self.interviewer.data or None,
            date=day,
            starts_at=datetime.combine(day, hour).astimezone() if day and hour else None,
            place=self.place.data or None,
            opens_with=self.opens_with.data or None,
        )


def known_particulars(known: Particulars) -> dict[str, Any]:
    """Return what an appointment form shows of stored particulars."""
    local = known.starts_at.astimezone() if known.starts_at else None
    return {
        "respondent": known.respondent,
        "interviewer": known.interviewer,
        "date": local.date() if local else known.date,
        "time": local.time() if local else None,
        "place": known.place,
        "opens_with": known.opens_with or "",
    }


class SpreadForm(Form):
    """What several appointments have in common: the first day and time, how far apart, where, by whom."""

    date = DayField(msgid("第一天"))
    time = HourField(msgid("每天从"))
    gap = SelectField(
        msgid("间隔"), choices=[SelectChoice(value, label) for value, (label, _) in GAPS.items()], default="90"
    )
    interviewer = StringField(msgid("访谈人"), line(LONGEST_LABEL), filters=[stripped])
    place = StringField(msgid("地点"), line(LONGEST_LABEL), filters=[stripped])


def spread(first: date, begins: time, gap: timedelta, number: int) -> tuple[datetime, ...]:
    """Return the local times of several appointments one after the other, on working days.

    Every day begins at `begins`; what would begin at six in the evening or later moves to the next day.
    """
    found: list[datetime] = []
    moment = datetime.combine(_working(first), begins)
    for _ in range(number):
        if found and (moment.time() >= LAST_START or moment.date() != found[-1].date()):
            moment = datetime.combine(_working(found[-1].date() + timedelta(days=1)), begins)
        found.append(moment)
        moment += gap
    return tuple(found)


def _working(day: date) -> date:
    while day.weekday() in WEEKEND:
        day += timedelta(days=1)
    return day


class SettingsForm(Form):
    """What an assessment sets for its interviews."""

    minimum_roles = SelectField(msgid("每个要素至少几个角色"))
    shows_previous = RadioField(
        msgid("上一轮的得分"),
        choices=[SelectChoice(SHOW, msgid("自己评分之后显示")), SelectChoice(HIDE, msgid("不显示"))],
    )

    def offer(self, of_framework: int) -> None:
        """Offer what the framework says, and every number that may be set."""
        numbers: Iterable[int] = range(FEWEST_ROLES, MOST_ROLES + 1)
        as_framework = translate("按框架的规定（%(n)s）") % {"n": of_framework}
        own = [SelectChoice(str(number)) for number in numbers]
        self.minimum_roles.choices = [SelectChoice(AS_FRAMEWORK, as_framework), *own]

    def settings(self) -> Settings:
        """Return what was chosen."""
        chosen = self.minimum_roles.data
        return Settings(int(chosen) if chosen else None, self.shows_previous.data == SHOW)
