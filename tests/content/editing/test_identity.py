"""Elements renamed, split and merged: `replaces` tells an upgrade where their scores go."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.content.editing.identity import Part, merge_elements, rename_id, split_element
from app.content.editing.refusals import EditRefused
from app.content.editing.structure import NewCapability, add_capability, remove_capability
from app.core.text import Text
from tests.content.editing.samples import ODD, model, node_of, shipped, walk

BEFORE = frozenset({"one", "two", "three", "four", "five", "seven", "eight"})


def test_a_renamed_element_replaces_the_old_one_and_back_again_leaves_nothing() -> None:
    renamed = rename_id(ODD, "one", "first", before=BEFORE)
    assert node_of(model(renamed), "first")["replaces"] == ["one"]
    assert node_of(model(renamed), "two")["prerequisites"] == ["first"]
    assert "prerequisites: [ first ]   # first this" in renamed["framework.yaml"]
    assert rename_id(renamed, "first", "one", before=BEFORE) == ODD
    again = rename_id(renamed, "first", "foremost", before=BEFORE)
    assert node_of(model(again), "foremost")["replaces"] == ["one"]


def test_earlier_ids_stay_named_in_the_style_of_the_list() -> None:
    renamed = rename_id(ODD, "five", "fifth", before=BEFORE)
    assert (
        "    replaces:\n      - five\n      - old-five\n      # and another\n      - older-five\n"
        in renamed["beta.yaml"]
    )
    assert rename_id(renamed, "fifth", "five", before=BEFORE) == ODD


def test_what_was_never_published_and_what_is_no_element_replaces_nothing() -> None:
    assert "replaces" not in node_of(model(rename_id(ODD, "one", "first", before=())), "first")
    assert "replaces" not in node_of(model(rename_id(ODD, "alpha", "first", before=BEFORE)), "first")
    with pytest.raises(EditRefused) as refused:
        rename_id(ODD, "one", "two", before=BEFORE)
    assert (refused.value.code, refused.value.field) == ("id-taken", "new_id")


def test_a_split_element_leaves_its_words_to_both_and_its_comments_to_the_first() -> None:
    parts = (Part("left", Text("左", "Left"), weight=Fraction(1, 2)), Part("right", Text("右", "Right"), code="R"))
    split = split_element(ODD, "one", parts, before=BEFORE)
    left, right = node_of(model(split), "left"), node_of(model(split), "right")
    assert left["replaces"] == right["replaces"] == ["one"]
    assert left["levels"] == right["levels"] == node_of(model(ODD), "one")["levels"]
    assert (left["weight"], right["code"], "weight" in right) == (0.5, "R", False)
    assert node_of(model(split), "two")["prerequisites"] == ["left", "right"]
    assert split["framework.yaml"].count("# about one") == 1
    assert split["framework.yaml"].count("# lowest") == 2
    assert [one["id"] for one in node_of(model(split), "alpha")["children"]] == ["left", "right", "two", "three"]
    assert split["beta.yaml"] == ODD["beta.yaml"]


def test_an_element_in_braces_is_split_in_braces() -> None:
    split = split_element(ODD, "eight", [Part("a", Text("甲")), Part("b", Text("乙"))], before=BEFORE)
    assert [one["id"] for one in node_of(model(split), "gamma")["children"]] == ["seven", "a", "b"]
    assert "{id: a, name: {zh: 甲}, critical: true, replaces: [eight]}" in split["framework.yaml"]


@pytest.mark.parametrize(
    ("parts", "code", "field"),
    [
        ([Part("a", Text("甲"))], "split-into-one", "parts"),
        ([Part("a", Text("甲")), Part("a", Text("乙"))], "id-taken", "parts-1-id"),
        ([Part("one", Text("甲")), Part("a", Text("乙"))], "id-taken", "parts-0-id"),
        ([Part("a", Text("甲")), Part("b", Text(en="B"))], "name-missing", "parts-1-name_zh"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused_at_its_field(parts: list[Part], code: str, field: str) -> None:
    with pytest.raises(EditRefused) as refused:
        split_element(ODD, "one", parts, before=BEFORE)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_merged_elements_are_replaced_by_one_in_the_place_of_the_first() -> None:
    merged = merge_elements(ODD, ["five", "one"], Part("both", Text("两者", "Both")), before=BEFORE)
    both = node_of(model(merged), "both")
    assert both["replaces"] == ["one", "five", "old-five", "older-five"]
    assert [one["id"] for one in node_of(model(merged), "alpha")["children"]] == ["both", "two", "three"]
    assert [one["id"] for one in node_of(model(merged), "beta")["children"]] == ["four"]
    assert node_of(model(merged), "two")["prerequisites"] == ["both"]


def test_merging_needs_two_elements_and_a_new_id_and_empties_no_group() -> None:
    part = Part("both", Text("两者"))
    for ids, new, code in (
        (["one", "one"], part, "merge-of-one"),
        (["one", "alpha"], part, "not-an-element"),
        (["one", "two"], Part("one", Text("一")), "id-taken"),
        (["one", "four", "five"], part, "last-child"),
    ):
        with pytest.raises(EditRefused, match=code):
            merge_elements(ODD, ids, new, before=BEFORE)
    added = add_capability(ODD, "alpha", NewCapability("fresh", Text("新")))
    kept = merge_elements(added, ["one", "fresh"], Part("fresh", Text("一")), before=BEFORE)
    assert node_of(model(kept), "fresh")["replaces"] == ["one"]


def test_merging_what_was_split_names_the_old_element_once() -> None:
    parts = [Part("left", Text("左")), Part("right", Text("右"))]
    split = split_element(ODD, "one", parts, before=BEFORE)
    merged = merge_elements(split, ["left", "right"], Part("first", Text("一")), before=BEFORE)
    assert node_of(model(merged), "first")["replaces"] == ["one"]


def test_a_shipped_element_split_merged_and_removed_touches_one_file_only() -> None:
    files = shipped("telecom-crm")
    before = {node["id"] for node in walk(model(files)) if "children" not in node}
    split = split_element(
        files, "self-service", [Part("web", Text("网上", "Web")), Part("phone", Text("电话", "Phone"))], before=before
    )
    changed = {name for name in files if files[name] != split[name]}
    assert len(changed) == 1
    removed = remove_capability(split, "web", before=before)
    assert {name for name in files if files[name] != removed[name]} == changed
