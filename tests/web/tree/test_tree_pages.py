"""The tree of a draft, changed by forms: what is asked for stands in the YAML, what is wrong is said at its field."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.services.drafting import save_file
from tests.conftest import FixedClock
from tests.web.conftest import NOON, Visitor
from tests.web.tree.conftest import Editing

LEAF, GROUP = "credit-information-refresh", "update-and-warning"


def field(page: str, name: str) -> str:
    """Return what a hidden field of a page holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def words_of(editing: Editing, node_id: str = LEAF) -> dict[str, str]:
    """Return what the form of a capability would post untouched."""
    text = editing.visitor.get(f"{editing.tree}/nodes/{node_id}").text
    inputs = dict(re.findall(r'<input[^>]*name="([a-z_0-9]+)"[^>]*value="([^"]*)"', text))
    areas = dict(re.findall(r'<textarea[^>]*name="([a-z_0-9]+)"[^>]*>\r?\n?([^<]*)</textarea>', text))
    inputs.pop("csrf_token", None)
    inputs.pop("critical", None)
    return inputs | areas


def test_the_tree_shows_every_capability_and_what_can_be_done(editing: Editing) -> None:
    page = editing.page()
    assert "更新与预警" in page.words
    for below in ("/weights", "/front", "/scale", "/rollup", "/add", f"/nodes/{LEAF}", f"/nodes/{GROUP}/add", "/sheet"):
        assert editing.tree + below in page.links


@pytest.mark.parametrize(
    "below",
    ["", "/weights", "/front", "/scale", "/rollup", "/add", f"/nodes/{GROUP}", f"/nodes/{GROUP}/add", f"/nodes/{LEAF}"]
    + [f"/nodes/{LEAF}/{act}" for act in ("move", "rename", "split", "merge", "remove")],
)
def test_every_page_speaks_english_too(editing: Editing, below: str) -> None:
    editing.visitor.speak("en")
    assert editing.page(below).language == "en"


def test_saving_a_form_untouched_changes_no_byte(editing: Editing) -> None:
    before = editing.files
    related = [
        ("related", one) for one in ("telecom-crm/internal-data-collection", "telecom-crm/real-time-decisioning")
    ]
    values = words_of(editing)
    answer = editing.visitor.client.post(
        f"{editing.tree}/nodes/{LEAF}",
        data={**values, "csrf_token": editing.visitor.token(), "related": [value for _, value in related]},
    )
    assert answer.status_code == 303
    assert editing.files == before


def test_words_are_stored_where_they_stand_and_can_be_undone(editing: Editing) -> None:
    before = editing.files
    values = words_of(editing) | {"name_zh": "信用资料更新", "weight": "１．５"}
    assert editing.post(f"/nodes/{LEAF}", values).status_code == 303
    text = editing.files["timeliness.yaml"]
    assert "name: {zh: 信用资料更新, en: Credit Information Refresh}" in text
    assert "      weight: 1.5\n" in text
    assert "撤销上一步" in editing.page().words
    assert editing.post("/undo", {}).status_code == 303
    assert editing.files == before
    assert editing.post("/undo", {}).status_code == 303
    assert editing.files["timeliness.yaml"] == text


def test_a_form_that_was_overtaken_shows_both_and_loses_nothing(editing: Editing) -> None:
    values = words_of(editing)
    editing.post(f"/nodes/{LEAF}", values | {"name_zh": "先存的"})
    answer = editing.post(f"/nodes/{LEAF}", values | {"name_zh": "后存的"})
    assert answer.status_code == 409
    assert "先存的" in answer.text
    assert "后存的" in answer.text
    assert "先存的" in editing.files["timeliness.yaml"]
    again = values | {"name_zh": "后存的", "seen": field(answer.text, "seen")}
    assert editing.post(f"/nodes/{LEAF}", again).status_code == 303
    assert "后存的" in editing.files["timeliness.yaml"]


