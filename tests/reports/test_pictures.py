"""Pages of the specimen and of the executive report look as they did when approved, in black and white too."""

from __future__ import annotations

import pytest

from tests.reports.inking import EXECUTIVE, PAGES, approved, ink, now, printed

MOST_OF_A_CELL = 0.22  # a line that stands half a line lower
MOST_OF_A_PAGE = 0.006
_BY_DAY = [name for name in EXECUTIVE if "empty" not in name]
_BY_NIGHT = [pytest.param(name, marks=pytest.mark.nightly) for name in EXECUTIVE if name not in _BY_DAY]


@pytest.mark.parametrize("name", [*PAGES, *_BY_DAY, *_BY_NIGHT])
def test_pages_look_as_approved(name: str) -> None:
    known = approved()
    for key, grid in now(name).items():
        before = known[key]
        assert (len(grid), len(grid[0])) == (len(before), len(before[0])), key
        apart = [
            abs(here - there)
            for row, old in zip(grid, before, strict=True)
            for here, there in zip(row, old, strict=True)
        ]
        assert max(apart) <= MOST_OF_A_CELL, f"{key}: look at it, then approve it (tests/reports/inking.py)"
        assert sum(apart) / len(apart) <= MOST_OF_A_PAGE, f"{key}: look at it, then approve it"


def test_a_page_set_otherwise_is_noticed() -> None:
    known = approved()["wide-zh-2"]
    other = ink(printed("zh", PAGES["wide-zh"][1]), 4)
    apart = [abs(a - b) for row, old in zip(known, other, strict=True) for a, b in zip(row, old, strict=True)]
    assert sum(apart) / len(apart) > 3 * MOST_OF_A_PAGE
