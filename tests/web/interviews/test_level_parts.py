"""The parts of the next level: divided without inventing anything, ticked in the note and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.text import Locale, Text
from app.web.interviews.level_parts import LevelParts, divided, level_parts, noted, ticked

if TYPE_CHECKING:
    from app.content.library import Library

ELEMENT = "customer-data-strategy"


@pytest.mark.parametrize(
    ("wording", "language", "parts"),
    [
        ("有规划和标准，口径基本一致，关键字段有责任人。", "zh", ("有规划和标准", "口径基本一致", "关键字段有责任人")),
        ("每年修订；按月考核，并与绩效挂钩。", "zh", ("每年修订", "按月考核，并与绩效挂钩")),
        ("有账号和权限，但共用账号常见，没有培训。", "zh", ("有账号和权限，但共用账号常见", "没有培训")),
        ("没有人考虑过。", "zh", ("没有人考虑过",)),
        ("A plan exists; keys have owners.", "en", ("A plan exists", "keys have owners")),
        ("One. Two? Three", "en", ("One", "Two", "Three")),
        ("Loaded daily, monitored, at version 2.5 now.", "en", ("Loaded daily, monitored, at version 2.5 now",)),
        ("- 第一项，带逗号\n- 第二项\n", "zh", ("第一项，带逗号", "第二项")),
        ("1. First; still first\n2. Second", "en", ("First; still first", "Second")),
        ("", "zh", ()),
    ],
)
def test_wording_is_divided_where_its_sentences_end(wording: str, language: Locale, parts: tuple[str, ...]) -> None:
    assert divided(wording, language) == parts


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_level_text_of_the_product_is_said_in_full_and_nothing_is_added(library: Library, locale: Locale) -> None:
    marks = dict.fromkeys(map(ord, "，。；！？,.;!? \n"))
    for framework in map(library.framework, library.framework_ids()):
        for element in framework.leaves:
            for wording in element.levels.values():
                words = wording.in_locale(locale)
                parts = divided(words, locale)
                assert "".join(parts).translate(marks) == words.translate(marks)
                assert all(len(part) >= 4 for part in parts) or len(parts) == 1


def asked(library: Library, locale: Locale, wording: Text | None = None) -> tuple[LevelParts, ...]:
    framework = library.framework("telecom-crm")
    element = framework.node(ELEMENT)
    if wording:
        element = replace(element, levels={**element.levels, Fraction(4): wording})
    return level_parts(framework, element, locale)


def test_every_half_point_asks_about_the_level_above_it(library: Library) -> None:
    levels = asked(library, "zh")
    assert [(one.level, one.scores) for one in levels] == [
        ("1.0", ("0.5",)),
        ("2.0", ("1.5",)),
        ("3.0", ("2.5",)),
        ("4.0", ("3.5",)),
        ("5.0", ("4.5",)),
    ]
    assert [part.words for part in levels[3].parts] == [
        "数据需求随营销重点每年修订",
        "准确率和完整率按月考核并与责任部门绩效挂钩",
    ]


def test_a_tick_is_a_line_of_the_note_and_the_note_is_the_tick(library: Library) -> None:
    levels = asked(library, "zh")
    first, second = levels[3].parts
    note = noted("听到的", levels, before=(), now=(first.key,))
    assert note == "听到的\n4 级已做到：数据需求随营销重点每年修订"
    assert ticked(levels, note) == (first.key,)
    assert noted(note, levels, before=(first.key,), now=(first.key,)) == note
    both = noted(note, levels, before=(first.key,), now=(first.key, second.key))
    assert noted(both, levels, before=ticked(levels, both), now=()) == "听到的"
    assert noted(noted(None, levels, before=(), now=(first.key,)), levels, before=(first.key,), now=()) is None


def test_a_line_that_was_rewritten_by_hand_stays_as_it_was_written(library: Library) -> None:
    levels = asked(library, "zh")
    first = levels[3].parts[0]
    rewritten = f"{first.line}，但只在大客户部"
    assert ticked(levels, rewritten) == ()
    assert noted(rewritten, levels, before=(first.key,), now=()) == rewritten


def test_a_tick_made_in_one_language_is_a_tick_in_the_other(library: Library) -> None:
    zh, en = asked(library, "zh"), asked(library, "en")
    note = noted(None, zh, before=(), now=(zh[3].parts[1].key,))
    assert ticked(en, note) == (en[3].parts[1].key,)
    assert noted(note, en, before=ticked(en, note), now=()) is None


def test_where_the_languages_divide_differently_each_knows_its_own_lines(library: Library) -> None:
    wording = Text("甲部门每月考核，乙部门每年修订", "All of it is reviewed every year")
    zh, en = asked(library, "zh", wording), asked(library, "en", wording)
    note = noted(None, zh, before=(), now=(zh[3].parts[0].key,))
    assert ticked(en, note) == ()
    assert en[3].parts[0].line == "Level 4, partly in place: All of it is reviewed every year"


def test_wording_in_the_other_language_alone_is_offered_in_it(library: Library) -> None:
    (_, _, _, level, _) = asked(library, "en", Text("甲部门每月考核，乙部门每年修订"))
    assert [(part.words, part.language) for part in level.parts] == [("甲部门每月考核", "zh"), ("乙部门每年修订", "zh")]
    assert level.parts[0].line == level.parts[0].also == "4 级已做到：甲部门每月考核"
