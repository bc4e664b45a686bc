"""Places and ranks: nearer than half a step is a tie, withheld and open have no place."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.core.compare import Row, places, ranking
from app.core.scoring import Status

QUARTER = Fraction(1, 4)


def row(values: Sequence[float | None], statuses: Sequence[Status] | None = None) -> Row:
    exact = tuple(None if value is None else Fraction(str(value)) for value in values)
    known = tuple(statuses or (Status.PUBLISHED,) * len(values))
    return Row(None, None, exact, None, None, 0, None, known)


def test_units_half_a_step_apart_stand_in_order() -> None:
    assert places(row([2, 2.25, 1.75]), QUARTER) == ((2, 2), (1, 1), (3, 3))


def test_units_nearer_than_that_share_their_places() -> None:
    assert places(row([2, 2.24, 1]), QUARTER) == ((1, 2), (1, 2), (3, 3))


def test_being_tied_is_not_passed_on() -> None:
    assert places(row([2.0, 2.2, 2.4]), QUARTER) == ((2, 3), (1, 3), (1, 2))


def test_withheld_and_open_units_have_no_place_and_take_none_from_others() -> None:
    found = row([3, 2, None], [Status.INSUFFICIENT, Status.PROVISIONAL, Status.OPEN])
    assert places(found, QUARTER) == (None, (1, 1), None)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=7))
def test_the_rank_is_the_middle_of_the_places(tenths: list[int]) -> None:
    found = row([tenth / 10 for tenth in tenths])
    pairs = zip(ranking(found, QUARTER), places(found, QUARTER), strict=True)
    assert all(place is not None and rank == Fraction(sum(place), 2) for rank, place in pairs)
    assert sum(rank for rank in ranking(found, QUARTER) if rank is not None) == sum(range(1, len(tenths) + 1))
