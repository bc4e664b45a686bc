"""Tables keep their columns straight whatever script the cells are in."""

from __future__ import annotations

import pytest

from app.cli.tables import padded, table, width


@pytest.mark.parametrize(("text", "cells"), [("", 0), ("abc", 3), ("客户", 4), ("CRM能力", 7), ("（）", 4), ("é", 1)])
def test_a_chinese_character_is_two_cells_wide(text: str, cells: int) -> None:
    assert width(text) == cells


def test_cells_are_filled_on_the_side_asked_for() -> None:
    assert padded("客户", 6) == "客户  "
    assert padded("2.5", 6, "right") == "   2.5"


def test_every_column_is_as_wide_as_its_widest_cell() -> None:
    drawn = table(["能力", "得分"], [["客户洞察", "1.68"], ["x", "12.00"]], aligns=["left", "right"])
    assert drawn.splitlines() == [
        "能力       得分",
        "────────  ─────",
        "客户洞察   1.68",
        "x         12.00",
    ]


def test_a_table_without_rows_has_its_head() -> None:
    assert table(["a"], [], aligns=["left"]) == "a\n─"