def test_what_is_wrong_is_said_at_its_field(editing: Editing) -> None:
    before = editing.files
    answer = editing.post(f"/nodes/{LEAF}", words_of(editing) | {"name_zh": "", "weight": "viel"})
    assert answer.status_code == 422
    assert 'id="weight-error"' in answer.text
    answer = editing.post(f"/nodes/{LEAF}", words_of(editing) | {"name_zh": ""})
    assert 'id="name_zh-error"' in answer.text
    answer = editing.post(f"/nodes/{GROUP}/add", {"id": LEAF, "name_zh": "新"})
    assert answer.status_code == 422
    assert 'id="id-error"' in answer.text
    answer = editing.post(
        "/add", {"id": "a", "name_zh": "新", "child_id": "b", "child_name_zh": "组", "child_child_id": "B"}
    )
    assert 'id="child_child_id-error"' in answer.text
    assert editing.files == before


def test_adding_moving_ordering_and_removing(editing: Editing) -> None:
    assert (
        editing.post(f"/nodes/{GROUP}/add", {"id": "new-one", "name_zh": "新的", "name_en": "New"}).status_code == 303
    )
    assert "- id: new-one\n" in editing.files["timeliness.yaml"]
    assert editing.post("/order", {"up": "new-one"}).status_code == 303
    text = editing.files["timeliness.yaml"]
    assert text.index("new-one") < text.index("staged-collection")
    assert editing.post("/nodes/new-one/move", {"parent": "rating-standards", "position": "first"}).status_code == 303
    assert "new-one" in editing.files["standardisation.yaml"]
    assert editing.post(f"/nodes/{LEAF}/remove", {"heir": "new-one"}).status_code == 303
    assert f"replaces: [{LEAF}]" in editing.files["standardisation.yaml"]
    assert "新" in editing.page().words


def test_renaming_splitting_and_merging_write_what_is_replaced(editing: Editing) -> None:
    assert editing.post(f"/nodes/{LEAF}/rename", {"new_id": "refresh"}).status_code == 303
    assert f"replaces: [{LEAF}]" in editing.files["timeliness.yaml"]
    parts = {"parts_0_id": "left", "parts_0_name_zh": "左", "parts_1_id": "right", "parts_1_name_zh": "右"}
    assert editing.post("/nodes/refresh/split", parts | {"parts_0_weight": "0.5"}).status_code == 303
    assert editing.files["timeliness.yaml"].count(f"replaces: [{LEAF}]") == 2
    merged = {"others": "right", "id": "both", "name_zh": "两者"}
    assert editing.post("/nodes/left/merge", merged).status_code == 303
    assert editing.files["timeliness.yaml"].count(f"replaces: [{LEAF}]") == 1
    refused = editing.post("/nodes/both/split", {"parts_0_id": "x", "parts_0_name_zh": "甲"})
    assert 'id="parts_1_id-error"' in refused.text


