"""The second ring of walls: the accessors of services find nothing that is not there for whoever asks.

Addresses are looked up before any view (the first ring, tests/web/walls); here nobody has looked before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.services import engagements, walls
from app.services.permissions import Actor, Part, Role
from app.services.refusals import NotFound
from app.storage import assessments

if TYPE_CHECKING:
    from app.storage.database import Session

DEMO = "china-telecom-2003"
ACCESSORS: dict[str, Callable[[Session, int, int], Any]] = {
    "engagement by key": lambda session, engagement_id, assessment_id: engagements.get_engagement(session, DEMO),
    "engagement by number": lambda session, engagement_id, assessment_id: engagements.get_engagement_by_id(
        session, engagement_id
    ),
    "assessment": lambda session, engagement_id, assessment_id: engagements.assessment_record(session, assessment_id),
}


@pytest.fixture
def there(demo_session: Session) -> tuple[int, int]:
    """The numbers of the demo engagement and of an assessment in it that is not published."""
    engagement_id = engagements.get_engagement(demo_session, DEMO).id
    assessment_id = engagements.list_assessments(demo_session, engagement_id)[0].id
    assessments.update_assessment(demo_session, assessment_id, state="in-progress")
    return engagement_id, assessment_id


def asked_by(session: Session, parts: dict[int, Part], role: Role = Role.CONSULTANT) -> None:
    """Let somebody with these parts ask through a session from now on."""
    session.info["asker"] = Actor(1, "x", "X", role, parts)


@pytest.mark.parametrize("accessor", ACCESSORS)
def test_what_is_of_another_engagement_is_not_found(
    demo_session: Session, there: tuple[int, int], accessor: str
) -> None:
    own, elsewhere = there[0], there[0] + 1
    asked_by(demo_session, {elsewhere: Part.LEAD})
    with pytest.raises(NotFound):
        ACCESSORS[accessor](demo_session, *there)
    asked_by(demo_session, {own: Part.OBSERVER})
    assert ACCESSORS[accessor](demo_session, *there)
    asked_by(demo_session, {}, Role.ADMINISTRATOR)
    assert ACCESSORS[accessor](demo_session, *there)


def test_lists_leave_out_what_is_of_another_engagement(demo_session: Session, there: tuple[int, int]) -> None:
    asked_by(demo_session, {there[0] + 1: Part.LEAD})
    assert engagements.list_engagements(demo_session) == ()
    assert walls.engagements_in_view(demo_session) == [there[0] + 1]
    assert walls.engagements_in_view(demo_session, there[0]) == []


def test_executives_find_an_assessment_once_it_is_published(demo_session: Session, there: tuple[int, int]) -> None:
    asked_by(demo_session, {there[0]: Part.EXECUTIVE})
    with pytest.raises(NotFound):
        engagements.assessment_record(demo_session, there[1])
    assert there[1] not in {one.id for one in engagements.list_assessments(demo_session, there[0])}
    assessments.update_assessment(demo_session, there[1], state=walls.PUBLISHED)
    assert engagements.assessment_record(demo_session, there[1]).id == there[1]
    assert there[1] in {one.id for one in engagements.list_assessments(demo_session, there[0])}
