"""A framework begun on the web: a draft without a fault, and one of its questionnaire."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.content.layering import ContentKind
from app.content.proofing import lint_draft
from app.services.drafting import get_draft, list_drafts
from app.services.permissions import Role
from tests.acting import acting
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.drafting import DraftView
    from app.storage.database import Database

PLACE = "/frameworks/new"
USUAL = {
    "name_zh": "门店服务",
    "name_en": "Shop service",
    "key": "shop-service",
    "tiers": "3",
    "minimum": "0",
    "maximum": "5",
    "step": "0.5",
    "comments": "zh",
    "questionnaire": "y",
}


@pytest.fixture
def editor(visit: Callable[[str | None], Visitor]) -> Visitor:
    return visit("editor")


def drafts(database: Database) -> list[DraftView]:
    with database.read() as session:
        from app.services.accounts import get_user

        user = get_user(session, "editor")
        actor = acting(user.id, user.name, user.display_name, Role.EDITOR)
        return [get_draft(session, one.id, actor) for one in list_drafts(session, actor)]


def test_an_editor_reaches_the_form_from_the_list_of_frameworks(editor: Visitor) -> None:
    assert PLACE in editor.page("/frameworks").links
    page = editor.page(PLACE)
    assert "新建框架" in page.title
    assert "New framework" in editor.speak("en").page(PLACE).title


def test_who_may_not_revise_sees_neither_the_button_nor_the_form(consultant: Visitor, reader: Visitor) -> None:
    for visitor in (consultant, reader):
        assert PLACE not in visitor.page("/frameworks").links
        assert visitor.get(PLACE).status_code == 403
        assert visitor.post(PLACE, USUAL).status_code == 403


def test_both_drafts_are_begun_and_the_first_is_opened(
    editor: Visitor, web_database: Database, library: Library
) -> None:
    answer = editor.post(PLACE, USUAL)
    assert answer.status_code == 303
    found = {one.kind: one for one in drafts(web_database)}
    framework, guide = found[ContentKind.FRAMEWORK], found[ContentKind.QUESTIONNAIRE]
    assert (framework.key, guide.key) == ("shop-service", "shop-service-interview")
    assert re.search(rf"/{framework.id}(/|$)", answer.headers["Location"])
    assert editor.get(answer.headers["Location"]).status_code == 200
    checked = lint_draft(framework.kind, framework.key, framework.files, library)
    assert checked.faults == ()
    assert checked.framework is not None
    assert checked.framework.name.zh == "门店服务"
    waiting = lint_draft(guide.kind, guide.key, guide.files, library)
    assert {fault.code for fault in waiting.errors} == {"E401"}  # until the framework is published


def test_the_form_decides_depth_and_scale(editor: Visitor, web_database: Database, library: Library) -> None:
    wanted = {**USUAL, "tiers": "2", "minimum": "−1", "maximum": "１", "step": "0.25", "name_en": ""}
    del wanted["questionnaire"]
    assert editor.post(PLACE, wanted).status_code == 303
    (draft,) = drafts(web_database)
    checked = lint_draft(draft.kind, draft.key, draft.files, library)
    assert checked.framework is not None
    assert len(checked.framework.tiers) == 2
    assert [checked.framework.scale.minimum, checked.framework.scale.steps] == [-1, 8]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_zh": ""}, "name_zh"),
        ({"key": "Shop"}, "key"),
        ({"key": "../shop"}, "key"),
        ({"key": "telecom-crm"}, "key"),
        ({"tiers": "9"}, "tiers"),
        ({"minimum": "much"}, "minimum"),
        ({"maximum": "0"}, "maximum"),
        ({"step": "0.3"}, "step"),
        ({"step": "1e-9"}, "step"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_begun(
    editor: Visitor, web_database: Database, wrong: dict[str, str], field: str
) -> None:
    answer = editor.post(PLACE, {**USUAL, **wrong})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert drafts(web_database) == []


def test_the_same_framework_is_not_begun_twice(editor: Visitor, web_database: Database) -> None:
    editor.post(PLACE, USUAL)
    assert editor.post(PLACE, USUAL).status_code == 422
    assert len(drafts(web_database)) == 2
