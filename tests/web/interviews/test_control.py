"""Scales become radios and keys: halves as everybody knows them, other scales by the same rules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.scale import Level, Scale
from app.core.text import Text
from app.web.interviews.control import (
    MOST_RADIOS,
    key_badges,
    key_list,
    key_plan,
    level_lines,
    score_control,
    sentences,
    short,
)

if TYPE_CHECKING:
    from app.content.library import Library


def scale(low: str, high: str, step: str) -> Scale:
    ends = (Level(Fraction(low), Text("低", "Low")), Level(Fraction(high), Text("高", "High")))
    return Scale(Fraction(low), Fraction(high), Fraction(step), ends)


HALVES = scale("0", "5", "0.5")
QUARTERS = scale("1", "7", "0.25")
WHOLES = scale("1", "5", "1")
TENTHS = scale("0", "10", "0.1")
FIVES = scale("0", "100", "5")


def test_halves_are_eleven_radios() -> None:
    control = score_control(HALVES)
    assert [point.label for point in control.points] == [short(value, HALVES) for value in HALVES.grid]
    assert [point.value for point in control.points][:2] == ["0.0", "0.5"]
    assert control.fine == ()
    assert control.chosen("3.5") == ("3.5", "")
    assert control.chosen("not-applicable") == control.chosen("") == ("", "")


def test_many_points_are_whole_levels_and_a_row_of_fractions() -> None:
    control = score_control(QUARTERS)
    assert [point.label for point in control.points] == ["1", "2", "3", "4", "5", "6", "7"]
    assert control.fine == ("0.00", "0.25", "0.50", "0.75")
    assert control.chosen("6.75") == ("6.00", "0.75")
    assert control.chosen("7.00") == ("7.00", "0.00")


@pytest.mark.parametrize("any_scale", [HALVES, QUARTERS, WHOLES, TENTHS, FIVES, scale("0", "1000", "1")])
def test_every_point_of_every_scale_can_be_chosen(any_scale: Scale) -> None:
    control = score_control(any_scale)
    assert len(control.points) <= MOST_RADIOS
    offsets = [Fraction(offset) for offset in control.fine] or [Fraction(0)]
    reached = {point.number + offset for point in control.points for offset in offsets}
    assert set(any_scale.grid) <= reached
    for value in any_scale.grid:
        point, offset = control.chosen(str(float(value)))
        assert Fraction(point) + Fraction(offset or 0) == value


def test_digits_choose_whole_levels_and_the_free_ones_the_rest() -> None:
    plan = key_plan(HALVES)
    assert plan["digits"] == {"0": "0.0", "1": "1.0", "2": "2.0", "3": "3.0", "4": "4.0", "5": "5.0"}
    assert plan["confidence"] == {"6": "low", "7": "medium", "8": "high"}
    assert plan["note"] == "9"
    assert key_badges(HALVES)["confidence"]["high"] == "8"


def test_scales_that_need_the_high_digits_leave_confidence_to_alt() -> None:
    plan = key_plan(QUARTERS)
    assert plan["digits"]["7"] == "7.00"
    assert plan["confidence"] == {"Alt+1": "low", "Alt+2": "medium", "Alt+3": "high"}
    assert plan["note"] == "Alt+4"


def test_scales_beyond_nine_have_no_digits() -> None:
    assert key_plan(TENTHS)["digits"] == {}
    assert (("-", "="), "减一档、加一档") in key_list(TENTHS)


def test_a_scale_of_wholes_has_no_key_for_fractions() -> None:
    assert not any(keys == (".",) for keys, _ in key_list(WHOLES))
    assert any(keys == (".",) for keys, _ in key_list(HALVES))


def test_points_are_written_as_short_as_they_can_be_read() -> None:
    assert short(Fraction(3), HALVES) == "3"
    assert short(Fraction(7, 2), HALVES) == "3.5"
    assert short(Fraction(13, 4), QUARTERS) == "3.25"


def test_a_named_level_reads_as_its_text_and_a_half_as_its_neighbours(library: Library) -> None:
    framework = library.framework("telecom-crm")
    element = framework.node("customer-data-strategy")
    words = sentences(framework, element, "zh")
    assert len(words) == 11 + 2
    assert words["unknown"].startswith("不清楚：")
    assert words["3.0"].startswith("规范：有成文的客户数据规划")
    assert words["3.5"] == "3 级“规范”全部做到；4 级“精细”做到了一部分：哪些部分？"
    assert sentences(framework, element, "en")["0.5"].startswith("Meets all of level 0 (Absent) and part of level 1")


def test_a_scale_with_named_ends_alone_reads_as_between(library: Library) -> None:
    framework = replace(library.framework("telecom-crm"), scale=QUARTERS)
    element = replace(framework.node("customer-data-strategy"), levels={})
    words = sentences(framework, element, "en")
    assert words["1.00"] == "Low"
    assert words["4.25"].startswith("Between level 1 (Low) and level 7 (High)")


def test_a_level_text_between_named_levels_stands_in_its_place(library: Library) -> None:
    framework = library.framework("telecom-crm")
    element = framework.node("customer-data-strategy")
    levels = {**element.levels, Fraction(5, 2): Text("正好一半")}
    lines = level_lines(framework, replace(element, levels=levels))
    assert [line.value for line in lines] == [0, 1, 2, Fraction(5, 2), 3, 4, 5]
    assert sentences(framework, replace(element, levels=levels), "zh")["2.5"] == "正好一半"
