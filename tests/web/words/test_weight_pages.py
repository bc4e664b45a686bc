"""Weight profiles on the web: list, one of them, a new one, the form with its preview."""

from __future__ import annotations

import re

from tests.web.conftest import Visitor
from tests.web.words.conftest import Editor

NEW = {"framework": "telecom-crm", "start": "default", "key": "ours", "name_zh": "我们的", "name_en": "Ours"}


def begin(editor: Editor) -> str:
    answer = editor.post("/weights/new", NEW)
    assert answer.status_code == 302, answer.text
    return answer.location


def filled(editor: Editor, address: str, **changed: str) -> dict[str, str]:
    page = editor.page(address).text
    fields = dict(re.findall(r'name="(w-[a-z0-9-]+)"[^>]*value="([^"]*)"', page))
    return {
        **fields,
        "name-zh": "我们的",
        "base_version": str(editor.version(address)),
        **{f"w-{node.replace('_', '-')}": value for node, value in changed.items()},
    }


def test_readers_see_profiles_and_shares(reader: Visitor) -> None:
    assert "等权" in reader.page("/weights").words
    assert "20%" in reader.page("/weights/telecom-crm/equal").words
    assert reader.get("/weights/telecom-crm/none").status_code == 404
    assert reader.get("/weights/none/equal").status_code == 404
    assert reader.get("/weights/new").status_code == 403


def test_a_new_profile_is_begun_and_its_weights_show_what_they_do(editor: Editor) -> None:
    address = begin(editor)
    shown = editor.page(address)
    assert "深圳电信" in shown.words
    assert editor.post(address, filled(editor, address, customer_insight="３")).status_code == 302
    text = editor.text(address)
    assert "customer-insight: 3" in text
    assert "customer-offers" not in text
    changed = editor.page(address)
    assert "2 → 3" in changed.words
    assert "43%" in changed.words


def test_numbers_that_are_none_stand_at_their_field_and_stay(editor: Editor) -> None:
    address = begin(editor)
    answer = editor.post(address, filled(editor, address, customer_insight="viel", collect_data="-1"))
    assert answer.status_code == 422
    for field in ("w-customer-insight", "w-collect-data"):
        assert f'href="#{field}"' in answer.text
    assert 'value="viel"' in answer.text
    zeros = dict.fromkeys(
        ("customer_insight", "customer_interactions", "customer_offers", "high_performing_organisation"), "0"
    )
    refused = editor.post(address, filled(editor, address, enterprise_integration="0", **zeros))
    assert refused.status_code == 422
    assert "不能全是 0" in refused.text
    nameless = {**filled(editor, address), "name-zh": ""}
    assert editor.post(address, nameless).status_code == 422


def test_an_overtaken_form_is_shown_again(editor: Editor) -> None:
    address = begin(editor)
    mine = filled(editor, address, customer_insight="3")
    editor.type(address, "我们的", "你们的")
    answer = editor.post(address, mine)
    assert answer.status_code == 422
    assert "刚才在别处改过" in answer.text
    assert editor.post(address, {**mine, "base_version": str(editor.version(address))}).status_code == 302


def test_ids_that_are_taken_or_wrong_are_refused(editor: Editor) -> None:
    begin(editor)
    for wrong in (
        {"key": "default"},
        {"key": "Bad Id"},
        {"key": "ours"},
        {"key": "fine", "name_zh": "", "name_en": ""},
    ):
        assert editor.post("/weights/new", {**NEW, **wrong}).status_code == 422
    assert editor.page("/weights/new?framework=credit-risk").title


def test_a_faulty_draft_sends_to_the_editor(editor: Editor) -> None:
    address = begin(editor)
    editor.type(address, "weights:", "weight:")
    assert "改好以后才能用表单" in editor.page(address).words


def test_a_faulty_weight_is_shown_as_typed_and_mended_by_the_form(editor: Editor) -> None:
    address = begin(editor)
    node = "customer-insight"
    editor.post(address, filled(editor, address, **{node: "7"}))
    editor.type(address, f"{node}: 7", f"{node}: many")
    shown = editor.visitor.get(address).text
    assert "文件里有 1 处错误" in shown
    field = shown[shown.index(f'id="w-{node}"') :][:300]
    assert 'value="many"' in field
    assert 'aria-invalid="true"' in field
    assert editor.post(address, filled(editor, address)).status_code == 422
    assert editor.post(address, filled(editor, address, **{node: "1"})).status_code == 302
    assert f"{node}: 1" in editor.text(address)
    assert "many" not in editor.text(address)
