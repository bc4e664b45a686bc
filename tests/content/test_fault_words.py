"""Faults in Chinese: every code has a sentence with the same parts and a hint; no English is left in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.lint import lint as command
from app.content.fault_words import hint, line, sentence
from app.content.fault_words.chinese import CHINESE
from app.content.fault_words.hints import HINTS
from app.content.fault_words.phrases import in_chinese
from app.content.faults import SENTENCES
from app.content.json_schema import json_schema
from app.content.key_words import CHINESE as KEY_WORDS
from app.content.key_words import EDITED, worded_schema
from app.content.lint import lint
from app.core.errors import Fault
from tests.content.writing import CHECKOUT

PART = re.compile(r"\{(\w+)\}")
ROW = re.compile(r"^\| ([EW]\d{3}) \| .+? \| .+? \| (.+?) \|$", re.MULTILINE)
ENGLISH = re.compile(r"(?<![\w./:@<\"“`-])(must|not|the|this|while|expected|found|text|number|list)(?![\w./:-])")

FAULTY = """\
format: 2
kind: case
id: Tiny Thing
version: 1.10
name: 2003
summary: [a]
tiers: []
scale: {min: "0", max: 5, step: 0.7, levels: [{value: 0, name: {zh: ""}}]}
rollup: {method: mean, coverage: {publish: 1.2, provisional: -1}}
agreement: {minimum_roles: 2.5}
capabilities:
  - id: no
    nam: x
    weight: -1
"""


def test_every_code_has_a_chinese_sentence_with_the_same_parts() -> None:
    assert list(CHINESE) == list(SENTENCES)
    unlike = [code for code in SENTENCES if set(PART.findall(CHINESE[code])) != set(PART.findall(SENTENCES[code]))]
    assert unlike == []


def test_every_code_has_a_hint_in_both_languages_the_english_as_in_the_document() -> None:
    document = (CHECKOUT / "docs" / "fault-codes.md").read_text("utf-8")
    assert {code: text.en for code, text in HINTS.items()} == dict(ROW.findall(document))
    assert [code for code, text in HINTS.items() if not text.zh] == []


def test_no_english_words_are_left_in_a_chinese_sentence(tmp_path: Path) -> None:
    (tmp_path / "framework.yaml").write_text(FAULTY, "utf-8")
    found = lint([tmp_path], root=CHECKOUT).faults
    assert len(found) > 15
    assert [words for fault in found if ENGLISH.search(words := sentence(fault, "zh"))] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1\n", "方括号列表（第 1 行开始）：这里缺逗号或 ]"),
        ("a: {b: 1\n", "花括号里的内容（第 1 行开始）：这里缺逗号或 }"),
        ("a: b: c\n", "这里不能再有“键: 值”"),
        ("a: @x\n", "这里不能以这个字符开头"),
        ("a: 'x\n", "带引号的文字（第 1 行开始）：到文件末尾还没有结束"),
        ("a:\n  b: 1\n c: 2\n", "这一组“键: 值”（第 1 行开始）：这里应是一个键"),
    ],
)
def test_what_the_parser_says_is_said_in_chinese(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "framework.yaml").write_text(text, "utf-8")
    first = next(fault for fault in lint([tmp_path], root=CHECKOUT).faults if fault.code == "E101")
    assert said in sentence(first, "zh")


@pytest.mark.parametrize(
    ("words", "chinese"),
    [
        ("at least 1", "至少 1 项"),
        ("1 to 6", " 1 到 6 项"),
        ("from 0 to 1", "在 0 到 1 之间"),
        ("one of a, b", "其中之一：a, b"),
        ('the text "on"', "文字“on”"),
        ("a, b and 3 more", "a, b 等，另有 3 个"),
        ("customer-data", "customer-data"),
    ],
)
def test_parts_of_sentences_are_translated_and_ids_are_left(words: str, chinese: str) -> None:
    assert in_chinese(words) == chinese


def test_what_somebody_wrote_is_never_taken_for_our_words() -> None:
    fault = Fault("E204", "…", values=(("value", "nothing"), ("allowed", "low, high")))
    assert sentence(fault, "zh") == "nothing 不在可选的 low, high 之中"


def test_a_fault_that_is_not_of_content_stays_as_it_is() -> None:
    fault = Fault("settings", "the port must be a number", file="config.yaml", line=3)
    assert sentence(fault, "zh") == fault.message
    assert hint("settings", "zh") == ""
    assert line(fault, "en") == str(fault)
    assert line(fault, "zh") == "config.yaml:3: 错误 settings：the port must be a number"


def test_the_command_speaks_chinese_when_asked(tmp_path: Path) -> None:
    (tmp_path / "framework.yaml").write_text(FAULTY, "utf-8")
    said = CliRunner().invoke(command, [str(tmp_path), "--root", str(CHECKOUT), "--locale", "zh"])
    assert said.exit_code == 1
    assert "错误 E217：这里的 kind 应是 framework，不能是 case [kind]" in said.output
    assert "怎样改：" in said.output


def test_every_key_that_the_editor_explains_is_explained_in_chinese() -> None:
    written = {words for kind in EDITED for words in _descriptions(json_schema(kind))}
    assert written == set(KEY_WORDS)
    assert [words for kind in EDITED for words in _descriptions(worded_schema(kind, "zh")) if words in written] == []
    assert worded_schema("framework", "en") == json_schema("framework")


def _descriptions(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["description"]] if isinstance(part.get("description"), str) else []
        return own + [words for value in part.values() for words in _descriptions(value)]
    return [words for one in part for words in _descriptions(one)] if isinstance(part, list) else []
