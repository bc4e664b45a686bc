"""What the pages about workbooks show, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import Fault
from app.services.sheets import Verdict
from app.web.context import locale, translate
from app.web.sheets.wording import REMARKS, VERDICTS, fault_sentence, field_words, value_words

if TYPE_CHECKING:
    from app.services.sheets import ElementChange, Rehearsal


@dataclass(frozen=True, slots=True)
class Refusal:
    """One fault: the cell (or sheet) and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field: what is stored now, what the book says; `base` what it held when it was made, where that differs."""

    place: str
    about: str
    now: str
    mine: str
    base: str
    conflict: bool
    remark: str


@dataclass(frozen=True, slots=True)
class ElementLines:
    """One element of the rehearsal."""

    element: str
    name: str
    verdict: str
    verdict_words: str
    version: int
    saved_by: str
    lines: tuple[ChangeLine, ...]
    refusals: tuple[Refusal, ...]


def refusals(faults: Sequence[Fault]) -> list[Refusal]:
    """Return faults in words."""
    return [Refusal(fault.path, fault_sentence(fault)) for fault in faults]


def element_lines(rehearsal: Rehearsal) -> list[ElementLines]:
    """Return what a book would change, conflicts first."""
    lines = [_element(rehearsal, one) for one in rehearsal.elements]
    order = [Verdict.CONFLICT, Verdict.FAULTY, Verdict.CHANGED, Verdict.NEW]
    return sorted(lines, key=lambda one: order.index(Verdict(one.verdict)))


def _element(rehearsal: Rehearsal, one: ElementChange) -> ElementLines:
    scale = rehearsal.sheet.framework.scale
    lines = []
    for change in one.fields:
        base, now, mine = (
            value_words(change.field, value, one.item, scale) for value in (change.base, change.theirs, change.mine)
        )
        remark = translate("；").join(translate(REMARKS[name]) for name in change.remarks)
        earlier = base if change.base != change.theirs else ""
        about = field_words(change.field, one.item)
        lines.append(ChangeLine(change.place, about, now, mine, earlier, change.conflict, remark))
    return ElementLines(
        element=one.element,
        name=one.name.in_locale(locale()),
        verdict=one.verdict.value,
        verdict_words=translate(VERDICTS[one.verdict]),
        version=one.version,
        saved_by=one.saved_by or translate("另一位用户"),
        lines=tuple(lines),
        refusals=tuple(refusals(one.faults)),
    )
