"""Texts found where they stand, and one language of one of them set: every other byte stays."""

from __future__ import annotations

import pytest

from app.content.editing.refusals import EditRefused
from app.content.editing.spans import Unreadable
from app.content.editing.texts import set_text, written_texts
from app.content.layering import ContentKind
from app.content.library import Library
from app.core.text import Text
from app.core.translations import passages_of
from app.settings import CHECKOUT

FRAMEWORK, QUESTIONNAIRE, WEIGHTS = ContentKind.FRAMEWORK, ContentKind.QUESTIONNAIRE, ContentKind.WEIGHTS
HEAD = "format: 1\nkind: framework\nid: tiny\nversion: 1.0.0\nname: 小框架   # a name\n"


def framework_files(framework_id: str) -> dict[str, str]:
    folder = CHECKOUT / "frameworks" / framework_id
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.yaml")}


def test_every_text_of_the_shipped_frameworks_is_found_in_their_files(library: Library) -> None:
    for framework_id in library.framework_ids():
        found = [one.passage for one in written_texts(FRAMEWORK, framework_files(framework_id))]
        assert found == passages_of(library.framework(framework_id)), framework_id


def test_every_text_of_the_shipped_questionnaires_is_found_in_their_files(library: Library) -> None:
    for one in library.questionnaires():
        text = (CHECKOUT / "questionnaires" / f"{one.id}.yaml").read_text("utf-8")
        assert [found.passage for found in written_texts(QUESTIONNAIRE, {"q.yaml": text})] == passages_of(one), one.id


def set_name(text: str, words: str, locale: str = "en") -> str:
    files = {"framework.yaml": text}
    return set_text(FRAMEWORK, files, "framework/name", locale, words)["framework.yaml"]  # type: ignore[arg-type]


def test_a_plain_text_becomes_one_of_two_languages() -> None:
    assert set_name(HEAD, "Tiny: one") == HEAD.replace("小框架", '{zh: 小框架, en: "Tiny: one"}')


def test_english_is_added_changed_and_taken_away_in_either_style() -> None:
    flow, block = HEAD.replace("小框架", "{zh: 小框架}"), HEAD.replace("小框架 ", "\n  zh: 小框架 ")
    assert set_name(flow, "Tiny") == flow.replace("}", ", en: Tiny}")
    assert set_name(set_name(flow, "Tiny"), "") == flow
    added = set_name(block, "Tiny")
    assert "\n  en: Tiny\n" in added
    assert set_name(added, "") == block
    quoted = HEAD.replace("小框架", "{zh: 小框架, en: 'It''s tiny'}")
    assert set_name(quoted, "It's small") == quoted.replace("s tiny", "s small")


def test_chinese_may_be_changed_but_not_taken_away() -> None:
    assert "name: {zh: 新}" in set_name(HEAD, "新", "zh")
    with pytest.raises(EditRefused) as refused:
        set_name(HEAD, " ", "zh")
    assert refused.value.code == "chinese-needed"


def test_only_the_file_that_holds_the_text_changes_and_only_there(library: Library) -> None:
    files = framework_files("credit-risk")
    changed = set_text(FRAMEWORK, files, "capability/completeness/name", "en", "Whole")
    assert [name for name in files if changed[name] != files[name]] == ["framework.yaml"]
    for passage in passages_of(library.framework("credit-risk"))[::17]:
        now = set_text(FRAMEWORK, files, passage.place, "en", f"{passage.text.en} #'\"")
        again = {one.passage.place: one.passage.text for one in written_texts(FRAMEWORK, now)}
        assert again[passage.place] == Text(passage.text.zh, f"{passage.text.en} #'\"")
        assert set_text(FRAMEWORK, now, passage.place, "en", passage.text.en or "").keys() == files.keys()
        lines = [(a, b) for name in files for a, b in zip(files[name].split("\n"), now[name].split("\n"), strict=True)]
        assert sum(a != b for a, b in lines) == 1


def test_faulty_content_is_read_as_far_as_its_yaml_goes() -> None:
    text = (
        HEAD + "colour: red\ncapabilities:\n  - {id: a, name: {zh: 甲}, weight: heavy}\n  - nonsense\n  - {name: 无}\n"
    )
    assert [one.passage.place for one in written_texts(FRAMEWORK, {"framework.yaml": text})] == [
        "framework/name",
        "capability/a/name",
    ]
    with pytest.raises(Unreadable):
        written_texts(FRAMEWORK, {"framework.yaml": HEAD + "a: [\n"})
    assert written_texts(FRAMEWORK, {"other.yaml": "x"}) == []


def test_a_file_that_names_itself_ends() -> None:
    files = {"framework.yaml": HEAD + "capabilities: a.yaml\n", "a.yaml": "- {id: a, name: 甲, children: a.yaml}\n"}
    assert [one.passage.place for one in written_texts(FRAMEWORK, files)] == ["framework/name", "capability/a/name"]


def test_a_place_that_is_gone_is_refused() -> None:
    with pytest.raises(EditRefused) as refused:
        set_text(WEIGHTS, {"w.yaml": "name: 名\n"}, "capability/a/name", "en", "A")
    assert refused.value.code == "no-such-text"
    assert set_text(WEIGHTS, {"w.yaml": "name: 名\n"}, "profile/name", "en", "Own") == {
        "w.yaml": "name: {zh: 名, en: Own}\n"
    }
