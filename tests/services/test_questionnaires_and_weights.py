"""Questionnaires and weight profiles begun and revised by forms, and what weights make of assessments."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.content.editing.questionnaires import omit
from app.content.layering import ContentKind
from app.core.questionnaire import Mode
from app.core.text import Text
from app.services.demo import load_demo
from app.services.drafting import Conflict, DraftView, Saved
from app.services.questionnaire_editing import (
    QuestionnaireDraft,
    begin_questionnaire,
    change_questionnaire,
    read_questionnaire_draft,
)
from app.services.refusals import Invalid, NotFound
from app.services.shelf import Shelf
from app.services.weight_editing import WeightDraft, begin_profile, change_weights, read_weight_draft, weigh
from app.settings import CHECKOUT
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.drafts import QUESTIONNAIRE, WEIGHTS, Desk, editor_named, small_root

NAME = Text("新的", "New")


@pytest.fixture
def desk(database: Database, clock: FixedClock, tmp_path: Path) -> Desk:
    root = small_root(tmp_path / "content", "one-tier", "interviews", "zero-weight", "split-children")
    return Desk(database, Shelf(database, root), editor_named(database, clock, "wang"), clock)


def begin_guide(desk: Desk, key: str = "new-guide", framework: str = "split-children", name: Text = NAME) -> DraftView:
    with desk.database.begin() as session:
        library = desk.shelf.library
        return begin_questionnaire(
            session,
            key,
            library.framework(framework),
            name,
            Mode.INTERVIEW,
            library=library,
            actor=desk.actor,
            clock=desk.clock,
        )


def guide(desk: Desk, draft_id: int) -> QuestionnaireDraft:
    with desk.database.read() as session:
        return read_questionnaire_draft(session, draft_id, library=desk.shelf.library, actor=desk.actor)


def test_a_new_questionnaire_asks_every_element_and_lints_clean(desk: Desk) -> None:
    found = guide(desk, begin_guide(desk).id)
    assert found.lint.faults == ()
    assert found.lint.questionnaire is not None
    assert found.framework is not None
    assert [item.element for item in found.lint.questionnaire.items] == [leaf.id for leaf in found.framework.leaves]
    assert (found.missing, found.omitted, found.lint.questionnaire.name) == ((), (), NAME)


def test_a_new_questionnaire_needs_a_free_id_and_a_name(desk: Desk) -> None:
    for key, name in (("interviews-guide", NAME), ("Bad Id", NAME), ("fine", Text(None, "Only English"))):
        with pytest.raises(Invalid):
            begin_guide(desk, key, name=name)


def change(desk: Desk, draft_id: int, element: str, base: int) -> Saved | Conflict:
    with desk.database.begin() as session:
        return change_questionnaire(
            session, draft_id, lambda text: omit(text, element), base_version=base, actor=desk.actor, clock=desk.clock
        )


def test_a_form_changes_the_draft_and_an_older_one_is_a_conflict(desk: Desk) -> None:
    draft = begin_guide(desk, framework="one-tier")
    found = guide(desk, draft.id)
    assert found.framework is not None
    first, second, *_ = [leaf.id for leaf in found.framework.leaves]
    assert isinstance(change(desk, draft.id, first, draft.version), Saved)
    assert guide(desk, draft.id).omitted == (first,)
    assert isinstance(change(desk, draft.id, second, draft.version), Conflict)
    assert guide(desk, draft.id).omitted == (first,)
    with pytest.raises(Invalid) as refused:
        change(desk, draft.id, "no-element", 2)
    assert refused.value.code == "no-such-item"


def test_elements_that_have_no_place_are_named_also_in_a_faulty_draft(desk: Desk) -> None:
    draft = begin_guide(desk)
    found = guide(desk, draft.id)
    assert found.framework is not None
    last = found.framework.leaves[-1].id
    desk.edit(draft.id, {f"  - element: {last}\n": ""}, found.file)
    assert guide(desk, draft.id).lint.questionnaire is None
    assert guide(desk, draft.id).missing == (last,)
    assert guide(desk, draft.id).questionnaire is not None
    desk.edit(draft.id, {"mode: interview": "mode: talk"}, found.file)
    assert guide(desk, draft.id).questionnaire is None
    assert guide(desk, draft.id).framework is None  # never published: nothing tells the framework while it is faulty
    published = desk.begin("interviews-guide", QUESTIONNAIRE)
    text = next(iter(published.files.values()))
    desk.edit(published.id, {"items:": "colour: red\nitems:"}, next(iter(published.files)))
    assert "colour" not in text
    assert guide(desk, published.id).missing == ()
    desk.edit(published.id, {"items:": "items: ["}, next(iter(published.files)))
    assert guide(desk, published.id).unreadable is not None
    with pytest.raises(Invalid) as refused:
        change(desk, published.id, last, 3)
    assert refused.value.code == "unreadable"


def test_a_draft_of_something_else_has_no_such_form(desk: Desk) -> None:
    draft = desk.begin("one-tier")
    with pytest.raises(NotFound):
        guide(desk, draft.id)
    with pytest.raises(NotFound):
        weights(desk, draft.id)


# --- weight profiles -------------------------------------------------------------------------------------------------


def begin_weights(
    desk: Desk, key: str, framework: str = "one-tier", start: str = "default", name: Text = NAME
) -> DraftView:
    with desk.database.begin() as session:
        library = desk.shelf.library
        return begin_profile(
            session,
            library.framework(framework),
            key,
            name,
            start=start,
            library=library,
            actor=desk.actor,
            clock=desk.clock,
        )


def weights(desk: Desk, draft_id: int) -> WeightDraft:
    with desk.database.read() as session:
        return read_weight_draft(session, draft_id, library=desk.shelf.library, actor=desk.actor)


def set_weights(desk: Desk, draft_id: int, base: int, **values: str) -> Saved | Conflict:
    found = weights(desk, draft_id)
    wanted = {**found.weights, **{node: Fraction(value) for node, value in values.items()}}
    with desk.database.begin() as session:
        return change_weights(
            session, found, wanted, NAME, "why: so", base_version=base, actor=desk.actor, clock=desk.clock
        )


def test_a_new_profile_begins_as_the_framework_and_holds_only_what_differs(desk: Desk) -> None:
    draft = begin_weights(desk, "ours")
    assert weights(desk, draft.id).lint.faults == ()
    assert weights(desk, draft.id).weights == {"first": 2, "second": 1, "third": 1}
    assert isinstance(set_weights(desk, draft.id, draft.version, first="2", second="0.5"), Saved)
    profile = weights(desk, draft.id).profile
    assert profile is not None
    assert (profile.weights, profile.note) == ({"second": Fraction("0.5")}, "why: so")
    assert isinstance(set_weights(desk, draft.id, 2, second="1"), Saved)  # named once, it stays named
    assert weights(desk, draft.id).profile.weights == {"second": 1}  # type: ignore[union-attr]


def test_a_profile_begins_from_another_one_and_goes_out_into_the_library(desk: Desk) -> None:
    draft = begin_weights(desk, "flat-ones", start="equal")
    assert weights(desk, draft.id).profile.weights == {"first": 1}  # type: ignore[union-attr]
    desk.publish(draft.id)
    assert "flat-ones" in desk.shelf.library.weight_profiles(desk.shelf.library.framework("one-tier"))
    again = desk.begin("one-tier/flat-ones", WEIGHTS)
    assert again.base_version == "1"


def test_weights_that_cannot_be_are_refused(desk: Desk) -> None:
    draft = begin_weights(desk, "ours")
    for code, values in (
        ("all-zero", {"first": "0", "second": "0", "third": "0"}),
        ("negative-weight", {"first": "-1"}),
    ):
        with pytest.raises(Invalid) as refused:
            set_weights(desk, draft.id, draft.version, **values)
        assert refused.value.code == code
    assert isinstance(set_weights(desk, draft.id, draft.version, first="3"), Saved)
    assert isinstance(set_weights(desk, draft.id, draft.version, first="4"), Conflict)
    for key, name, start in (
        ("default", NAME, "default"),
        ("x", Text(), "default"),
        ("x", NAME, "nothing"),
        ("ours", NAME, "default"),
    ):
        with pytest.raises(Invalid):
            begin_weights(desk, key, name=name, start=start)


def test_the_preview_scores_every_assessment_under_both_weights_and_ranks_them(
    database: Database, clock: FixedClock
) -> None:
    from app.core.framework import WeightProfile

    shelf = Shelf(database, CHECKOUT)
    actor = editor_named(database, clock, "wang")
    with database.begin() as session:
        load_demo(session, shelf.library, clock, actor)
    framework = shelf.library.framework("telecom-crm")
    profile = WeightProfile("ours", NAME, {"customer-insight": Fraction(3)}, framework="telecom-crm@>=1,<2")
    with database.read() as session:
        (found,) = weigh(session, framework, profile)
        assert weigh(session, framework, WeightProfile("x", NAME, {"no-node": Fraction(1)})) == []
        assert weigh(session, shelf.library.framework("credit-risk"), profile) == []
    by_unit = {row.before.unit.key: row for row in found.rows}
    shenzhen = by_unit["shenzhen"]
    old, new = shenzhen.before.scorecard, shenzhen.after.scorecard
    dimensions = {node.id: new.node(node.id).score for node in framework.capabilities}
    weighed = {node: Fraction(3 if node == "customer-insight" else 1) for node in dimensions}
    expected = sum(weighed[node] * (score or 0) for node, score in dimensions.items()) / 7
    assert new.overall.score == expected != old.overall.score
    assert (shenzhen.rank_before, shenzhen.rank_after) == (2, 3)
    assert by_unit["fuzhou"].rank_before is None
    assert ContentKind.WEIGHTS is WEIGHTS
