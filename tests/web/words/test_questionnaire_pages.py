"""Questionnaires on the web: read, rules tried out, items, questions and roles by forms."""

from __future__ import annotations

import re

from tests.web.conftest import Visitor
from tests.web.words.conftest import Editor, draft_of

SELF = "telecom-crm-self-assessment"
RULES = f"/questionnaires/{SELF}/1.1.0/rules"


def begin(editor: Editor, key: str = SELF) -> str:
    return editor.begin("/drafts/questionnaire", key)


def test_readers_see_questionnaires_but_no_way_to_change_them(reader: Visitor) -> None:
    assert "客户关系管理自评问卷" in reader.page("/questionnaires").words
    page = reader.page(f"/questionnaires/{SELF}/1.1.0")
    assert "并非（“联盟有效性”正好 0 分）" in page.words
    assert "修改" not in page.words
    assert reader.get("/questionnaires/new").status_code == 403
    assert reader.get(f"/questionnaires/{SELF}/9.9.9").status_code == 404


def test_rules_are_tried_out_with_every_operand(reader: Visitor) -> None:
    asked = reader.page(RULES).words
    assert "50 题里问 50 题" in asked
    assert "还没有得分" in asked
    answered = reader.page(f"{RULES}?a-alliance-effectiveness=0").words
    assert "50 题里问 49 题" in answered
    assert "这次访谈答了 0 分" in answered
    assert "共识分是 0 分" in reader.page(f"{RULES}?g-alliance-effectiveness=0").words
    both = reader.page(f"{RULES}?a-alliance-effectiveness=2&g-alliance-effectiveness=0").words
    assert "50 题里问 50 题" in both
    role = reader.page(f"{RULES}?role=finance&a-alliance-effectiveness=junk").words
    assert "这个角色的题都没有规则" in role
    assert "每一题都会问" in reader.page("/questionnaires/credit-risk-interview/1.0.0/rules").words


def test_an_item_is_changed_by_its_form(editor: Editor) -> None:
    address = begin(editor)
    form = f"{address}/items/information-sharing"
    values = {
        "base_version": editor.version(address),
        "prompts-0-zh": "谁能看到什么？",
        "prompts-0-en": "Who sees what?",
        "evidence-0-id": "list",
        "evidence-0-zh": "权限清单",
        "operator": "any",
        "rule-0-element": "roles-governance",
        "rule-0-relation": "gte",
        "rule-0-number": "２",
        "rule-1-element": "customer-data-strategy",
        "rule-1-relation": "scored",
        "rule-1-negated": "1",
    }
    assert editor.post(form, values).status_code == 302
    text = editor.text(address)
    assert "- {zh: 谁能看到什么？, en: Who sees what?}" in text
    assert "- {id: list, zh: 权限清单}" in text
    assert (
        "when: {any: [{answer: roles-governance, gte: 2}, {not: {answer: customer-data-strategy, scored: true}}]}"
        in text
    )
    shown = editor.page(form)
    assert "谁能看到什么？" in shown.text
    tried = editor.page(f"{address}/rules?a-roles-governance=3").words
    assert "角色" in tried
    assert "以下至少一条成立" in tried


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(editor: Editor) -> None:
    address = begin(editor)
    values = {
        "base_version": editor.version(address),
        "prompts-0-en": "Only English",
        "evidence-0-id": "Bad Id",
        "evidence-0-zh": "表",
        "operator": "all",
        "rule-0-element": "roles-governance",
        "rule-0-relation": "gte",
        "rule-0-number": "many",
    }
    before = editor.text(address)
    answer = editor.post(f"{address}/items/information-sharing", values)
    assert answer.status_code == 422
    for field in ("prompts-0-zh", "evidence-0-id", "rule-0-number"):
        assert f'href="#{field}"' in answer.text
    assert "Only English" in answer.text
    assert editor.text(address) == before


def test_a_form_that_was_overtaken_is_shown_again_and_saves_when_sent_again(editor: Editor) -> None:
    address = begin(editor)
    old = editor.version(address)
    editor.type(address, "客户关系管理自评问卷", "客户关系自评")
    values = {"base_version": old, "prompts-0-zh": "我写的", "operator": "all"}
    answer = editor.post(f"{address}/items/information-sharing", values)
    assert answer.status_code == 409
    assert "我写的" in answer.text
    again = {**values, "base_version": editor.version(address)}
    assert editor.post(f"{address}/items/information-sharing", again).status_code == 302
    assert "客户关系自评" in editor.text(address)
    assert "我写的" in editor.text(address)


