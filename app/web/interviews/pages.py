"""What the pages of an interview show: values for templates, made from a sheet; and what their scripts are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.core.questionnaire import Mode
from app.services.answer_fields import OPEN, fields_of, on_the_wire
from app.services.previous_round import has_previous, previous_scores
from app.web.context import actor, locale, translate
from app.web.interviews.control import (
    KeyBadges,
    LevelLine,
    ScoreControl,
    key_badges,
    key_list,
    key_plan,
    level_lines,
    score_control,
    sentences,
    written,
)
from app.web.interviews.level_parts import LevelParts, level_parts, ticked
from app.web.interviews.wording import LEVELS, previous_sentence, script_texts

if TYPE_CHECKING:
    from app.core.framework import Framework
    from app.core.questionnaire import Questionnaire, Role
    from app.services.interview_sheet import Line, Sheet
    from app.storage.database import Session

WHOLE = "-"  # stands for the group of a framework with a single tier; no id can be this


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """One answer as its form shows it: `said` as on the wire, what to say to it, and the version it stands on.

    `meanings`: what every judgement means, by the value of its radio; `parts`: what to ask about between two levels;
    `previous`: what the round before said, in words, once the own answer is stored (empty before; None where there was
    no such round or it is not shown). `theirs` is what somebody else
    stored meanwhile, in words; `refused` why the form was not accepted.
    """

    line: Line
    version: int
    said: Mapping[str, Any]
    meanings: Mapping[str, str]
    parts: tuple[LevelParts, ...]
    previous: str | None = None
    theirs: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def element(self) -> str:
        """The element's id, which is also the prefix of every field's name."""
        return self.line.element.id

    @property
    def judgement(self) -> str:
        """The value of the radio that is chosen; empty if none is."""
        state = self.said.get("state", "open")
        if state in ("not-applicable", "unknown"):
            return str(state)
        return str(self.said.get("score") or "")

    @property
    def ticked_parts(self) -> tuple[str, ...]:
        """The keys of the parts of a level that the note says are met."""
        return ticked(self.parts, self.said.get("note"))

    @property
    def suggested_strength(self) -> int | None:
        """How strong the evidence is by its ticks: seen 2, told 1; None where nothing is ticked."""
        ticks = set(self.said.get("ticks", {}).values())
        return 2 if "seen" in ticks else 1 if "told" in ticks else None


@dataclass(frozen=True, slots=True)
class FocusPage:
    """Everything that the page of one element shows."""

    sheet: Sheet
    form: AnswerForm
    control: ScoreControl
    levels: tuple[LevelLine, ...]
    badges: KeyBadges
    key_list: tuple[tuple[tuple[str, ...], str], ...]
    previous: str | None
    next: str | None
    script: Mapping[str, Any] = field(default_factory=dict)


def answer_forms(session: Session, sheet: Sheet, lines: Iterable[Line]) -> tuple[AnswerForm, ...]:
    """Return the forms of these elements, with what the round before said of those that are judged here."""
    wanted = tuple(lines)
    if not has_previous(session, sheet.interview.assessment_id):
        return tuple(answer_form(sheet, line) for line in wanted)
    before = previous_scores(session, sheet, wanted)
    words = {element: previous_sentence(said) for element, said in before.items()}
    return tuple(replace(answer_form(sheet, line), previous=words.get(line.element.id, "")) for line in wanted)


def answer_form(sheet: Sheet, line: Line) -> AnswerForm:
    """Return the form of a stored answer, or of none; without the round before."""
    values = line.answer.values if line.answer else OPEN
    return AnswerForm(
        line=line,
        version=line.answer.version if line.answer else 0,
        said=on_the_wire(fields_of(values), sheet.framework.scale),
        meanings=sentences(sheet.framework, line.element, locale()),
        parts=level_parts(sheet.framework, line.element, locale()),
    )


def focus_page(sheet: Sheet, form: AnswerForm) -> FocusPage:
    """Return the page of one element."""
    previous, following = sheet.neighbours(form.element)
    addresses = {
        "previous": element_url(sheet, previous.element.id) if previous else hub_url(sheet),
        "next": element_url(sheet, following.element.id) if following else hub_url(sheet),
    }
    return FocusPage(
        sheet=sheet,
        form=form,
        control=score_control(sheet.framework.scale),
        levels=level_lines(sheet.framework, form.line.element),
        badges=key_badges(sheet.framework.scale),
        key_list=key_list(sheet.framework.scale),
        previous=addresses["previous"] if previous else None,
        next=addresses["next"] if following else None,
        script=script_data(sheet) | {"addresses": addresses},
    )


def script_data(sheet: Sheet) -> dict[str, Any]:
    """Return what the scripts of every page of an interview are told."""
    scale = sheet.framework.scale
    return {
        "interview": sheet.interview.id,
        "user": actor().user_id,
        "locale": locale(),
        "answers": url_for("interviewing_api.put_answer", interview_id=sheet.interview.id, element="ELEMENT"),
        "element": element_url(sheet, "ELEMENT"),
        "previous": url_for("interviewing_previous.previous", interview_id=sheet.interview.id, element="ELEMENT"),
        "ping": url_for("interviewing_api.ping"),
        "signIn": url_for("signing.sign_in", next=hub_url(sheet)),
        "savedAt": sheet.saved_at.isoformat() if sheet.saved_at else None,
        "closed": sheet.closed,
        "grid": [written(scale, value) for value in scale.grid],
        "stride": len(score_control(scale).fine) or 1,
        "keys": key_plan(scale),
        "names": {line.element.id: line.element.name.in_locale(locale()) for line in sheet.lines},
        "texts": script_texts(),
    }


def hub_url(sheet: Sheet) -> str:
    """Return the address of an interview's hub."""
    return url_for("interviewing.hub", interview_id=sheet.interview.id, all=_everything(sheet))


def element_url(sheet: Sheet, element: str) -> str:
    """Return the address of one element's page."""
    return url_for("interviewing.element", interview_id=sheet.interview.id, element=element, all=_everything(sheet))


def group_url(sheet: Sheet, node_id: str | None) -> str:
    """Return the address of a group's table."""
    return url_for(
        "interviewing.group", interview_id=sheet.interview.id, group=node_id or WHOLE, all=_everything(sheet)
    )


def _everything(sheet: Sheet) -> str | None:
    return "1" if sheet.everything else None


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One role to choose and how many elements it is asked about."""

    role: Role
    asked: int


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """The roles of one level of the organisation; `name` in the reader's language, empty when they have none."""

    name: str
    choices: tuple[RoleChoice, ...]


def role_groups(questionnaire: Questionnaire, framework: Framework) -> tuple[RoleGroup, ...]:
    """Return the roles of a questionnaire by level, in the order in which the levels first appear."""
    leaves = {leaf.id for leaf in framework.leaves}
    groups: dict[str, list[RoleChoice]] = {}
    for role in questionnaire.roles:
        asked = sum(item.element in leaves for item in questionnaire.items_for(role.id))
        groups.setdefault(role.level or "", []).append(RoleChoice(role, asked))
    return tuple(RoleGroup(level_name(level), tuple(choices)) for level, choices in groups.items())


def level_name(level: str) -> str:
    """Return what a level of the organisation is called; a free one by its id."""
    return translate(LEVELS[level]) if level in LEVELS else level


def mode_name(mode: Mode) -> str:
    """Return who scores with a questionnaire."""
    return translate("访谈：由顾问评分") if mode is Mode.INTERVIEW else translate("自评：由受访者评分")
