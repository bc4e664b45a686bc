"""The engagement of 2003: exactly the content, once, and what people do with it afterwards stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.text import Text
from app.services.assessing import load_current
from app.services.demo import load_demo
from app.services.engagements import (
    archive_engagement,
    edit_unit,
    get_engagement,
    get_unit,
    list_assessments,
    list_rounds,
    list_units,
)

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session
    from tests.conftest import FixedClock

KEY = "china-telecom-2003"


def test_the_units_and_cases_are_those_of_the_content(demo_session: Session, library: Library) -> None:
    engagement = get_engagement(demo_session, KEY)
    tree = library.unit_tree("telecom-crm")
    assert tree is not None
    assert engagement.name == tree.name
    assert {(unit.key, unit.name, unit.kind, unit.parent) for unit in list_units(demo_session, engagement.id)} == {
        (unit.id, unit.name, unit.kind, unit.parent) for unit in tree.units
    }
    assert {one.key for one in list_assessments(demo_session, engagement.id)} == {
        case.id for case in library.cases("telecom-crm")
    }
    assert [one.key for one in list_rounds(demo_session, engagement.id)] == ["2003-09"]


def test_fuzhou_is_empty_and_guangzhou_partial(demo_session: Session) -> None:
    views = {view.unit.key: view for view in load_current(demo_session, get_engagement(demo_session, KEY).id)}
    assert views["fuzhou"].agreed == {}
    assert views["fuzhou"].interviews == ()
    assert len(views["guangzhou"].agreed) == 36
    assert views["guangzhou"].scorecard.overall.withheld


def test_loading_again_changes_nothing(demo_session: Session, library: Library, clock: FixedClock) -> None:
    engagement = get_engagement(demo_session, KEY)
    before = list_assessments(demo_session, engagement.id), list_units(demo_session, engagement.id)
    assert load_demo(demo_session, library, clock) == KEY
    assert (list_assessments(demo_session, engagement.id), list_units(demo_session, engagement.id)) == before


def test_what_somebody_changed_stays_changed(demo_session: Session, library: Library, clock: FixedClock) -> None:
    engagement = get_engagement(demo_session, KEY)
    edit_unit(demo_session, engagement.id, "fuzhou", name=Text("福州分公司"))
    load_demo(demo_session, library, clock)
    assert get_unit(demo_session, engagement.id, "fuzhou").name == Text("福州分公司")


def test_an_archived_demo_stays_archived(demo_session: Session, library: Library, clock: FixedClock) -> None:
    archive_engagement(demo_session, KEY, clock)
    load_demo(demo_session, library, clock)
    assert get_engagement(demo_session, KEY).archived
