"""What the pages of the workshop show: values for templates, made from what lies on the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.core.agreement import Agreement, questions_about
from app.core.case import State
from app.core.judging import weighted_median
from app.core.scale import display
from app.core.text import Text
from app.services.agreeing import METHODS, OPEN, said_of, values_of
from app.services.workshop import LOST
from app.web.agreeing.strip import PAGE, ROW, Format, Said, Strip, Symbol, axis_labels, draw, figure, role_symbols
from app.web.agreeing.wording import (
    KINDS,
    gap_words,
    in_words,
    judgement_words,
    method_words,
    question_sentences,
    reasons_of,
    remarks_of,
    short_reasons_of,
)
from app.web.context import locale, translate
from app.web.interviews.control import (
    LevelLine,
    ScoreControl,
    key_badges,
    key_plan,
    level_lines,
    score_control,
    sentences,
    written,
)

if TYPE_CHECKING:
    from app.core.framework import Capability
    from app.services.workshop import Statement, Workshop
    from app.storage.agreeing import Decision, DecisionRevision

SHOWN = ("all", "discuss", "undecided")
ORDERS = ("discuss", "tree")


@dataclass(frozen=True, slots=True)
class AgreedForm:
    """The agreed score as its form shows it: `said` as on the wire, on top of `version`.

    `theirs` is what somebody else stored meanwhile: (name, what it says); `refused` why the form was not accepted;
    `unsaved`: this is what a user posted, not what is stored.
    """

    element: str
    version: int
    said: Mapping[str, Any]
    theirs: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    unsaved: bool = False

    @property
    def judgement(self) -> str:
        """The value of the radio that is chosen; empty if none is."""
        state = self.said.get("state", "open")
        if state in ("not-applicable", "unknown"):
            return str(state)
        return str(self.said.get("score") or "")


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the overview, and of the element page's head."""

    element: Capability
    found: Agreement
    strip: Strip
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    decision: Decision | None
    agreed: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All elements that are asked for, in the chosen order, and how far the team is."""

    rows: tuple[Row, ...]
    shown: str
    order: str
    counts: Mapping[str, int]
    decided: int
    total: int
    voices: int
    adoptable: int
    axis: Sequence[Any]
    answer: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One respondent's line: symbol of the role and what was said."""

    symbol: Symbol
    statement: Statement


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of an agreed score's history, in words."""

    at: datetime
    by: str | None
    kind: str
    lost: bool
    judgement: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ElementPage:
    """Everything that the page of one element shows."""

    table: Workshop
    row: Row
    spoken: tuple[Spoken, ...]
    legend: tuple[tuple[Text, Symbol], ...]
    answer: str
    facts: tuple[tuple[str, str], ...]
    form: AgreedForm
    control: ScoreControl
    levels: tuple[LevelLine, ...]
    spanned: tuple[LevelLine, ...]
    meanings: Mapping[str, str]
    wanted: Mapping[str, str]
    methods: Mapping[str, str]
    badges: Any
    history: tuple[Change, ...]
    previous: Capability | None
    next: Capability | None
    script: Mapping[str, Any] = field(default_factory=dict)


def role_names(table: Workshop) -> dict[str, Text]:
    """Return the names of the roles that were interviewed, in the order in which they first appear."""
    names: dict[str, Text] = {}
    for interview in table.view.interviews:
        names.setdefault(interview.role, interview.role_name)
    return names


def _symbols(table: Workshop, form: Format) -> Mapping[str, Symbol]:
    return role_symbols([interview.role for interview in table.view.interviews], form)


def row_of(table: Workshop, element: str, form: Format = ROW) -> Row:
    """Return one element with its strip."""
    found, scale = table.agreements[element], table.framework.scale
    said = [
        Said(one.interview.role, one.interview.role_name, one.answer.score)
        for one in table.statements(element)
        if one.answer.score is not None
    ]
    decision = table.decision(element)
    return Row(
        element=table.framework.node(element),
        found=found,
        strip=draw(said, found, scale=scale, symbols=_symbols(table, form), form=form, agreed=table.score(element)),
        reasons=tuple(_reasons(table, found, brief=not form.named)),
        remarks=tuple(remarks_of(found)),
        decision=decision,
        agreed=judgement_words(said_of(decision.values, scale)) if decision else "",
    )


def _reasons(table: Workshop, found: Agreement, *, brief: bool) -> list[str]:
    scale, roles = table.framework.scale, role_names(table)
    if brief:
        return short_reasons_of(found, scale, roles)
    return reasons_of(found, table.framework.agreement, scale, roles)


