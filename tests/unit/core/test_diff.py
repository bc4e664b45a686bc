"""What differs between two framework versions, and by which step the version has to rise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.diff import FrameworkDiff, Step, diff
from app.core.framework import Capability, Framework, Method
from app.core.scale import Level, Scale
from app.core.text import Text
from tests.unit.core.trees import HALVES, Sketch, framework, number

OLD: Sketch = {"a": {"a1": None, "a2": None, "a3": None}, "b": {"b1": None, "b2*2": None}}


def ids(changes: tuple[object, ...]) -> list[str | None]:
    return [getattr(change, "id") for change in changes]  # noqa: B009 - any kind of change


def against(sketch: Sketch, **options: object) -> FrameworkDiff:
    return diff(framework(OLD), framework(sketch, **options))  # type: ignore[arg-type]


def changed(old: Framework, node_id: str, **values: object) -> Framework:
    """Return a framework in which one node has other values."""

    def rebuilt(node: Capability) -> Capability:
        below = tuple(rebuilt(child) for child in node.children)
        return replace(node, children=below, **(values if node.id == node_id else {}))  # type: ignore[arg-type]

    return replace(old, capabilities=tuple(rebuilt(node) for node in old.capabilities))


def test_a_version_does_not_differ_from_itself() -> None:
    found = against(OLD)
    assert found.empty
    assert found == FrameworkDiff()


def test_what_is_new_is_added_with_where_it_stands() -> None:
    found = against({**OLD, "c": {"c1*3": None}})
    assert ids(found.added) == ["c", "c1"]
    assert found.added[1].new == {
        "parent": "c",
        "tier": "tier-2",
        "leaf": True,
        "name": {"zh": "c1", "en": None},
        "weight": 3,
    }
    assert found.step is Step.MINOR


def test_an_element_that_is_gone_is_a_major_step() -> None:
    found = against({"a": {"a1": None, "a3": None}, "b": {"b1": None, "b2*2": None}})
    assert ids(found.removed) == ["a2"]
    assert found.moved == ()
    assert found.step is Step.MAJOR


def test_another_parent_is_a_move() -> None:
    found = against({"a": {"a1": None, "a2": None}, "b": {"a3": None, "b1": None, "b2*2": None}})
    (move,) = found.moved
    assert move.id == "a3"
    assert move.old == {"parent": "a", "position": 3, "tier": "tier-2", "leaf": True}
    assert move.new == {"parent": "b", "position": 1, "tier": "tier-2", "leaf": True}
    assert found.step is Step.MINOR


def test_of_a_new_order_the_fewest_moves_are_told() -> None:
    found = against({"a": {"a3": None, "a1": None, "a2": None}, "b": {"b1": None, "b2*2": None}})
    assert ids(found.moved) == ["a3"]


def test_an_element_that_was_divided_into_capabilities_is_a_major_step() -> None:
    deep = framework({"a": {"a1": {"x": None}}})
    shallow = framework({"a": {"a1": None}})
    assert diff(shallow, deep).step is Step.MAJOR


@pytest.mark.parametrize(
    ("values", "where", "step"),
    [
        ({"name": Text("新名")}, "renamed", Step.PATCH),
        ({"definition": Text("新定义")}, "reworded", Step.PATCH),
        ({"levels": {number(5): Text("满")}}, "reworded", Step.PATCH),
        ({"weight": number(3)}, "reweighted", Step.MINOR),
        ({"critical": True}, "related", Step.MINOR),
        ({"prerequisites": ("a1",)}, "related", Step.MINOR),
    ],
)
def test_one_change_of_one_element_stands_in_one_list(values: dict[str, object], where: str, step: Step) -> None:
    old = framework(OLD)
    found = diff(old, changed(old, "a2", **values))
    assert ids(getattr(found, where)) == ["a2"]
    assert found == replace(FrameworkDiff(), **{where: getattr(found, where)})
    assert found.step is step


def test_another_scale_is_a_major_step() -> None:
    finer = Scale(number(0), number(5), number("0.25"), (Level(number(0), Text("空")), Level(number(5), Text("满"))))
    found = against(OLD, scale=finer)
    assert ids(found.rescaled) == ["scale"]
    assert found.step is Step.MAJOR


def test_other_names_of_levels_are_wording() -> None:
    renamed = replace(HALVES, levels=(Level(number(0), Text("无")), Level(number(5), Text("满"))))
    found = against(OLD, scale=renamed)
    assert ids(found.reworded) == [None]
    assert found.step is Step.PATCH


@pytest.mark.parametrize(
    ("options", "step"), [({"method": Method.FLAT_MEAN}, Step.MAJOR), ({"publish": "0.9"}, Step.MINOR)]
)
def test_another_rollup_changes_every_total(options: dict[str, object], step: Step) -> None:
    found = against(OLD, **options)
    assert len(found.rerolled) == 1
    assert found.step is step


def test_replaced_elements_are_named_by_those_that_replace_them() -> None:
    new = changed(framework({"a": {"a1": None, "a9": None, "a3": None}, "b": {"b1": None, "b2*2": None}}), "a9")
    new = changed(new, "a9", replaces=("a2",))
    found = diff(framework(OLD), new)
    assert found.carried == {"a9": ("a2",)}
    assert found.step is Step.MAJOR
