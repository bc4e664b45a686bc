"""Engagements, units and rounds on the web: made, changed, moved, archived, restored; nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.services import accounts
from app.services.permissions import Role
from tests.web.conftest import ENGAGEMENT, Page, Visitor

if TYPE_CHECKING:
    from app.storage.database import Database
    from tests.conftest import FixedClock

MARKUP = "<script>alert(1)</script>\"'&"


def make(visitor: Visitor, key: str = "second-client", **values: str) -> str:
    answer = visitor.post("/engagements/new", {"key": key, "name_zh": "第二家客户", **values})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_an_empty_installation_says_what_to_do(consultant: Visitor) -> None:
    consultant.post(f"{ENGAGEMENT}/archive")
    assert "还没有项目" in consultant.page("/engagements").words


def test_an_engagement_is_made_and_says_what_comes_next(consultant: Visitor) -> None:
    place = make(consultant)
    page = consultant.page(place)
    assert "项目已建立" in page.words
    for path in ("units/new", "rounds/new", "assessments/new", "assessments/import"):
        assert f"/engagements/second-client/{path}" in page.links
    for path in ("units", "rounds", "assessments", "assessments/new", "compare"):
        consultant.page(f"{place}/{path}")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"key": "Bad Key", "name_zh": "甲"}, "key", "小写字母"),
        ({"key": "china-telecom-2003", "name_zh": "甲"}, "key", "已经有人使用"),
        ({"key": "", "name_zh": "甲"}, "key", "请填写标识"),
        ({"key": "second", "name_zh": "", "name_en": " "}, "name_zh", "至少填写一种语言"),
        ({"key": "second", "name_zh": "长" * 201}, "name_zh", "太长"),
        ({"key": "second", "name_zh": "甲\x01"}, "name_zh", "控制字符"),
    ],
)
def test_what_cannot_be_stored_is_said_at_its_field_and_what_was_typed_stays(
    consultant: Visitor, values: dict[str, str], field: str, words: str
) -> None:
    answer = consultant.post("/engagements/new", {"name_en": "Kept <as> typed", **values})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.title.startswith("错误：")
    assert words in page.words
    assert f"#{field}" in page.links
    assert field in page.ids
    assert f"{field}-error" in page.ids
    if "name_en" not in values:
        assert 'value="Kept &lt;as&gt; typed"' in answer.text


def test_an_engagement_is_renamed_archived_and_restored(consultant: Visitor) -> None:
    place = make(consultant)
    consultant.post(f"{place}/edit", {"name_zh": "改过的名称", "name_en": "Renamed"})
    assert "改过的名称" in consultant.page(place).words
    assert "Renamed" in consultant.speak("en").page(place).words
    consultant.speak("zh").post(f"{place}/archive")
    assert "这个项目已归档" in consultant.page(place).words
    assert "已归档的项目（1）" in consultant.page("/engagements").words
    consultant.post(f"{place}/restore")
    assert "已归档的项目" not in consultant.page("/engagements").words


def test_a_name_made_of_markup_is_shown_as_it_is(consultant: Visitor) -> None:
    place = make(consultant, name_zh=MARKUP)
    consultant.post(f"{place}/units/new", {"key": "unit", "name_zh": MARKUP, "name_en": MARKUP})
    consultant.post(f"{place}/rounds/new", {"key": "2026", "name_zh": MARKUP})
    for path in ("", "/edit", "/units", "/units/unit/edit", "/rounds", "/rounds/2026/edit", "/assessments/new"):
        text = consultant.get(place + path).text
        assert "<script>alert" not in text, path
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text, path


def test_units_stand_in_a_tree_and_move_with_those_below(consultant: Visitor) -> None:
    place = make(consultant)
    for key, parent in (("group", ""), ("north", "group"), ("south", "group"), ("city", "north")):
        values = {"key": key, "name_zh": f"单位{key}", "parent": parent, "kind": "province", "size": "１,200.5"}
        assert consultant.post(f"{place}/units/new", values).status_code == 302
    words = consultant.page(f"{place}/units").words
    assert words.index("单位north") < words.index("单位city") < words.index("单位south")
    assert "1200.5" in words
    assert "省公司" in words
    consultant.post(f"{place}/units/city/move", {"parent": "south"})
    words = consultant.page(f"{place}/units").words
    assert words.index("单位south") < words.rindex("单位city")
    assert "自己的下级" in consultant.post(f"{place}/units/group/move", {"parent": "city"}, follow_redirects=True).text
    consultant.post(f"{place}/units/north/move", {"parent": "made-up"})
    assert "没有这个上级单位" in consultant.page(f"{place}/units/north/edit").words


def test_a_unit_is_changed_archived_and_restored_with_those_below(consultant: Visitor) -> None:
    values = {"name_zh": "广东电信", "name_en": "Guangdong", "kind": "", "size": ""}
    consultant.post(f"{ENGAGEMENT}/units/guangdong/edit", values)
    assert "广东电信" in consultant.page(f"{ENGAGEMENT}/units").words
    consultant.post(f"{ENGAGEMENT}/units/guangdong/archive")
    assert "深圳电信" not in consultant.page(ENGAGEMENT).words
    assert "深圳电信 （已归档）" in consultant.page(f"{ENGAGEMENT}/units").words
    answer = consultant.post(f"{ENGAGEMENT}/units/shenzhen/restore", follow_redirects=True)
    assert "它的上级单位已归档" in answer.text
    consultant.post(f"{ENGAGEMENT}/units/guangdong/restore")
    assert "深圳电信" in consultant.page(ENGAGEMENT).words


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"key": "shenzhen", "name_zh": "甲"}, "key"),
        ({"key": "unit", "name_zh": ""}, "name_zh"),
        ({"key": "unit", "name_zh": "甲", "size": "many"}, "size"),
        ({"key": "unit", "name_zh": "甲", "size": "-1"}, "size"),
        ({"key": "unit", "name_zh": "甲", "size": "1e9"}, "size"),
        ({"key": "unit", "name_zh": "甲", "kind": "Bad Kind"}, "key"),
        ({"key": "unit", "name_zh": "甲", "parent": "made-up"}, "parent"),
    ],
)
def test_a_unit_that_cannot_be_stored_says_why(consultant: Visitor, values: dict[str, str], field: str) -> None:
    answer = consultant.post(f"{ENGAGEMENT}/units/new", values)
    assert answer.status_code == 422
    assert f"#{field}" in Page(answer.text).links


def test_a_faulty_change_of_a_unit_shows_the_form_again(consultant: Visitor) -> None:
    answer = consultant.post(f"{ENGAGEMENT}/units/shenzhen/edit", {"name_zh": "", "size": "x", "kind": "typed"})
    assert answer.status_code == 422
    assert 'value="x"' in answer.text
    assert 'value="typed"' in answer.text


def test_rounds_are_added_changed_archived_and_restored(consultant: Visitor) -> None:
    values = {"key": "2026-spring", "name_zh": "2026年春", "day": "2026-04-01"}
    assert consultant.post(f"{ENGAGEMENT}/rounds/new", values).status_code == 302
    assert "2026年4月1日" in consultant.page(f"{ENGAGEMENT}/rounds").words
    consultant.post(f"{ENGAGEMENT}/rounds/2026-spring/edit", {"name_zh": "2026年第一轮", "day": ""})
    page = consultant.page(f"{ENGAGEMENT}/rounds")
    assert "2026年第一轮" in page.words
    assert "2026年4月1日" not in page.words
    consultant.post(f"{ENGAGEMENT}/rounds/2003-09/archive")
    assert "2003年9月 （已归档）" in consultant.page(f"{ENGAGEMENT}/rounds").words
    consultant.post(f"{ENGAGEMENT}/rounds/2003-09/restore")
    assert "（已归档）" not in consultant.page(f"{ENGAGEMENT}/rounds").words


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"key": "2003-09", "name_zh": "甲"}, "key"),
        ({"key": "x", "name_zh": "甲", "day": "2003-13-40"}, "day"),
        ({"key": "x", "name_zh": ""}, "name_zh"),
    ],
)
def test_a_round_that_cannot_be_stored_says_why(consultant: Visitor, values: dict[str, str], field: str) -> None:
    answer = consultant.post(f"{ENGAGEMENT}/rounds/new", values)
    assert answer.status_code == 422
    assert f"#{field}" in Page(answer.text).links
    if "day" in values:
        assert 'value="2003-13-40"' in answer.text


def test_a_faulty_change_of_a_round_shows_the_form_again(consultant: Visitor) -> None:
    assert consultant.post(f"{ENGAGEMENT}/rounds/2003-09/edit", {"day": "soon"}).status_code == 422


OF_THE_DEMO = "SELECT id FROM assessment WHERE archived_at IS NULL ORDER BY id LIMIT 1"
TABLES = ("unit", "round", "assessment", "interview", "membership", "account_link", "personal_link")


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that these tests could change."""
    with database.read() as session:
        return {one: [tuple(row) for row in session.execute(text(f"SELECT * FROM {one} ORDER BY 1"))] for one in TABLES}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("edit", {"name_zh": "别名"}),
        ("units/new", {"key": "new", "name_zh": "新单位"}),
        ("units/fuzhou/edit", {"name_zh": "别名"}),
        ("units/fuzhou/move", {"parent": ""}),
        ("units/fuzhou/archive", {}),
        ("units/fuzhou/restore", {}),
        ("rounds/new", {"key": "2027", "name_zh": "新一轮"}),
        ("rounds/2003-09/edit", {"name_zh": "别名"}),
        ("rounds/2003-09/archive", {}),
        ("rounds/2003-09/restore", {}),
        ("assessments/new", {"unit": "fujian", "round": "2003-09", "framework": "telecom-crm@1.0.0"}),
        ("assessments/{assessment}/archive", {}),
        ("assessments/{assessment}/restore", {}),
        ("members", {"name": "bo", "part": "consultant"}),
        ("members/{reader}/part", {"part": "executive"}),
        ("members/invite", {"part": "executive", "days": "7"}),
    ],
)
def test_an_archived_engagement_refuses_every_change_in_words(
    consultant: Visitor, web_database: Database, clock: FixedClock, path: str, values: dict[str, str]
) -> None:
    with web_database.begin() as session:
        accounts.add_user(session, name="bo", password=None, role=Role.CONSULTANT, clock=clock)
        reader = accounts.get_user(session, "reader").id
        assessment = session.execute(text(OF_THE_DEMO)).scalar_one()
    consultant.speak("zh").post(f"{ENGAGEMENT}/archive")
    before = rows_of(web_database)
    address = f"{ENGAGEMENT}/{path}".format(assessment=assessment, reader=reader)
    answer = consultant.post(address, values, follow_redirects=True)
    assert answer.status_code in (200, 422)
    assert "它或它所在的项目已归档；请先恢复。" in Page(answer.text).words
    assert rows_of(web_database) == before