def chosen(asked: Mapping[str, str]) -> tuple[str, str]:
    """Return which elements an address asks for (`show`) and in which order; what it does not know is the first."""
    shown, order = asked.get("show", ""), asked.get("order", "")
    return shown if shown in SHOWN else SHOWN[0], order if order in ORDERS else ORDERS[0]


def overview_of(table: Workshop, *, shown: str, order: str) -> Overview:
    """Return the overview; `shown`: all, discuss (past a threshold, undecided), undecided; `order`: discuss or tree."""
    elements = {name: elements_shown(table, shown=name, order=order) for name in SHOWN}
    decided = len(table.order) - len(table.undecided)
    return Overview(
        rows=tuple(row_of(table, element) for element in elements[shown]),
        shown=shown,
        order=order,
        counts={name: len(found) for name, found in elements.items()},
        decided=decided,
        total=len(table.order),
        voices=len(table.view.interviews),
        adoptable=len(table.adoptable),
        axis=axis_labels(table.framework.scale),
        answer=_overview_answer(table, len(elements["discuss"]), decided),
    )


def elements_shown(table: Workshop, *, shown: str, order: str) -> tuple[str, ...]:
    """Return the elements that an overview shows, in its order; what it does not know is taken as everything."""
    line = tuple(table.agreements) if order == "tree" else table.order
    if shown not in ("discuss", "undecided"):
        return line
    undecided = set(table.undecided)
    if shown == "discuss":
        undecided = {element for element in undecided if table.agreements[element].discuss}
    return tuple(element for element in line if element in undecided)


def _overview_answer(table: Workshop, discuss: int, decided: int) -> str:
    counts = {
        "n": len(table.view.interviews),
        "total": len(table.order),
        "discuss": discuss,
        "decided": decided,
        "open": len(table.order) - decided,
    }
    if not table.view.interviews:
        return translate("还没有访谈；%(total)s 个要素中已定共识分 %(decided)s 个。") % counts
    if counts["open"] == 0:
        return translate("%(total)s 个要素全部定了共识分。") % counts
    if discuss == 0:
        return translate("%(n)s 位受访者没有大的分歧；%(total)s 个要素中已定共识分 %(decided)s 个。") % counts
    first = translate("%(n)s 位受访者在 %(discuss)s 个未定的要素上分歧大，先讨论。") % counts
    return first + translate("%(total)s 个要素中已定共识分 %(decided)s 个。") % counts


def element_answer(row: Row, table: Workshop) -> str:
    """Say how the respondents stand on an element."""
    found, scale = row.found, table.framework.scale
    if found.n == 0:
        if found.answered:
            return translate("%(n)s 位受访者都没有评分。") % {"n": found.answered}
        return translate("还没有受访者谈到这个要素。")
    assert found.lowest is not None  # n > 0
    assert found.highest is not None
    assert found.median is not None
    figures = {
        "n": found.n,
        "low": figure(found.lowest, scale),
        "high": figure(found.highest, scale),
        "median": figure(found.median, scale),
    }
    if found.n == 1:
        return translate("只有 1 位受访者评分：%(low)s 分。") % figures
    if found.lowest == found.highest:
        return translate("%(n)s 位受访者一致：%(low)s 分。") % figures
    if found.discuss:
        return translate("%(n)s 位受访者从 %(low)s 到 %(high)s 分，分歧大；中位数 %(median)s。") % figures
    return translate("%(n)s 位受访者从 %(low)s 到 %(high)s 分，看法接近；中位数 %(median)s。") % figures


def element_facts(row: Row, table: Workshop) -> tuple[tuple[str, str], ...]:
    """Return the figures of an element: (what, how much); those that are undefined are left out."""
    found, scale = row.found, table.framework.scale
    facts = [(translate("评分人数"), str(found.n))]
    if found.median is not None:
        facts.append((translate("中位数"), figure(found.median, scale)))
        weighted = _weighted(row.element.id, table)
        if weighted is not None and weighted != found.median:
            facts.append((translate("按角色权重的中位数"), figure(weighted, scale)))
    if found.range is not None and found.n > 1:
        assert found.iqr is not None
        facts += [(translate("极差"), figure(found.range, scale)), (translate("四分位距"), figure(found.iqr, scale))]
    if found.r_wg is not None:
        facts.append(("r_wg", figure_of_share(found.r_wg)))
    if found.role_gap is not None:
        words = gap_words(found, scale, role_names(table))
        facts.append((translate("角色之间最大差"), words["gap"]))
    facts += [(translate("不适用"), str(found.not_applicable)), (translate("不清楚"), str(found.unknown))]
    return tuple(facts)


def figure_of_share(share: Fraction) -> str:
    """Return r_wg as it is printed: two decimals."""
    return display(share, 2)


