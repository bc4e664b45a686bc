"""Translating on the web: filters, English saved one by one, with and without script, checked pairs."""

from __future__ import annotations

import re

from tests.web.conftest import Visitor
from tests.web.words.conftest import Editor, draft_of, hidden

GUIDE = "credit-risk-interview"
JSON = {"Accept": "application/json"}


def begin(editor: Editor) -> str:
    address = editor.begin("/drafts/questionnaire", GUIDE)
    editor.type(address, "name: {zh: ", "name: {zh: 新")
    return f"/drafts/{draft_of(address)}/translation"


def values(editor: Editor, address: str, english: str) -> dict[str, str]:
    page = editor.page(address)
    return {"place": hidden(page, "place"), "seen": hidden(page, "seen"), "english": english}


def test_everybody_may_read_a_version_and_see_how_far_its_english_is(reader: Visitor) -> None:
    page = reader.page("/content/framework/credit-risk/translation")
    assert "147 段已有英文，0 段缺英文" in page.words
    assert "textarea" not in page.text
    assert "没有这样的文字" in reader.page("/content/framework/credit-risk/translation?show=todo").words
    assert 'aria-current="page"' in reader.page("/content/framework/telecom-crm/translation?page=2").text
    for wrong in ("/content/nothing/x/translation", "/content/framework/x/translation"):
        assert reader.get(wrong).status_code == 404
    assert reader.get("/content/framework/credit-risk/translation?version=9.0.0").status_code == 404
    assert reader.get("/drafts/1/translation").status_code == 403


def test_what_needs_work_comes_first_and_is_saved_without_script(editor: Editor) -> None:
    address = begin(editor)
    page = editor.page(address)
    assert "1 段英文过时" in page.words
    assert page.text.count("<textarea") == 1
    answer = editor.post(address, values(editor, address, "A new English name"))
    assert answer.status_code == 302
    assert "#t-questionnaire-name" in answer.location
    assert "en: A new English name" in editor.text(address)
    assert "0 段英文过时" in editor.page(address).words


def test_a_script_saves_and_is_told_how_the_text_stands(editor: Editor) -> None:
    address = begin(editor)
    answer = editor.post(address, values(editor, address, ""), headers=JSON)
    assert answer.json is not None
    assert (answer.status_code, answer.json["standing"]) == (200, "missing")
    again = editor.post(address, values(editor, address, "Back") | {"seen": answer.json["seen"]}, headers=JSON)
    assert again.json is not None
    assert (again.json["standing"], again.json["en"]) == ("fresh", "Back")
    assert "0 段缺英文" in again.json["progress"]


def test_words_that_changed_meanwhile_are_shown_with_what_was_typed(editor: Editor) -> None:
    address = begin(editor)
    mine = values(editor, address, "Mine")
    editor.type(address, "name: {zh: 新", "name: {zh: 更新")
    told = editor.post(address, mine, headers=JSON)
    assert told.json is not None
    assert (told.status_code, told.json["refused"]) == (409, "Mine")
    assert told.json["zh"].startswith("更新")
    page = editor.post(address, mine)
    assert page.status_code == 409
    assert "Mine</textarea>" in page.text
    assert "刚才被改过" in page.text


def test_english_that_still_fits_is_marked_as_checked(editor: Editor) -> None:
    address = begin(editor)
    answer = editor.post(f"{address}/checked", values(editor, address, ""))
    assert answer.status_code == 302
    assert "0 段英文过时" in editor.page(address).words
    page = editor.page("/content/framework/credit-risk/translation?show=all")
    assert "已发布的版本不能改" in page.words


def test_a_draft_that_cannot_be_read_says_where(editor: Editor) -> None:
    address = begin(editor)
    known = values(editor, address, "x")
    editor.type(address, "items:", "items: [")
    assert "读不下去" in editor.page(address).words
    assert "读不下去" in editor.post(address, known, follow_redirects=True).text


def test_a_version_is_checked_by_editors_only(editor: Editor, reader: Visitor) -> None:
    address = "/content/framework/credit-risk/translation"
    page = editor.page(address)
    assert "打开草稿" in page.words
    assert reader.post(f"{address}/checked", {"version": "1.0.0"}).status_code == 403
    assert editor.post(f"{address}/checked", {"version": "9.0.0"}).status_code == 404
    assert editor.post(f"{address}/checked", {"version": "1.0.0", "place": "none"}).status_code == 400


def test_lists_say_how_far_the_english_is_and_lead_there(editor: Editor, reader: Visitor) -> None:
    for path in ("/frameworks", "/questionnaires"):
        assert "齐全" in reader.page(path).words
    address = editor.begin("/drafts/questionnaire", "telecom-crm-self-assessment")
    number = draft_of(address)
    assert "缺" not in editor.page("/drafts").words.split("我的草稿")[1].split("开始修订")[0]
    text = editor.text(address)
    english = re.search(r", en: [^}]+", text)
    assert english is not None
    editor.type(address, english[0], "")
    page = editor.visitor.get("/drafts").text
    assert f'href="/drafts/{number}/translation"' in page
    assert "缺 1 段" in page