def test_the_pages_of_an_archived_engagement_offer_no_change(consultant: Visitor) -> None:
    offers = {
        "units": "units/new",
        "rounds": "rounds/new",
        "assessments": "assessments/new",
        "members": "members/invite",
    }
    for page, offer in offers.items():
        before = consultant.page(f"{ENGAGEMENT}/{page}")
        assert f"{ENGAGEMENT}/{offer}" in before.links
        assert "已归档，只能查看" not in before.words
    consultant.post(f"{ENGAGEMENT}/archive")
    for page, offer in offers.items():
        found = consultant.page(f"{ENGAGEMENT}/{page}")
        assert f"{ENGAGEMENT}/{offer}" not in found.links
        assert "这个项目已归档，只能查看。" in found.words
        assert f'action="{ENGAGEMENT}/restore"' in consultant.get(f"{ENGAGEMENT}/{page}").text
        assert not any(link.endswith("/edit") for link in found.links)
    assert f"{ENGAGEMENT}/members/" in consultant.get(f"{ENGAGEMENT}/members").text, "members may still be removed"


def test_what_an_archived_engagement_holds_is_read_and_nobody_is_sent_to_work_on_it(consultant: Visitor) -> None:
    work, places = ("开始访谈", "新建评估"), (ENGAGEMENT, "/assessments/1")
    assert all(word in consultant.page(ENGAGEMENT).words for word in work)
    assert work[0] in consultant.page("/assessments/1").words
    consultant.post(f"{ENGAGEMENT}/archive")
    for place in places:
        page = consultant.page(place)
        assert "这个项目已归档，只能查看。" in page.words
        assert not [word for word in work if word in page.words]