def _weighted(element: str, table: Workshop) -> Fraction | None:
    """Return what the element scores as long as nothing is agreed."""
    weighed = [
        (answer.score, one.weight)
        for one in table.view.respondents
        if one.weight > 0 and (answer := one.answers.get(element)) is not None and answer.score is not None
    ]
    return weighted_median(weighed) if weighed else None


def agreed_form(table: Workshop, element: str) -> AgreedForm:
    """Return the form of the stored agreed score, or of none."""
    found = table.decisions.get(element)
    values = found.values if found else OPEN
    return AgreedForm(element, found.version if found else 0, said_of(values, table.framework.scale))


def element_page(
    table: Workshop, element: str, revisions: Sequence[DecisionRevision], form: AgreedForm | None = None
) -> ElementPage:
    """Return the page of one element; `form` in the place of the stored agreed score's."""
    framework, node = table.framework, table.framework.node(element)
    scale, row = framework.scale, row_of(table, element, PAGE)
    symbols = _symbols(table, PAGE)
    spoken = tuple(Spoken(symbols[one.interview.role], one) for one in table.statements(element))
    previous, following = _neighbours(table, element)
    levels = level_lines(framework, node)
    wanted = _wanted(table, row.found)
    meanings = sentences(framework, node, locale())
    form = form or agreed_form(table, element)
    names = role_names(table)
    heard = dict.fromkeys(one.statement.interview.role for one in spoken)
    return ElementPage(
        table=table,
        row=row,
        spoken=spoken,
        legend=tuple((names[role], symbols[role]) for role in heard),
        answer=element_answer(row, table),
        facts=element_facts(row, table),
        form=form,
        control=score_control(scale),
        levels=levels,
        spanned=_spanned(levels, row.found, table.score(element)),
        meanings=meanings,
        wanted=wanted,
        methods=_methods(form.said.get("method")),
        badges=key_badges(scale),
        history=tuple(_change(revision, table) for revision in reversed(revisions)),
        previous=previous,
        next=following,
        script={
            "grid": [written(scale, value) for value in scale.grid],
            "stride": len(score_control(scale).fine) or 1,
            "keys": key_plan(scale),
            "meanings": meanings,
            "wanted": wanted,
        },
    )


def _neighbours(table: Workshop, element: str) -> tuple[Capability | None, Capability | None]:
    place, node = table.order.index(element), table.framework.node
    before = node(table.order[place - 1]) if place else None
    return before, node(table.order[place + 1]) if place + 1 < len(table.order) else None


def _spanned(levels: tuple[LevelLine, ...], found: Agreement, agreed: Fraction | None) -> tuple[LevelLine, ...]:
    """Return the levels that are in question: from just below the lowest mark to just above the highest."""
    values = [value for value in (found.lowest, found.highest, agreed) if value is not None]
    if not values:
        return levels
    low = max((level.value for level in levels if level.value <= min(values)), default=levels[0].value)
    high = min((level.value for level in levels if level.value >= max(values)), default=levels[-1].value)
    return tuple(level for level in levels if low <= level.value <= high)


def _wanted(table: Workshop, found: Agreement) -> dict[str, str]:
    """Return what a reason is owed for, by the value of the radio; values that need none are absent."""
    scale, rule = table.framework.scale, table.framework.agreement
    asked = {written(scale, value): questions_about(State.SCORED, value, found, rule) for value in scale.grid}
    for state in (State.NOT_APPLICABLE, State.UNKNOWN):
        asked[state.value] = questions_about(state, None, found, rule)
    return {value: question_sentences(all_of, rule, scale) for value, all_of in asked.items() if all_of}


def _methods(stored: str | None) -> dict[str, str]:
    """Return the ways of agreeing to choose from; one of its own that is stored stays among them."""
    offered = {method: method_words(method) for method in METHODS}
    return offered if stored is None or stored in offered else {**offered, stored: stored}


def _change(revision: DecisionRevision, table: Workshop) -> Change:
    scale = table.framework.scale
    before = said_of(values_of(revision.before), scale)
    after = said_of(values_of(revision.after), scale)
    old, new = judgement_words(before), judgement_words(after)
    differs = {name: after[name] for name in ("reason", "method", "note", "confidence") if after[name] != before[name]}
    return Change(
        at=revision.at,
        by=revision.user_name,
        kind=translate(KINDS[revision.kind]) if revision.kind in KINDS else "",
        lost=revision.kind == LOST,
        judgement=new if revision.before is None or old == new else f"{old} → {new}",
        details=tuple(in_words({name: given for name, given in differs.items() if given})),
    )


def element_url(table: Workshop, element: str, *, projector: bool = False) -> str:
    """Return the address of one element's page."""
    shown = "1" if projector else None
    return url_for("agreeing.element", assessment_id=table.view.id, element=element, projector=shown)
