"""What becomes of the elements of an old version in a new one."""

from __future__ import annotations

import pytest

from app.core.crosswalk import Crosswalk, Fate
from app.core.framework import Framework
from tests.unit.core.test_diff import changed
from tests.unit.core.trees import framework

OLD = framework(
    {"a": {"kept": None, "moved": None, "renamed": None}, "b": {"cut": None, "one": None, "two": None, "gone": None}}
)


def new() -> Framework:
    found = framework(
        {
            "a": {"kept": None, "called": None},
            "b": {"moved": None, "left": None, "right": None, "both": None, "fresh": None},
        }
    )
    for element, olds in {"called": ("renamed",), "left": ("cut",), "right": ("cut",), "both": ("one", "two")}.items():
        found = changed(found, element, replaces=olds)
    return found


@pytest.mark.parametrize(
    ("element", "fate", "heirs"),
    [
        ("kept", Fate.KEPT, ("kept",)),
        ("moved", Fate.MOVED, ("moved",)),
        ("renamed", Fate.RENAMED, ("called",)),
        ("cut", Fate.SPLIT, ("left", "right")),
        ("one", Fate.MERGED, ("both",)),
        ("two", Fate.MERGED, ("both",)),
        ("gone", Fate.LOST, ()),
    ],
)
def test_every_old_element_has_one_fate(element: str, fate: Fate, heirs: tuple[str, ...]) -> None:
    walk = Crosswalk(OLD, new())
    assert walk.fates[element] is fate
    assert walk.heirs[element] == heirs


def test_what_nothing_is_carried_to_is_newly_asked() -> None:
    assert Crosswalk(OLD, new()).opened == ("fresh",)


def test_only_split_and_merged_elements_are_proposals() -> None:
    walk = Crosswalk(OLD, new())
    assert [leaf.id for leaf in walk.new.leaves if walk.needs_confirming(leaf.id)] == ["left", "right", "both"]


def test_an_id_that_is_still_there_is_replaced_by_nothing() -> None:
    again = changed(framework({"a": {"kept": None, "copy": None}}), "copy", replaces=("kept",))
    walk = Crosswalk(OLD, again)
    assert walk.origins == {"kept": ("kept",), "copy": ()}
    assert walk.fates["kept"] is Fate.KEPT


def test_a_name_that_never_was_is_the_origin_of_nothing() -> None:
    odd = changed(framework({"a": {"new": None}}), "new", replaces=("never", "kept", "kept"))
    assert Crosswalk(OLD, odd).origins == {"new": ("kept",)}
