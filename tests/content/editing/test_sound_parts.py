"""What can still be worked on of a faulty file: questionnaires without their faulty items, profiles without weights."""

from __future__ import annotations

import pytest

from app.content.editing.questionnaires import asked_and_omitted
from app.content.editing.sound_parts import SoundPart, sound_questionnaire, sound_weights
from app.content.layering import ContentKind
from app.content.library import Library
from app.content.proofing import lint_draft
from tests.content.writing import CHECKOUT

GUIDE = (CHECKOUT / "questionnaires" / "telecom-crm-interview.yaml").read_text("utf-8")
ELEMENTS = asked_and_omitted(GUIDE)[0]
PROFILE = """format: 1
kind: weights
id: turned
framework: telecom-crm@>=1,<2
name: {zh: 另一种, en: Another}
weights:
  {first}: 2
  {second}: 3
"""


def sound(text: str, library: Library) -> SoundPart | None:
    def check(changed: str) -> object:
        return lint_draft(ContentKind.QUESTIONNAIRE, "telecom-crm-interview", {"q.yaml": changed}, library).faults

    return sound_questionnaire(text, check)  # type: ignore[arg-type] # faults


def broken(text: str, element: str) -> str:
    """Misspell a key right behind an item's element."""
    at = text.index(f"element: {element}\n") + len(f"element: {element}\n")
    margin = " " * (text.rindex("element", 0, at) - text.rindex("\n", 0, text.rindex("element", 0, at)) - 1)
    return f"{text[:at]}{margin}promts: [x]\n{text[at:]}"


@pytest.mark.parametrize("place", [0, 5, len(ELEMENTS) - 1])
def test_items_with_errors_are_left_out_and_the_others_stay(place: int, library: Library) -> None:
    found = sound(broken(GUIDE, ELEMENTS[place]), library)
    assert found is not None
    assert list(found.left_out) == [ELEMENTS[place]]
    asked, omitted = asked_and_omitted(found.text)
    assert asked == tuple(one for one in ELEMENTS if one != ELEMENTS[place])
    assert ELEMENTS[place] in omitted


def test_an_element_that_nobody_arranged_stands_in_nobodys_way(library: Library) -> None:
    start = GUIDE.index(f"- element: {ELEMENTS[2]}")
    end = GUIDE.index(f"- element: {ELEMENTS[3]}")
    found = sound(GUIDE[:start] + GUIDE[end:], library)
    assert found is not None
    assert not found.left_out
    assert ELEMENTS[2] in asked_and_omitted(found.text)[1]


def test_an_item_that_stands_twice_is_left_out_once(library: Library) -> None:
    start = GUIDE.index(f"- element: {ELEMENTS[2]}")
    end = GUIDE.index(f"- element: {ELEMENTS[3]}")
    found = sound(GUIDE[:end] + GUIDE[start:end] + GUIDE[end:], library)
    assert found is not None
    assert not found.left_out
    assert asked_and_omitted(found.text)[0] == ELEMENTS


def test_an_error_outside_of_items_leaves_nothing(library: Library) -> None:
    assert sound(GUIDE.replace("mode: interview", "mode: talk"), library) is None
    assert sound(GUIDE.replace("framework: telecom-crm", "framework: nothing"), library) is None
    assert sound("[]", library) is None


def test_weights_with_errors_are_left_out_with_what_is_written_there(library: Library) -> None:
    first, second = (node.id for node in library.framework("telecom-crm").capabilities[:2])
    text = PROFILE.replace("{first}", first).replace("{second}", second)

    def of(text: str) -> SoundPart | None:
        return sound_weights(
            text, lambda changed: lint_draft(ContentKind.WEIGHTS, "telecom-crm/turned", {"w": changed}, library).faults
        )

    whole = of(text)
    assert whole == SoundPart(text, {})
    found = of(text.replace(f"{second}: 3", f"{second}: many") + "  nothing: 4\n")
    assert found is not None
    assert found.left_out == {second: "many", "nothing": "4"}
    assert f"{first}: 2" in found.text
    assert of(text.replace("id: turned", "id: other")) is None
    none = of(text.replace(": 2", ": x").replace(": 3", ": x"))
    assert none is not None
    assert set(none.left_out) == {first, second}
