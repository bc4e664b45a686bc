"""Names, texts, marks, scale and rollup: only what differs is written, in the style that stood there."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.content.editing.contents import change_contents, contents_of
from app.content.editing.front import NewScale, change_front, change_scale, change_tiers
from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Skeleton
from app.content.editing.spans import Unreadable
from app.core.scale import Level
from app.core.text import Text
from tests.content.editing.samples import ODD, model, node_of, shipped, walk


def test_writing_what_is_there_touches_nothing() -> None:
    for files in (ODD, shipped("telecom-crm"), shipped("one-to-one-marketing")):
        tree = Skeleton(files)
        assert change_contents(files, {spot.id: contents_of(spot) for spot in tree.walk()}) == files


def test_texts_keep_their_quotes_and_their_form() -> None:
    one, two, beta = (contents_of(Skeleton(ODD).spot(name)) for name in ("one", "two", "beta"))
    changed = change_contents(
        ODD,
        {
            "one": replace(one, levels={Fraction(0): Text("没", "none"), Fraction(2): Text('有"了"', "there: yes")}),
            "two": replace(two, name=Text("二号", "Two")),
            "beta": replace(beta, name=Text("乙\n新的一行")),
        },
    )["framework.yaml"]
    assert "          0: {zh: 没, en: none}   # lowest\n" in changed
    assert '            zh: "有\\"了\\""\n            en: "there: yes"\n' in changed
    assert "        name: {zh: 二号, en: Two}\n" in changed
    assert "      zh: |-\n        乙\n        新的一行\n" in changed
    assert changed.count("\n") == ODD["framework.yaml"].count("\n")


def test_marks_of_an_element_come_and_go_without_a_trace() -> None:
    four = contents_of(Skeleton(ODD).spot("four"))
    more = replace(
        four, code="B.1", critical=True, prerequisites=("one",), related=(), levels={Fraction(1): Text("中", "mid")}
    )
    changed = change_contents(ODD, {"four": more})
    node = node_of(model(changed), "four")
    assert (node["code"], node["critical"], node["prerequisites"], node["levels"]) == (
        "B.1",
        True,
        ["one"],
        {1: {"zh": "中", "en": "mid"}},
    )
    assert "related" not in node
    back = change_contents(changed, {"four": replace(four, related=("telecom-crm/self-service",))})
    assert model(back) == model(ODD)


def test_texts_that_yaml_would_misread_are_quoted() -> None:
    four = contents_of(Skeleton(ODD).spot("four"))
    for text in ("yes", "1.0", "a: b", "# no", "[x", "- y", "'", '"', "x, y", " x", "é\u2028", "null", "1_000", "a #b"):
        changed = change_contents(ODD, {"four": replace(four, name=Text(text))})
        assert node_of(model(changed), "four")["name"]["zh"] == text


def test_a_name_is_needed_and_a_weight_is_not_negative() -> None:
    four = contents_of(Skeleton(ODD).spot("four"))
    with pytest.raises(EditRefused) as refused:
        change_contents(ODD, {"four": replace(four, name=Text(en="Four"))})
    assert (refused.value.code, refused.value.field) == ("name-missing", "name_zh")
    with pytest.raises(EditRefused, match="weight-negative"):
        change_contents(ODD, {"four": replace(four, weight=Fraction(-1))})


def test_the_front_is_changed_key_by_key() -> None:
    rollup = {"method": "flat-mean", "coverage": {"publish": Fraction("0.9"), "provisional": Fraction("0.6")}}
    changes = {
        "version": "1.1.0",
        "summary": Text("新的", "New"),
        "rollup": rollup,
        "agreement": {"range": Fraction(2)},
    }
    changed = change_front(ODD, changes)["framework.yaml"]
    assert "version:   1.1.0\n" in changed
    assert "rollup: {method: flat-mean, coverage: {publish: 0.9, provisional: 0.6}}\n" in changed
    assert "summary: {zh: 新的, en: New}\n" in changed
    assert "agreement:\n  range: 2\ncapabilities:" in changed
    assert change_front(ODD, {"version": "1.0.0", "agreement": None}) == ODD


def test_levels_of_the_scale_keep_their_comments_and_new_ones_go_between() -> None:
    zero, top = Level(Fraction(0), Text("无", "None")), Level(Fraction(2), Text("满", "Full"), Text("全部", "All"))
    wider = (zero, Level(Fraction(1), Text("半", "Half")), top)
    changed = change_scale(ODD, NewScale(Fraction(0), Fraction(2), Fraction(1, 2), wider))["framework.yaml"]
    assert "    # nothing at all\n    - {value: 0, name: {zh: 无, en: None}}\n    - value: 1\n" in changed
    assert "  max: 2   # up to two\n  step: 0.5\n" in changed
    assert model({**ODD, "framework.yaml": changed})["scale"]["levels"][2]["description"] == {"zh": "全部", "en": "All"}
    back = change_scale(
        {**ODD, "framework.yaml": changed},
        NewScale(Fraction(0), Fraction(2), Fraction(1), (zero, Level(Fraction(2), Text("满")))),
    )
    assert model(back)["scale"] == {
        **model(ODD)["scale"],
        "levels": [{"value": 0, "name": {"zh": "无", "en": "None"}}, {"value": 2, "name": {"zh": "满"}}],
    }


@pytest.mark.parametrize(
    ("scale", "code"),
    [
        (NewScale(Fraction(2), Fraction(2), Fraction(1), ()), "scale-ends"),
        (NewScale(Fraction(0), Fraction(2), Fraction(0), ()), "scale-step"),
        (NewScale(Fraction(0), Fraction(2), Fraction(3, 4), ()), "scale-step"),
        (NewScale(Fraction(0), Fraction(2), Fraction(1), (Level(Fraction(0), Text("无")),)), "level-ends"),
        (NewScale(Fraction(0), Fraction(2), Fraction(1), (Level(Fraction(1, 2), Text("无")),)), "level-off-grid"),
        (NewScale(Fraction(0), Fraction(2), Fraction(1), (Level(Fraction(0), Text()),)), "name-missing"),
        (NewScale(Fraction(0), Fraction(2), Fraction(1), (Level(Fraction(0), Text("a")),) * 2), "level-repeated"),
    ],
)
def test_a_scale_that_does_not_fit_is_refused(scale: NewScale, code: str) -> None:
    with pytest.raises(EditRefused, match=code):
        change_scale(ODD, scale)


def test_tiers_get_other_names_where_they_stand() -> None:
    changed = change_tiers(ODD, [("group", Text("群", "Group")), ("element", Text("要素", "Element"))])
    assert "- {id: group,   name: {zh: 群, en: Group}}   # first\n" in changed["framework.yaml"]
    with pytest.raises(EditRefused, match="tier-count"):
        change_tiers(ODD, [("group", Text("群"))])


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: [", 1), ("a: 1\nb: &x 2\n", 2), ("- a\n- b\n", 1), ("", 1), ("a: !t 1", 1), ("a: \x0c", 1), ("x: {" * 40, 1)],
)
def test_what_cannot_be_read_says_where(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as unreadable:
        Skeleton({"framework.yaml": text})
    assert (unreadable.value.file, unreadable.value.line) == ("framework.yaml", line)


def test_what_is_faulty_otherwise_can_still_be_seen() -> None:
    tree = Skeleton({"framework.yaml": "capabilities:\n- id: a\n- 3\n- {id: b, children: gone.yaml}\n- id: a\n"})
    assert [spot.id for spot in tree.walk()] == ["a", "b", "a"]
    with pytest.raises(EditRefused, match="repeated-id"):
        tree.spot("a")
    assert walk({"capabilities": []}) == []
