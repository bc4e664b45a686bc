"""What of an agreed score is part of the result."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.core.case import AgreedScore, State


@pytest.mark.parametrize("state", State)
def test_a_note_explains_what_the_source_lacks_and_otherwise_belongs_to_the_work(state: State) -> None:
    noted = AgreedScore(state, Fraction(2) if state.has_score else None, note="书上这一格破了")
    explains = state in (State.INFERRED, State.ILLEGIBLE)
    assert noted.explanation == (("书上这一格破了",) if explains else ())
    assert replace(noted, reason="取邻格").explanation == ("取邻格", *noted.explanation)
