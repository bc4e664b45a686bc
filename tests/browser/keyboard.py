"""A whole interview by keys alone: what is pressed at each element, and what must then be stored.

The plan is made from the elements that an interview asks, always the same for the same elements, and varied: whole and
half scores in every way the keys allow, not applicable with its reason, don't know, confidence, notes, evidence told
and seen, its strength, ways back. `interview_by_keyboard` presses it; what happens between elements (a cut network, a
killed server) is the caller's: `between` is called before each element. `check_stored` compares every value with the
database and looks for each in the revisions.

Knows the keys and the storage; touches the page with the keyboard only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.storage import answer_revisions, interviews
from app.storage.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from app.core.questionnaire import Item, Questionnaire

# A step is one key. One that begins with TYPED is text; one that begins with LEAVING is a key that opens another page.
TYPED = "type:"
LEAVING = "leave:"
ON = LEAVING + "Enter"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One element: what is pressed (the last step goes on to the next element), and what must be stored in the end.

    `stored` has the fields of a stored answer (`app.services.answer_fields`): judgement, reason, note, confidence,
    evidence_strength, ticks.<id>.
    """

    element: str
    steps: tuple[str, ...]
    stored: Mapping[str, Any] = field(default_factory=dict)


def scored(score: float) -> dict[str, Any]:
    """Return the judgement of a score on the scale from 0 in half points."""
    return {"judgement": {"state": "scored", "steps": int(score * 2)}}


def plan(questionnaire: Questionnaire, elements: Sequence[str]) -> tuple[Spoken, ...]:
    """Return what to do at each element, in this order."""
    items = {item.element: item for item in questionnaire.items}
    return tuple(WAYS[place % len(WAYS)](place, items[element]) for place, element in enumerate(elements))


def _whole(place: int, item: Item) -> Spoken:
    digit = str(place % 6)
    return Spoken(item.element, (digit, ON), scored(int(digit)))


def _half(place: int, item: Item) -> Spoken:
    digit = str(place % 5)
    steps = (digit, ".", "7", ON)
    return Spoken(item.element, steps, {**scored(int(digit) + 0.5), "confidence": "medium"})


def _keypad(_place: int, item: Item) -> Spoken:
    steps = ("Numpad4", "NumpadSubtract", "NumpadSubtract", "NumpadAdd", "6", LEAVING + "NumpadEnter")
    return Spoken(item.element, steps, {**scored(3.5), "confidence": "low"})


def _not_applicable(place: int, item: Item) -> Spoken:
    reason = f"本地网没有这项业务（{place}）"
    return Spoken(
        item.element,
        ("n", "Enter", TYPED + reason, ON),  # Enter leads to the reason that is missing, then on
        {"judgement": {"state": "not-applicable", "steps": None}, "reason": reason},
    )


def _unknown(place: int, item: Item) -> Spoken:
    note = f"问过两次，无人知道 v{place}.5"
    return Spoken(
        item.element,
        ("d", "9", TYPED + note, "Escape", ON),
        {"judgement": {"state": "unknown", "steps": None}, "note": note},
    )


def _noted(place: int, item: Item) -> Spoken:
    lines = (f"第{place}题：0 1 2 n d e ?", "第二行")
    steps = ("5", "=", "-", "8", "9", TYPED + lines[0], "Enter", TYPED + lines[1], LEAVING + "Control+Enter")
    return Spoken(item.element, steps, {**scored(4.5), "confidence": "high", "note": "\n".join(lines)})


def _ticked(place: int, item: Item) -> Spoken:
    ticks = [prompt.id for prompt in item.evidence if prompt.id]
    told, seen = ticks[0], ticks[1]
    # each piece of evidence is two boxes: told, seen; from the last one Tab leads to the strength
    to_strength = ("Tab",) * (2 * (len(ticks) - 1) - 1)
    steps = (
        "3",
        "e",
        "Space",
        "Tab",
        "Tab",
        "Tab",
        "Space",
        *to_strength,
        "Space",
        "ArrowRight",
        "ArrowRight",
        "Escape",
        ON,
    )
    return Spoken(
        item.element,
        steps,
        {**scored(3), f"ticks.{told}": "told", f"ticks.{seen}": "seen", "evidence_strength": 2},
    )


def _taken_back(_place: int, item: Item) -> Spoken:
    steps = ("2", "6", "Backspace", "n", "1", ".", ".", "=", ON)
    return Spoken(item.element, steps, {**scored(1.5), "confidence": "low"})


def _gone_back(place: int, item: Item) -> Spoken:
    """Save, go on, come back by keys, change the score, go on again."""
    note = f"回头改了一次 {place}"
    steps = ("0", ON, LEAVING + "Shift+Enter", "4", "9", TYPED + note, LEAVING + "Control+Enter")
    return Spoken(item.element, steps, {**scored(4), "note": note})


def _by_arrows(_place: int, item: Item) -> Spoken:
    steps = ("1", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", ON)
    return Spoken(item.element, steps, scored(2))


WAYS: tuple[Callable[[int, Any], Spoken], ...] = (
    _whole,
    _half,
    _ticked,
    _not_applicable,
    _keypad,
    _noted,
    _unknown,
    _taken_back,
    _gone_back,
    _by_arrows,
)


def interview_by_keyboard(
    page: Page, spoken: Sequence[Spoken], *, between: Callable[[int, Spoken], None] = lambda _place, _spoken: None
) -> None:
    """Press the whole plan. The page must show its first element; `between(place, spoken)` runs before each element."""
    for place, one in enumerate(spoken):
        between(place, one)
        speak(page, one)


def speak(page: Page, one: Spoken) -> None:
    """Press what belongs to one element; AssertionError when the page shows another."""
    assert shown(page) == one.element, f"the page shows {shown(page)}, not {one.element}"
    for step in one.steps:
        if step.startswith(TYPED):
            page.keyboard.type(step.removeprefix(TYPED))
            continue
        before = page.url
        page.keyboard.press(step.removeprefix(LEAVING))
        if step.startswith(LEAVING):
            wait_for_another_page(page, before)


def wait_for_another_page(page: Page, before: str) -> None:
    """Wait until another page stands and its keys work."""
    page.wait_for_url(lambda url: url != before, wait_until="commit")
    page.wait_for_selector("html[data-ready]")


def shown(page: Page) -> str:
    """Return the element that a page is about."""
    return page.url.rsplit("/", 1)[1].partition("?")[0]


def check_stored(data: Path, interview_id: int, spoken: Sequence[Spoken]) -> None:
    """Compare every value with the database and look for each in the revisions; AssertionError with all faults."""
    from app.services.answer_fields import fields_of

    database = Database(f"sqlite:///{data / 'crm-maturity.db'}")
    try:
        with database.read() as session:
            answers = interviews.answers_of(session, [interview_id])[interview_id]
            revisions = {
                one.element: answer_revisions.revisions_of(session, interview_id, one.element) for one in spoken
            }
    finally:
        database.dispose()
    faults = []
    for one in spoken:
        answer = answers.get(one.element)
        said = {name: given for name, given in fields_of(answer.values).items() if given is not None} if answer else {}
        if said != dict(one.stored):
            faults.append(f"{one.element}: stored {said}, entered {dict(one.stored)}")
        faults += [
            f"{one.element}: no revision has {name} = {given!r}"
            for name, given in one.stored.items()
            if not any(revision.after.get(name) == given for revision in revisions[one.element])
        ]
    assert not faults, "\n".join(faults)
