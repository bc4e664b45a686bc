"""Three texts of one origin: nothing of either side is lost, and what one side left alone is taken from the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.merging import MOST_LINES, Piece, Side, merge, merged

LINES = st.lists(st.sampled_from(["a", "b", "c", "甲", ""]), max_size=7).map("\n".join)


def _never(_: int, piece: Piece) -> str:
    raise AssertionError(piece)


@given(LINES, LINES, LINES)
def test_the_pieces_hold_each_of_the_three_texts_whole(base: str, mine: str, theirs: str) -> None:
    pieces = merge(base, mine, theirs)
    assert "".join(piece.base for piece in pieces) == base
    assert "".join(piece.mine for piece in pieces) == mine
    assert "".join(piece.theirs for piece in pieces) == theirs


@given(LINES, LINES)
def test_where_one_side_changed_nothing_the_other_one_is_the_result(base: str, changed: str) -> None:
    assert merged(merge(base, base, changed), _never) == changed
    assert merged(merge(base, changed, base), _never) == changed
    assert merged(merge(base, changed, changed), _never) == changed


@given(LINES, LINES, LINES)
def test_choosing_one_side_everywhere_keeps_all_that_it_says_in_conflicts(base: str, mine: str, theirs: str) -> None:
    pieces = merge(base, mine, theirs)
    chosen = merged(pieces, lambda _, piece: piece.theirs)
    assert all(piece.theirs in chosen for piece in pieces if piece.side is Side.CONFLICT)


def test_changes_in_different_lines_are_put_together() -> None:
    pieces = merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n")
    assert merged(pieces, _never) == "A\nb\nc\nD\n"


def test_a_very_long_text_is_one_piece() -> None:
    long = "line\n" * (MOST_LINES + 1)
    (piece,) = merge(long, long + "mine\n", long + "theirs\n")
    assert piece.side is Side.CONFLICT
