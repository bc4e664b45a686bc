"""Where marks stand: on their score, one symbol per role, never one upon another, on any scale."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.agreement import Voice, agreement
from app.core.case import State
from app.core.framework import AgreementRule
from app.core.scale import Level, Scale
from app.core.text import Text
from app.web.agreeing.strip import PAGE, ROW, Format, Said, Strip, draw, role_symbols
from tests.unit.core.trees import HALVES, QUARTERS, number

RULE = AgreementRule(number("1.5"), number("0.7"), number(1), 2)
ROLES = [f"role-{n}" for n in range(28)]


def scale(low: int, high: int, step: str) -> Scale:
    ends = (Level(Fraction(low), Text("低")), Level(Fraction(high), Text("高")))
    return Scale(Fraction(low), Fraction(high), number(step), ends)


SCALES = [HALVES, QUARTERS, scale(0, 10, "1"), scale(0, 10, "0.5"), scale(0, 100, "1"), scale(-2, 2, "1")]


def strip(scores: list[Fraction], on: Scale, form: Format, agreed: Fraction | None = None) -> Strip:
    said = [Said(ROLES[n % 28], Text(ROLES[n % 28]), score) for n, score in enumerate(scores)]
    found = agreement([Voice(one.role, State.SCORED, one.score) for one in said], scale=on, rule=RULE)
    return draw(said, found, scale=on, symbols=role_symbols(ROLES, form), form=form, agreed=agreed)


def test_every_role_has_a_shape_and_colour_of_its_own() -> None:
    symbols = role_symbols(ROLES, PAGE)
    assert len({(one.style.marker, one.style.colour) for one in symbols.values()}) == len(ROLES)


@pytest.mark.parametrize("form", [ROW, PAGE])
@pytest.mark.parametrize("on", SCALES)
def test_nobody_and_the_ends_of_the_scale_stay_inside(on: Scale, form: Format) -> None:
    assert strip([], on, form).marks == ()
    drawn = strip([on.minimum, on.maximum], on, form, agreed=on.maximum)
    assert [mark.x for mark in drawn.marks] == [drawn.left, drawn.right]
    assert all(0 < mark.y < drawn.axis < drawn.height for mark in drawn.marks)
    assert drawn.agreed is not None
    assert drawn.agreed.x == drawn.right


@given(st.sampled_from([HALVES, QUARTERS]), st.data())
def test_no_mark_stands_upon_another(on: Scale, data: st.DataObject) -> None:
    scores = data.draw(st.lists(st.sampled_from(on.grid), max_size=24))
    marks = strip(scores, on, PAGE).marks
    assert len(marks) == len(scores)
    assert all((one.x, one.y) != (other.x, other.y) for one, other in combinations(marks, 2))


def test_equal_scores_stand_above_each_other_on_their_score() -> None:
    marks = strip([number(2)] * 6, HALVES, PAGE).marks
    assert len({mark.x for mark in marks}) == 1
    assert len({mark.y for mark in marks}) == 6


def test_twenty_equals_keep_a_row_readable() -> None:
    drawn = strip([number(2)] * 20, HALVES, ROW)
    assert drawn.height < 80
    assert all(mark.y > 0 for mark in drawn.marks)


def test_a_median_between_two_points_stands_between_them() -> None:
    drawn = strip([number(2), number("2.5")], HALVES, PAGE)
    assert drawn.median is not None
    assert drawn.median.score == "2.25"
    assert drawn.median.x == pytest.approx(sum(mark.x for mark in drawn.marks) / 2)