def test_weights_are_changed_together_and_all_zero_is_refused(editing: Editing) -> None:
    assert (
        editing.post(
            "/weights", {"w_credit_information_refresh": "2", "w_high_usage_and_anomaly_warning": ""}
        ).status_code
        == 303
    )
    assert "weight: 2" in editing.files["timeliness.yaml"]
    zero = {"w_credit_information_refresh": "0", "w_high_usage_and_anomaly_warning": "0"}
    everything = re.findall(r'name="(w_[a-z_0-9]+)"', editing.visitor.get(f"{editing.tree}/weights").text)
    answer = editing.post("/weights", dict.fromkeys(everything, "0") | zero)
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_the_front_the_rollup_and_the_scale(editing: Editing) -> None:
    before = editing.files
    front = re.findall(
        r'<(?:input|textarea)[^>]*name="([a-z_0-9]+)"', editing.visitor.get(f"{editing.tree}/front").text
    )
    assert "tiers_2_name_zh" in front
    values = words_from(editing, "/front")
    assert editing.post("/front", values).status_code == 303
    assert editing.files == before
    assert editing.post("/front", values | {"name_zh": "新框架", "source_year": "2012"}).status_code == 303
    assert "name: {zh: 新框架, en:" in editing.files["framework.yaml"]
    assert "year: 2012" in editing.files["framework.yaml"]
    wrong = editing.post("/rollup", {"method": "flat-mean", "publish": "0.5", "provisional": "0.6"})
    assert 'id="provisional-error"' in wrong.text
    right = {"method": "flat-mean", "publish": "0.9", "provisional": "0.6", "range": "2"}
    assert editing.post("/rollup", right).status_code == 303
    assert "coverage: {publish: 0.9, provisional: 0.6}\nagreement:\n  range: 2\n" in editing.files["framework.yaml"]
    scale = words_from(editing, "/scale")
    stands = editing.files
    assert editing.post("/scale", scale).status_code == 303
    assert editing.files == stands
    assert 'id="step-error"' in editing.post("/scale", scale | {"step": "0.3"}).text
    more = scale | {"levels_6_value": "2.5", "levels_6_name_zh": "中间"}
    assert editing.post("/scale", more).status_code == 303
    assert "    - value: 2.5\n      name: {zh: 中间}\n    - value: 3\n" in editing.files["framework.yaml"]
    assert 'id="levels_7_name_zh-error"' in editing.post("/scale", more | {"levels_7_value": "1.5"}).text


def words_from(editing: Editing, below: str) -> dict[str, str]:
    """Return what a form would post untouched."""
    text = editing.visitor.get(editing.tree + below).text
    inputs = dict(re.findall(r'<input[^>]*name="([a-z_0-9]+)"[^>]*value="([^"]*)"', text))
    areas = dict(re.findall(r'<textarea[^>]*name="([a-z_0-9]+)"[^>]*>\r?\n?([^<]*)</textarea>', text))
    inputs.pop("csrf_token", None)
    return {name: value.replace("&#39;", "'").replace("&amp;", "&") for name, value in (inputs | areas).items()}


def test_a_draft_that_is_no_yaml_leads_to_the_editor(editing: Editing) -> None:

    with editing.database.begin() as session:
        save_file(
            session,
            editing.draft_id,
            "timeliness.yaml",
            "- id: [\n",
            base_version=1,
            actor=editing.actor,
            clock=FixedClock(NOON),
        )
    page = editing.page()
    assert "timeliness.yaml" in page.words
    assert any(f"/drafts/{editing.draft_id}/edit?file=timeliness.yaml" in link for link in page.links)


def test_what_is_gone_leads_back_to_the_tree(editing: Editing) -> None:
    assert "没有“gone”这项能力" in editing.page("/nodes/gone").words
    assert "最后一项" not in editing.page().words


def test_others_cannot_see_a_draft_of_somebody_else(editing: Editing, consultant: Visitor, reader: Visitor) -> None:
    for visitor in (consultant, reader):
        assert visitor.get(editing.tree).status_code == 403


def test_a_workbook_goes_out_is_rehearsed_and_written(editing: Editing) -> None:
    answer = editing.visitor.get(f"{editing.tree}/sheet.xlsx")
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    workbook = load_workbook(BytesIO(answer.data))
    sheet = workbook["能力"]
    sheet.cell(5, [cell.value for cell in sheet[1]].index("name.zh") + 1).value = "表格里改的"
    made = BytesIO()
    workbook.save(made)
    checked = editing.post("/sheet", {"file": (BytesIO(made.getvalue()), "a.xlsx")})
    assert checked.status_code == 303
    place = checked.headers["Location"]
    assert "改内容" in editing.visitor.page(place).words
    assert "表格里改的" not in "".join(editing.files.values())
    assert editing.visitor.post(place).status_code == 303
    assert "表格里改的" in "".join(editing.files.values())
    assert editing.post("/sheet", {}).status_code == 422
    assert editing.post("/sheet", {"file": (BytesIO(b"no book"), "a.xlsx")}).status_code == 422
    assert editing.visitor.get(f"{editing.tree}/sheet/{'0' * 64}").status_code == 404