def test_a_scored_question_comes_changes_and_goes(editor: Editor) -> None:
    address = begin(editor)
    questions = f"{address}/items/information-sharing/questions"
    values = {
        "id": "shared",
        "type": "choice",
        "text-zh": "共享吗？",
        "option-0-id": "none",
        "option-0-zh": "没有",
        "option-0-value": "0",
        "option-1-id": "all",
        "option-1-zh": "全部",
        "option-1-value": "",
    }
    refused = editor.post(f"{questions}/new", {**values, "base_version": editor.version(address)})
    assert refused.status_code == 422
    assert 'href="#option-1-value"' in refused.text
    values["option-1-value"] = "5"
    assert editor.post(f"{questions}/new", {**values, "base_version": editor.version(address)}).status_code == 302
    assert "{id: all, value: 5, text: {zh: 全部}}" in editor.text(address)
    assert "共享吗？" in editor.page(f"{questions}/shared").text
    number = {
        "type": "number",
        "text-zh": "几个？",
        "unit": "个",
        "band-0-upto": "10",
        "band-0-value": "1",
        "band-1-value": "5",
        "base_version": editor.version(address),
    }
    assert editor.post(f"{questions}/shared", number).status_code == 302
    assert "{upto: 10, value: 1}" in editor.text(address)
    gone = {"remove": "1", "base_version": editor.version(address)}
    assert editor.post(f"{questions}/shared", gone).status_code == 302
    assert "shared" not in editor.text(address)
    assert editor.visitor.get(f"{questions}/shared").status_code == 404


def test_roles_are_ticked_added_and_taken_out(editor: Editor) -> None:
    address = begin(editor)
    shown = editor.page(f"{address}/roles")
    assert "总部市场部" in shown.words
    ticked: dict[str, list[str]] = {"roles-information-sharing": ["billing"]}
    page = editor.visitor.get(f"{address}/roles").text
    for name, role in re.findall(r'name="(roles-[a-z-]+)" value="([a-z0-9-]+)" checked', page):
        if name != "roles-information-sharing":
            ticked.setdefault(name, []).append(role)
    before = editor.text(address)
    assert editor.post(f"{address}/roles", {**ticked, "base_version": editor.version(address)}).status_code == 302
    changed = [line for line in editor.text(address).splitlines() if line not in before.splitlines()]
    assert changed == ["    roles: [billing]"]
    new = {"id": "new-role", "name-zh": "新角色", "weight": "2", "base_version": editor.version(address)}
    assert editor.post(f"{address}/role", new).status_code == 302
    assert "id: new-role" in editor.text(address)
    assert "weight: 2}" in editor.text(address)
    gone = {"id": "billing", "remove": "1", "base_version": editor.version(address)}
    assert "只问这个角色" in editor.post(f"{address}/role", gone, follow_redirects=True).text
    gone["id"] = "new-role"
    assert "已存进草稿" in editor.post(f"{address}/role", gone, follow_redirects=True).text
    faulty = {"id": "", "name-zh": "", "base_version": editor.version(address)}
    assert "请填写中文" in editor.post(f"{address}/role", faulty, follow_redirects=True).text


def test_elements_are_left_out_and_asked_again(editor: Editor) -> None:
    address = begin(editor)
    base = {"base_version": editor.version(address)}
    assert editor.post(f"{address}/items/information-sharing/omit", base).status_code == 302
    assert "1 个不问" in editor.page(address).words
    again = {"base_version": editor.version(address)}
    assert editor.post(f"{address}/items/information-sharing/ask", again).status_code == 302
    assert "0 个不问" in editor.page(address).words


def test_a_faulty_draft_names_its_faults_and_sends_to_the_editor(editor: Editor) -> None:
    address = begin(editor)
    editor.type(address, "items:", "colour: red\nitems:")
    assert "E201" in editor.page(address).words
    assert "改好" in editor.page(f"{address}/items/information-sharing").words
    editor.type(address, "items:", "items: [")
    assert "读不下去" in editor.page(address).words


def test_a_faulty_item_is_mended_in_the_editor_and_the_others_by_form(editor: Editor) -> None:
    address = begin(editor)
    editor.type(address, "- element: information-sharing", "- element: information-sharing\n    promts: [x]")
    page = editor.page(address)
    assert "有错误的 1 题在编辑器里改" in page.words
    assert f'href="/drafts/{draft_of(address)}/edit?file=' in editor.visitor.get(address).text
    assert editor.visitor.get(f"{address}/items/information-sharing").status_code == 302
    sound = "customer-segmentation"
    item = editor.page(f"{address}/items/{sound}")
    assert item.title
    before = editor.text(address)
    answer = editor.post(
        f"{address}/items/{sound}", {"base_version": str(editor.version(address)), "prompts-0-zh": "怎么分的？"}
    )
    assert answer.status_code == 302
    after = editor.text(address)
    assert "怎么分的？" in after
    assert "promts: [x]" in after
    assert before != after


def test_a_new_questionnaire_is_begun(editor: Editor) -> None:
    values = {"framework": "credit-risk", "mode": "interview", "key": "risk-two", "name_zh": "风险二"}
    answer = editor.post("/questionnaires/new", values)
    assert answer.status_code == 302
    assert "0 个还没有安排，0 个不问" in editor.page(answer.location).words
    assert editor.post("/questionnaires/new", {**values, "key": "Bad"}).status_code == 422
    assert editor.post("/questionnaires/new", {**values, "key": "credit-risk-interview"}).status_code == 422
    assert editor.page("/questionnaires/new").title
