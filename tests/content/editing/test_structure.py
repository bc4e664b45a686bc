"""Capabilities added, moved, put in order, removed, weighed: the model changes so, and no other byte."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.content.editing.refusals import EditRefused
from app.content.editing.structure import (
    NewCapability,
    add_capability,
    move_capability,
    remove_capability,
    weigh,
)
from app.core.text import Text
from tests.content.editing.samples import ODD, model, node_of, shipped, siblings_of, walk


def test_an_element_is_added_in_the_style_of_the_list() -> None:
    new = NewCapability("new-one", Text("新的", "New"), code="A.9", levels={Fraction(2): Text("满", "full")})
    block = add_capability(ODD, "alpha", new, position=1)
    assert "        # the end of one\n\n      - id: new-one\n        code: A.9\n" in block["framework.yaml"]
    assert node_of(model(block), "new-one") == {
        "id": "new-one",
        "code": "A.9",
        "name": {"zh": "新的", "en": "New"},
        "levels": {2: {"zh": "满", "en": "full"}},
    }
    flow = add_capability(ODD, "gamma", NewCapability("nine", Text("九", "Nine: odd, yes")))
    assert (
        'critical: true},\n               {id: nine, name: {zh: 九, en: "Nine: odd, yes"}}]' in flow["framework.yaml"]
    )


@pytest.mark.parametrize(("parent", "position"), [("alpha", 0), ("alpha", 3), ("beta", 0), ("beta", 2), ("gamma", 1)])
def test_what_was_added_and_removed_again_leaves_the_files_as_they_were(parent: str, position: int) -> None:
    added = add_capability(ODD, parent, NewCapability("new", Text("新")), position=position)
    assert [one["id"] for one in node_of(model(added), parent)["children"]].index("new") == position
    assert remove_capability(added, "new") == ODD


def test_a_dimension_gets_a_file_of_its_own_where_its_siblings_have_one() -> None:
    files = shipped("credit-risk")
    new = NewCapability(
        "new-dimension",
        Text("新领域", "New dimension"),
        children=(NewCapability("new-group", Text("新组"), children=(NewCapability("new-element", Text("新要素")),)),),
    )
    added = add_capability(files, None, new)
    assert added["new-dimension.yaml"] == (
        "# yaml-language-server: $schema=../schema/children.schema.json\n"
        "- id: new-group\n  name: {zh: 新组}\n  children:\n    - id: new-element\n      name: {zh: 新要素}\n"
    )
    assert node_of(model(added), "new-element")["name"] == {"zh": "新要素"}
    assert remove_capability(added, "new-dimension") == files


def test_a_group_without_elements_is_refused_and_so_is_an_element_with_children() -> None:
    with pytest.raises(EditRefused) as refused:
        add_capability(ODD, None, NewCapability("empty", Text("空")))
    assert (refused.value.code, refused.value.field) == ("needs-children", "children")
    with pytest.raises(EditRefused, match="no-children-here"):
        add_capability(ODD, "one", NewCapability("below", Text("下")))


@pytest.mark.parametrize("node_id", ["", "Yes", "yes", "two", "a--b", "x" * 65])
def test_an_id_has_its_form_and_is_free(node_id: str) -> None:
    with pytest.raises(EditRefused) as refused:
        add_capability(ODD, "alpha", NewCapability(node_id, Text("名")))
    assert refused.value.field == "id"


def test_reordering_takes_the_comments_of_an_item_along_and_back() -> None:
    moved = move_capability(ODD, "one", "alpha", 2)
    assert [one["id"] for one in node_of(model(moved), "alpha")["children"]] == ["two", "three", "one"]
    assert "      # about one\n      - id: one\n" in moved["framework.yaml"]
    assert "        # the end of one\n    # after the group\n" in moved["framework.yaml"]
    assert move_capability(moved, "one", "alpha", 0) == ODD


def test_a_group_is_moved_to_another_file_and_indentation() -> None:
    files = shipped("telecom-crm")
    moved = move_capability(files, "manage-data", "customer-offers", 1)
    before, after = model(files), model(moved)
    assert node_of(after, "manage-data") == node_of(before, "manage-data")
    assert [one["id"] for one in node_of(after, "customer-offers")["children"]][1] == "manage-data"
    assert move_capability(moved, "manage-data", "customer-insight", 1) == files


def test_an_element_goes_from_block_to_flow_and_from_flow_to_block() -> None:
    into_flow = move_capability(ODD, "two", "gamma", 0)
    written = "children: [{id: two, name: 二, prerequisites: [one], extensions: {note: keep  this}},\n"
    assert written in into_flow["framework.yaml"]
    into_block = move_capability(ODD, "eight", "alpha", 3)
    assert (
        "\n      - {id: eight, name: {zh: 八}, critical: true}\n    # after the group\n" in into_block["framework.yaml"]
    )
    for files in (into_flow, into_block):
        assert sorted(str(one) for one in _leaves(model(files))) == sorted(str(one) for one in _leaves(model(ODD)))


def _leaves(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in walk(found) if "children" not in node]


def test_a_capability_cannot_change_its_tier_nor_leave_an_empty_group() -> None:
    with pytest.raises(EditRefused, match="other-tier"):
        move_capability(ODD, "one", None)
    with pytest.raises(EditRefused, match="other-tier"):
        move_capability(ODD, "alpha", "beta")
    once = remove_capability(ODD, "seven")
    with pytest.raises(EditRefused) as refused:
        remove_capability(once, "eight")
    assert refused.value.code == "last-child"
    with pytest.raises(EditRefused, match="last-child"):
        move_capability(once, "eight", "alpha")


def test_removing_takes_the_id_out_of_prerequisites_and_keeps_comments_between_items() -> None:
    without = remove_capability(ODD, "one")
    assert "prerequisites" not in node_of(model(without), "two")
    assert "# about one" not in without["framework.yaml"]
    middle = remove_capability(ODD, "two")
    assert "# between two and three" in middle["framework.yaml"]


def test_an_heir_says_what_it_replaces_and_must_be_new() -> None:
    added = add_capability(ODD, "alpha", NewCapability("new", Text("新")))
    before = {"one", "two", "three", "four", "five", "seven", "eight"}
    removed = remove_capability(added, "five", heir="new", before=before)
    assert node_of(model(removed), "new")["replaces"] == ["five", "old-five", "older-five"]
    with pytest.raises(EditRefused, match="heir-not-new"):
        remove_capability(ODD, "five", heir="one", before=before)


def test_removing_a_group_in_a_file_of_its_own_removes_the_file() -> None:
    assert set(remove_capability(ODD, "beta")) == {"framework.yaml"}


def test_weights_are_set_in_place_and_taken_away_again() -> None:
    weighed = weigh(ODD, {"one": Fraction(3, 2), "three": Fraction(1), "alpha": Fraction(2), "two": Fraction(1)})
    text = weighed["framework.yaml"]
    assert "weight: 2   # counts double" in text
    assert "name: {zh: 三, en: Three}, weight: 1}" in text
    assert "      - id: one\n        name: {zh: 一, en: One}\n        weight: 1.5\n" in text
    assert "weight" not in node_of(model(weighed), "two")
    assert weigh(weighed, {"one": None})["framework.yaml"] == ODD["framework.yaml"].replace("0.50}", "1}")
    with pytest.raises(EditRefused, match="weights-zero"):
        weigh(ODD, {"seven": Fraction(0), "eight": Fraction(0)})


def test_siblings_of_a_moved_capability_are_written_as_before() -> None:
    before = siblings_of(model(ODD), "four")
    moved = move_capability(ODD, "seven", "beta", 1)
    assert [one for one in siblings_of(model(moved), "four") if one["id"] != "seven"] == before
    assert "-   id: five\n    name: {zh: 五, en: Five}\n" in moved["beta.yaml"]


def test_windows_line_ends_are_kept() -> None:
    files = {name: text.replace("\n", "\r\n") for name, text in ODD.items()}
    added = add_capability(files, "beta", NewCapability("new", Text("新")), position=0)
    assert "\n" not in added["beta.yaml"].replace("\r\n", "")
    assert remove_capability(added, "new") == files
    moved = move_capability(files, "five", "alpha", 0)
    assert "\n" not in moved["framework.yaml"].replace("\r\n", "")
    assert move_capability(moved, "five", "beta", 1)["beta.yaml"].replace("-   id", "- id").replace("    ", "  ")
