"""Engagements, unit trees, rounds, assessments: made, changed, archived, restored."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services import engagements
from app.services.engagements import (
    archive_assessment,
    archive_engagement,
    archive_round,
    archive_unit,
    create_assessment,
    create_engagement,
    create_round,
    create_unit,
    edit_round,
    edit_unit,
    get_assessment,
    get_engagement,
    get_round,
    get_unit,
    list_assessments,
    list_engagements,
    list_rounds,
    list_units,
    move_unit,
    rename_engagement,
    restore_assessment,
    restore_engagement,
    restore_round,
    restore_unit,
)
from app.services.refusals import Invalid, NotFound, Taken
from app.storage import engagements as store
from tests.conftest import FixedClock
from tests.services.cases import FRAMEWORK

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.storage.database import Session


@pytest.fixture
def engagement(session: Session, clock: FixedClock) -> int:
    """The id of an engagement with a tree of three units and two rounds."""
    made = create_engagement(session, key="client", name=Text("客户", "Client"), actor=None, clock=clock)
    create_unit(session, made.id, key="group", name=Text("集团"), kind="group")
    create_unit(session, made.id, key="province", name=Text("省公司"), kind="province", parent="group")
    create_unit(session, made.id, key="city", name=Text("本地网"), parent="province", size=Fraction("12.5"))
    create_round(session, made.id, key="2026-09", name=Text("下半年"), day=date(2026, 9, 1))
    create_round(session, made.id, key="2026-03", name=Text("上半年"), day=date(2026, 3, 1))
    return made.id


def assess(session: Session, engagement: int, clock: FixedClock, unit: str = "city") -> engagements.AssessmentSummary:
    """Start an assessment of the small framework in the first round."""
    return create_assessment(
        session, engagement, unit=unit, round="2026-03", framework=FRAMEWORK, actor=None, clock=clock
    )


def keys(session: Session, engagement: int, *, archived: bool = False) -> list[str]:
    """Return the unit keys in the order of the tree."""
    return [unit.key for unit in list_units(session, engagement, archived=archived)]


def test_an_engagement_is_made_renamed_archived_and_restored(session: Session, clock: FixedClock) -> None:
    made = create_engagement(session, key="client", name=Text(" 客户 "), actor=None, clock=clock)
    assert (made.name, made.archived, made.created_at) == (Text("客户"), False, clock())
    rename_engagement(session, "client", Text(None, "Client"))
    assert get_engagement(session, "client").name == Text(None, "Client")
    archive_engagement(session, "client", clock)
    assert list_engagements(session) == ()
    assert [one.key for one in list_engagements(session, archived=True)] == ["client"]
    restore_engagement(session, "client")
    assert [one.key for one in list_engagements(session)] == ["client"]


@pytest.mark.parametrize("key", ["", "Upper", "中文", "a--b", "-a", "a-", "1a", "a" * 65, "a/b", "../x", "a b"])
def test_a_key_that_cannot_stand_in_an_address_is_refused(session: Session, clock: FixedClock, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_engagement(session, key=key, name=Text("x"), actor=None, clock=clock)
    assert (refused.value.field, refused.value.code) == ("key", "bad-id")


@pytest.mark.parametrize("name", [Text(), Text(" ", ""), Text("两\n行"), Text("x" * 201), Text("a\x00b")])
def test_a_name_that_cannot_be_shown_is_refused(session: Session, clock: FixedClock, name: Text) -> None:
    with pytest.raises(Invalid) as refused:
        create_engagement(session, key="client", name=name, actor=None, clock=clock)
    assert refused.value.field == "name"


def test_keys_are_used_once(session: Session, engagement: int, clock: FixedClock) -> None:
    with pytest.raises(Taken):
        create_engagement(session, key="client", name=Text("x"), actor=None, clock=clock)
    with pytest.raises(Taken):
        create_unit(session, engagement, key="city", name=Text("x"))
    with pytest.raises(Taken):
        create_round(session, engagement, key="2026-03", name=Text("x"))


def test_units_stand_below_their_parents(session: Session, engagement: int) -> None:
    create_unit(session, engagement, key="second-city", name=Text("另一本地网"), parent="province")
    create_unit(session, engagement, key="second-province", name=Text("另一省"), parent="group")
    tree = [(unit.key, unit.depth) for unit in list_units(session, engagement)]
    assert tree == [("group", 0), ("province", 1), ("city", 2), ("second-city", 2), ("second-province", 1)]
    city = get_unit(session, engagement, "city")
    assert (city.parent, city.size) == ("province", Fraction("12.5"))


def test_a_unit_is_edited(session: Session, engagement: int) -> None:
    edit_unit(session, engagement, "city", name=Text("新名"), kind="local-network", size=Fraction(3))
    city = get_unit(session, engagement, "city")
    assert (city.name, city.kind, city.size, city.parent) == (Text("新名"), "local-network", Fraction(3), "province")
    with pytest.raises(Invalid) as refused:
        edit_unit(session, engagement, "city", name=Text("新名"), size=Fraction(-1))
    assert refused.value.field == "size"


def test_a_unit_moves_with_all_below_it(session: Session, engagement: int) -> None:
    move_unit(session, engagement, "province", None)
    assert [(unit.key, unit.depth) for unit in list_units(session, engagement)] == [
        ("group", 0),
        ("province", 0),
        ("city", 1),
    ]


@pytest.mark.parametrize("parent", ["group", "province", "city"])
def test_a_unit_never_stands_below_itself(session: Session, engagement: int, parent: str) -> None:
    with pytest.raises(Invalid, match="below"):
        move_unit(session, engagement, "group", parent)
    assert keys(session, engagement) == ["group", "province", "city"]


def test_archiving_a_unit_takes_those_below_along_and_restoring_brings_them_back(
    session: Session, engagement: int, clock: FixedClock
) -> None:
    archive_unit(session, engagement, "province", clock)
    assert keys(session, engagement) == ["group"]
    assert keys(session, engagement, archived=True) == ["group", "province", "city"]
    with pytest.raises(Invalid, match="first"):
        restore_unit(session, engagement, "city")
    restore_unit(session, engagement, "province")
    assert keys(session, engagement) == ["group", "province", "city"]


def test_a_unit_archived_earlier_stays_archived_when_its_parent_comes_back(
    session: Session, engagement: int, clock: FixedClock
) -> None:
    archive_unit(session, engagement, "city", clock)
    clock.moment = clock.moment.replace(hour=13)
    archive_unit(session, engagement, "province", clock)
    restore_unit(session, engagement, "province")
    assert keys(session, engagement) == ["group", "province"]
    restore_unit(session, engagement, "city")
    assert keys(session, engagement) == ["group", "province", "city"]


def test_nothing_is_put_below_an_archived_unit(session: Session, engagement: int, clock: FixedClock) -> None:
    archive_unit(session, engagement, "province", clock)
    with pytest.raises(Invalid, match="archived"):
        create_unit(session, engagement, key="new", name=Text("x"), parent="province")
    create_unit(session, engagement, key="other", name=Text("x"))
    with pytest.raises(Invalid, match="archived"):
        move_unit(session, engagement, "other", "province")


def test_rounds_stand_by_date(session: Session, engagement: int) -> None:
    create_round(session, engagement, key="later", name=Text("未定"))
    assert [one.key for one in list_rounds(session, engagement)] == ["2026-03", "2026-09", "later"]


def test_a_round_is_edited_archived_and_restored(session: Session, engagement: int, clock: FixedClock) -> None:
    edit_round(session, engagement, "2026-03", name=Text("第一轮"), day=date(2026, 4, 1))
    assert (get_round(session, engagement, "2026-03").name, get_round(session, engagement, "2026-03").date) == (
        Text("第一轮"),
        date(2026, 4, 1),
    )
    archive_round(session, engagement, "2026-03", clock)
    assert [one.key for one in list_rounds(session, engagement)] == ["2026-09"]
    restore_round(session, engagement, "2026-03")
    assert [one.key for one in list_rounds(session, engagement)] == ["2026-03", "2026-09"]


def test_an_assessment_is_pinned_to_its_framework(session: Session, engagement: int, clock: FixedClock) -> None:
    made = assess(session, engagement, clock)
    assert (made.framework_reference, made.revision, made.state, made.current) == ("small@1.0.0", 1, "draft", True)
    assert made.key == "city-2026-03"
    assert get_assessment(session, made.id) == made


def test_there_is_one_assessment_in_use_of_a_unit_round_and_framework(
    session: Session, engagement: int, clock: FixedClock
) -> None:
    first = assess(session, engagement, clock)
    with pytest.raises(Taken):
        assess(session, engagement, clock)
    archive_assessment(session, first.id, clock)
    assert list_assessments(session, engagement) == ()
    second = assess(session, engagement, clock)
    assert second.revision == 2
    restore_assessment(session, first.id)
    assert [(one.revision, one.current) for one in list_assessments(session, engagement)] == [(1, False), (2, True)]


def test_an_assessment_goes_and_comes_back_with_its_unit_and_round(
    session: Session, engagement: int, clock: FixedClock
) -> None:
    made = assess(session, engagement, clock)
    archive_unit(session, engagement, "group", clock)
    assert list_assessments(session, engagement) == ()
    hidden = get_assessment(session, made.id)
    assert (hidden.archived, hidden.archived_itself, hidden.current) == (True, False, False)
    restore_unit(session, engagement, "group")
    archive_round(session, engagement, "2026-03", clock)
    assert list_assessments(session, engagement) == ()
    restore_round(session, engagement, "2026-03")
    assert [one.id for one in list_assessments(session, engagement)] == [made.id]


def test_no_assessment_is_started_in_what_is_archived(session: Session, engagement: int, clock: FixedClock) -> None:
    archive_unit(session, engagement, "city", clock)
    with pytest.raises(Invalid, match="restore"):
        assess(session, engagement, clock)
    archive_round(session, engagement, "2026-03", clock)
    with pytest.raises(Invalid, match="restore"):
        assess(session, engagement, clock, unit="group")


def test_assessments_stand_in_the_order_of_the_tree(session: Session, engagement: int, clock: FixedClock) -> None:
    for unit in ("city", "group"):
        assess(session, engagement, clock, unit=unit)
    assert [one.unit.key for one in list_assessments(session, engagement)] == ["group", "city"]


def test_what_is_not_there_is_not_found(session: Session, engagement: int, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        get_engagement(session, "nowhere")
    with pytest.raises(NotFound):
        engagements.get_engagement_by_id(session, 4711)
    with pytest.raises(NotFound):
        get_unit(session, engagement, "nowhere")
    with pytest.raises(NotFound):
        engagements.units_below(session, engagement, "nowhere")
    with pytest.raises(NotFound):
        get_round(session, engagement, "nowhere")
    with pytest.raises(NotFound):
        get_assessment(session, 4711)
    with pytest.raises(NotFound):
        archive_assessment(session, 4711, clock)


def test_the_wall_between_engagements_holds_for_keys(session: Session, engagement: int, clock: FixedClock) -> None:
    other = create_engagement(session, key="other", name=Text("另一客户"), actor=None, clock=clock)
    with pytest.raises(NotFound):
        get_unit(session, other.id, "city")
    create_unit(session, other.id, key="city", name=Text("同名"))
    assert get_unit(session, engagement, "city").name == Text("本地网")


def test_archiving_twice_keeps_the_first_time(session: Session, engagement: int, clock: FixedClock) -> None:
    made = assess(session, engagement, clock)
    for _ in range(2):
        archive_round(session, engagement, "2026-09", clock)
        archive_assessment(session, made.id, clock)
        clock.moment = clock.moment.replace(hour=14)
    assert engagements.assessment_record(session, made.id).archived_at == clock().replace(hour=12)
    for _ in range(2):
        archive_engagement(session, "client", clock)
        clock.moment = clock.moment.replace(hour=16)
    record = store.engagement_by_id(session, engagement)
    assert record is not None
    assert record.archived_at == clock().replace(hour=14)


def changes_of(
    session: Session, engagement: int, assessment: int, clock: FixedClock
) -> dict[str, Callable[[], object]]:
    """Return everything that can be done to what an engagement holds."""
    name = Text("另一个名字")
    return {
        "rename": lambda: rename_engagement(session, "client", name),
        "create unit": lambda: create_unit(session, engagement, key="new", name=name),
        "edit unit": lambda: edit_unit(session, engagement, "city", name=name),
        "move unit": lambda: move_unit(session, engagement, "city", None),
        "archive unit": lambda: archive_unit(session, engagement, "city", clock),
        "restore unit": lambda: restore_unit(session, engagement, "city"),
        "create round": lambda: create_round(session, engagement, key="2027", name=name),
        "edit round": lambda: edit_round(session, engagement, "2026-03", name=name),
        "archive round": lambda: archive_round(session, engagement, "2026-03", clock),
        "restore round": lambda: restore_round(session, engagement, "2026-03"),
        "create assessment": lambda: assess(session, engagement, clock, "group"),
        "archive assessment": lambda: archive_assessment(session, assessment, clock),
        "restore assessment": lambda: restore_assessment(session, assessment),
    }


def test_an_archived_engagement_is_read_only_until_it_is_restored(
    session: Session, engagement: int, clock: FixedClock
) -> None:
    made = assess(session, engagement, clock)

    def everything() -> object:
        return (
            get_engagement(session, "client").name,
            list_units(session, engagement, archived=True),
            list_rounds(session, engagement, archived=True),
            list_assessments(session, engagement, archived=True),
        )

    before = everything()
    archive_engagement(session, "client", clock)
    for what, change in changes_of(session, engagement, made.id, clock).items():
        with pytest.raises(Invalid) as refused:
            change()
        assert (refused.value.field, refused.value.code) == ("engagement", "archived"), what
    assert everything() == before
    restore_engagement(session, "client")
    for change in changes_of(session, engagement, made.id, clock).values():
        change()


def test_an_engagement_that_is_not_there_is_not_called_archived(session: Session) -> None:
    with pytest.raises(NotFound):
        create_unit(session, 4711, key="new", name=Text("x"))
