"""Planning interviews: who is still to be asked, appointments that disturb nothing, and the order of the dimensions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.content.case_writing import write_case
from app.core.panel import Asking, Reach
from app.core.questionnaire import Item, Questionnaire, Role
from app.core.text import Text
from app.services import interviewing, planning
from app.services.assessing import load_assessment
from app.services.engagements import archive_engagement, get_engagement, list_assessments
from app.services.exporting import export_case
from app.services.interview_sheet import Sheet, dimensions, read_sheet
from app.services.interviewing import ROTATE, Particulars
from app.services.planning import Plan, Settings
from app.services.refusals import Invalid, NotFound
from app.storage import assessments
from app.storage.assessments import AgreedScoreValues
from tests.services.holding import ELEMENT, GUIDE, Held, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.framework import Framework
    from app.storage.database import Database
    from tests.conftest import FixedClock

MONDAY_NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OTHER_DIMENSION = "customer-interactions"


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


@dataclass(frozen=True)
class OneGuide:
    """A library with a questionnaire of the test's own in the place of the shipped ones."""

    library: Library
    guide: Questionnaire

    def questionnaires(self, _framework_id: str | None = None) -> tuple[Questionnaire, ...]:
        return (self.guide,)


def start(held: Held, role: str, *, assessment_id: int | None = None, **particulars: object) -> int:
    """Plan another interview in a transaction of its own."""
    with held.database.begin() as session:
        return interviewing.start_interview(
            session,
            assessment_id or held.assessment_id,
            questionnaire=GUIDE,
            role=role,
            particulars=Particulars(**particulars),  # type: ignore[arg-type] # named by the tests
            library=held.library,
            actor=held.ann,
            clock=held.clock,
        )


def plan(held: Held, library: object | None = None, questionnaire: str | None = None) -> Plan:
    with held.database.read() as session:
        return planning.read_plan(session, held.assessment_id, library or held.library, questionnaire)  # type: ignore[arg-type] # or a fake of it


def sheet(held: Held, interview_id: int) -> Sheet:
    with held.database.read() as session:
        return read_sheet(session, interview_id)


def asking(held: Held, element: str, role: str) -> Asking:
    return plan(held).cells[element][role].asking


# --- who is still to be asked ----------------------------------------------------------------------------------------


def test_ten_roles_are_enough_for_the_shipped_questionnaire(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    found = plan(held)
    assert (len(found.columns), len(found.panels), found.minimum) == (28, 50, 2)
    assert len(found.reaches[Reach.MISSING]) == 50
    assert [one.role for one in found.suggestions][:2] == ["local-marketing", "service-hotline-1000"]
    assert len(found.suggestions) == 10


def test_a_cell_goes_from_asked_to_scored(held: Held) -> None:
    assert asking(held, ELEMENT, "billing") is Asking.NOT_ASKED
    assert asking(held, ELEMENT, "provincial-it") is Asking.ASKED
    assert asking(held, ELEMENT, "local-marketing") is Asking.PLANNED
    held.save({"note": "开始了"}, element="external-data-collection")
    assert asking(held, ELEMENT, "local-marketing") is Asking.BEGUN
    held.save({"state": "unknown"})
    assert asking(held, ELEMENT, "local-marketing") is Asking.UNKNOWN
    held.save({"state": "not-applicable", "reason": "没有"}, base=1)
    assert asking(held, ELEMENT, "local-marketing") is Asking.NOT_APPLICABLE
    held.save({"score": "0"}, base=2)
    assert asking(held, ELEMENT, "local-marketing") is Asking.SCORED
    assert plan(held).cells[ELEMENT]["local-marketing"].interview == held.interview_id


def test_what_a_closed_interview_left_open_is_to_be_asked_again(held: Held) -> None:
    held.save({"score": "1"}, element="external-data-collection")
    with held.database.begin() as session:
        interviewing.close_interview(session, held.interview_id)
    assert asking(held, ELEMENT, "local-marketing") is Asking.ASKED
    assert asking(held, "external-data-collection", "local-marketing") is Asking.SCORED


def test_planned_and_held_interviews_of_different_roles_reach_the_minimum(held: Held) -> None:
    held.save({"score": "2"})
    start(held, "provincial-it")
    start(held, "local-marketing")
    panel = next(panel for panel in plan(held).panels if panel.element == ELEMENT)
    assert panel.heard == {"local-marketing"}
    assert panel.coming == {"provincial-it"}
    assert panel.reach(2) is Reach.WILL_BE
    assert panel.reach(3) is Reach.MISSING


def test_an_archived_interview_is_not_in_the_plan(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    assert asking(held, ELEMENT, "local-marketing") is Asking.ASKED
    assert plan(held).appointments == ()


def test_an_agreed_element_needs_nobody_but_an_agreed_unknown_does(held: Held) -> None:
    agreed = {ELEMENT: AgreedScoreValues("scored", 4), "external-data-collection": AgreedScoreValues("unknown")}
    with held.database.begin() as session:
        assessments.insert_agreed_scores(session, held.assessment_id, agreed, at=held.clock(), user_id=held.ann.user_id)
    found = plan(held)
    assert found.reaches[Reach.SETTLED] == (ELEMENT,)
    assert all(ELEMENT not in one.elements for one in found.suggestions)


def own_guide(held: Held, **changes: object) -> Questionnaire:
    return replace(held.library.questionnaire(GUIDE), **changes)  # type: ignore[arg-type] # named by the tests


def test_elements_whose_questionnaire_asks_too_few_roles_are_named(held: Held) -> None:
    guide = held.library.questionnaire(GUIDE)
    items = tuple(Item(item.element, roles=("billing",)) if item.element == ELEMENT else item for item in guide.items)
    fake = OneGuide(held.library, own_guide(held, items=items))
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    assert plan(held, fake).reaches[Reach.OUT_OF_REACH] == (ELEMENT,)
    omitting = own_guide(held, items=tuple(item for item in guide.items if item.element != ELEMENT), omit=(ELEMENT,))
    assert plan(held, OneGuide(held.library, omitting)).reaches[Reach.OUT_OF_REACH] == (ELEMENT,)


def test_an_item_without_roles_is_asked_of_everybody(held: Held) -> None:
    guide = held.library.questionnaire(GUIDE)
    items = tuple(Item(item.element) if item.element == ELEMENT else item for item in guide.items)
    found = plan(held, OneGuide(held.library, own_guide(held, items=items)))
    assert {cell.asking for role, cell in found.cells[ELEMENT].items() if role != "local-marketing"} == {Asking.ASKED}


def test_a_role_of_weight_0_is_shown_and_never_suggested(held: Held) -> None:
    guide = held.library.questionnaire(GUIDE)
    roles = tuple(
        replace(role, weight=Fraction(0)) if role.id == "service-hotline-1000" else role for role in guide.roles
    )
    found = plan(held, OneGuide(held.library, own_guide(held, roles=roles)))
    assert found.column("service-hotline-1000") is not None
    assert "service-hotline-1000" not in {one.role for one in found.suggestions}


def test_roles_that_only_interviews_know_have_a_column_of_their_own(held: Held) -> None:
    held.save({"score": "2"})
    guide = own_guide(held, roles=(Role("counsel", Text("法务")),), items=(Item(ELEMENT),), omit=())
    found = plan(held, OneGuide(held.library, guide))
    column = found.column("local-marketing")
    assert column is not None
    assert (column.extra, column.asked, column.role.name.zh) == (True, 0, "市场部")
    assert found.cells[ELEMENT]["local-marketing"].asking is Asking.SCORED


def test_a_questionnaire_without_roles_leaves_the_interviews_own(held: Held) -> None:
    found = plan(held, OneGuide(held.library, own_guide(held, roles=(), items=(Item(ELEMENT),))))
    assert [column.role.id for column in found.columns] == ["local-marketing"]
    assert found.suggestions == ()


def test_the_questionnaire_can_be_chosen_and_an_unknown_one_is_the_usual(held: Held) -> None:
    own = plan(held, questionnaire="telecom-crm-self-assessment@1.1.0").questionnaire
    assert own is not None
    assert own.id == "telecom-crm-self-assessment"
    usual = plan(held, questionnaire="nothing@1.0.0").questionnaire
    assert usual is not None
    assert usual.reference == GUIDE


# --- settings --------------------------------------------------------------------------------------------------------


def test_the_minimum_is_the_assessments_own_else_the_frameworks(held: Held) -> None:
    with held.database.begin() as session:
        assert planning.minimum_roles(session, held.assessment_id) == 2
        planning.change_settings(session, held.assessment_id, Settings(3, shows_previous=False))
        assert planning.minimum_roles(session, held.assessment_id) == 3
        assert planning.settings_of(session, held.assessment_id) == Settings(3, shows_previous=False)
        planning.change_settings(session, held.assessment_id, Settings(None, shows_previous=True))
        assert planning.minimum_roles(session, held.assessment_id) == 2


@pytest.mark.parametrize("number", [0, 10, -1])
def test_a_minimum_is_1_to_9(held: Held, number: int) -> None:
    with held.database.begin() as session, pytest.raises(Invalid, match="1 to 9"):
        planning.change_settings(session, held.assessment_id, Settings(number, shows_previous=True))


def test_an_archived_engagement_keeps_its_settings(held: Held) -> None:
    with held.database.begin() as session:
        archive_engagement(session, "china-telecom-2003", held.clock)
        with pytest.raises(Invalid) as refused:
            planning.change_settings(session, held.assessment_id, Settings(3, shows_previous=False))
        assert refused.value.code == "assessment-archived"


def test_what_does_not_exist_is_not_found(held: Held) -> None:
    with held.database.begin() as session:
        for ask in (planning.minimum_roles, planning.settings_of):
            with pytest.raises(NotFound):
                ask(session, 10_000)
        with pytest.raises(NotFound):
            planning.read_plan(session, 10_000, held.library)
        with pytest.raises(NotFound):
            planning.cancel_appointment(session, 10_000, held.clock)


# --- appointments ----------------------------------------------------------------------------------------------------


def test_an_appointment_is_a_draft_with_a_time_whose_day_is_the_date(held: Held) -> None:
    interview_id = start(held, "billing", starts_at=MONDAY_NINE, place=" 三楼 ", interviewer="张三")
    one = sheet(held, interview_id).interview
    assert (one.state, one.starts_at, one.place) == ("draft", MONDAY_NINE, "三楼")
    assert one.date == MONDAY_NINE.astimezone().date()
    moved = MONDAY_NINE + timedelta(days=1)
    with held.database.begin() as session:
        interviewing.describe_interview(session, interview_id, Particulars("受访者Z", starts_at=moved))
    one = sheet(held, interview_id).interview
    assert (one.starts_at, one.respondent, one.place, one.date) == (moved, "受访者Z", None, moved.astimezone().date())


def test_an_appointment_disturbs_neither_scores_nor_exports(held: Held) -> None:
    def seen() -> tuple[object, ...]:
        with held.database.read() as session:
            view = load_assessment(session, held.assessment_id)
            return (
                view.scorecard.overall,
                view.scorecard.judgements,
                len(view.interviews),
                write_case(export_case(session, held.assessment_id)),
            )

    held.save({"score": "3"})
    before = seen()
    interview_id = start(held, "billing", starts_at=MONDAY_NINE, respondent="受访者B")
    assert seen() == before
    save(held, interview_id, "internal-data-collection")
    assert seen()[2] == 2


def save(held: Held, interview_id: int, element: str, score: str = "1") -> None:
    replace(held, interview_id=interview_id).save({"score": score}, element=element)


def test_appointments_are_listed_by_time_and_those_without_one_last(held: Held) -> None:
    late = start(held, "billing", starts_at=MONDAY_NINE + timedelta(hours=5))
    early = start(held, "finance", starts_at=MONDAY_NINE)
    someday = start(held, "key-accounts")
    day_only = start(held, "service-shop", date=date(2026, 3, 3))
    begun = start(held, "provincial-it", starts_at=MONDAY_NINE)
    save(held, begun, ELEMENT)
    listed = [one.interview.id for one in plan(held).appointments]
    assert listed == [early, late, held.interview_id, day_only, someday]


def test_a_cancelled_appointment_can_be_restored_and_one_that_has_begun_cannot_be_cancelled(held: Held) -> None:
    interview_id = start(held, "billing", starts_at=MONDAY_NINE)
    with held.database.begin() as session:
        planning.cancel_appointment(session, interview_id, held.clock)
    assert interview_id not in [one.interview.id for one in plan(held).appointments]
    with held.database.begin() as session:
        interviewing.restore_interview(session, interview_id)
    save(held, interview_id, "internal-data-collection")
    with held.database.begin() as session, pytest.raises(Invalid, match="was begun"):
        planning.cancel_appointment(session, interview_id, held.clock)


def clashing(held: Held) -> set[int]:
    with held.database.read() as session:
        return set(planning.clashes(session, get_engagement(session, "china-telecom-2003").id))


def test_one_interviewer_cannot_be_in_two_talks_within_the_hour(held: Held) -> None:
    one = start(held, "billing", starts_at=MONDAY_NINE, interviewer="张三、 Li  Si")
    other = start(held, "finance", starts_at=MONDAY_NINE + timedelta(minutes=59), interviewer="li si")
    start(held, "key-accounts", starts_at=MONDAY_NINE + timedelta(minutes=30), interviewer="王五")
    start(held, "service-shop", starts_at=MONDAY_NINE, interviewer=None)
    after = start(held, "provincial-it", starts_at=MONDAY_NINE + timedelta(minutes=60), interviewer="张三")
    assert clashing(held) == {one, other}
    with held.database.begin() as session:
        interviewing.describe_interview(session, after, Particulars(None, "张三", starts_at=MONDAY_NINE))
        interviewing.archive_interview(session, other, held.clock)
    assert clashing(held) == {one, after}


def test_appointments_in_another_unit_clash_too(held: Held) -> None:
    with held.database.read() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        shenzhen = next(one.id for one in list_assessments(session, engagement.id) if one.unit.key == "shenzhen")
    here = start(held, "billing", starts_at=MONDAY_NINE, interviewer="张三")
    there = start(held, "billing", assessment_id=shenzhen, starts_at=MONDAY_NINE, interviewer="张三")
    assert clashing(held) == {here, there}


# --- rotation --------------------------------------------------------------------------------------------------------


def sections(held: Held, interview_id: int) -> list[str]:
    return [one.node.id for one in sheet(held, interview_id).sections if one.node]


def test_an_interview_opens_with_its_dimension_and_goes_round(held: Held) -> None:
    usual = sections(held, held.interview_id)
    assert usual[0] == "customer-insight"
    with held.database.begin() as session:
        interviewing.describe_interview(session, held.interview_id, Particulars(opens_with=OTHER_DIMENSION))
    place = usual.index(OTHER_DIMENSION)
    assert sections(held, held.interview_id) == usual[place:] + usual[:place]
    turned = sheet(held, held.interview_id)
    first, last = turned.lines[0].element.id, turned.lines[-1].element.id
    assert turned.neighbours(first)[0] is None
    assert turned.neighbours(last)[1] is None
    assert turned.resume == turned.lines[0]
    assert turned.groups[0].lines[0] == turned.lines[0]


def test_a_role_that_is_not_asked_about_the_opening_goes_on_with_the_next_dimension(held: Held) -> None:
    interview_id = start(held, "billing", opens_with=OTHER_DIMENSION)
    framework = sheet(held, interview_id).framework
    asked = dimensions(framework, held.library.questionnaire(GUIDE), "billing")
    assert OTHER_DIMENSION not in asked
    assert sections(held, interview_id)[0] == "customer-offers"


def test_rotating_interviews_open_with_every_dimension_equally_often(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    opened = []
    for _ in range(10):
        interview_id = start(held, "local-marketing", opens_with=ROTATE)
        opened.append(sheet(held, interview_id).interview.opens_with)
    dimension_ids = dimensions(sheet(held, interview_id).framework, None)
    assert opened == [*dimension_ids, *dimension_ids]


def test_without_a_choice_the_order_is_the_questionnaires(held: Held) -> None:
    assert sheet(held, held.interview_id).interview.opens_with is None
    asked = [item.element for item in held.library.questionnaire(GUIDE).items_for("local-marketing")]
    assert [line.element.id for line in sheet(held, held.interview_id).lines] == asked


@pytest.mark.parametrize("opening", ["collect-data", ELEMENT, "nowhere"])
def test_an_interview_opens_only_with_a_capability_of_the_first_tier(held: Held, opening: str) -> None:
    with pytest.raises(Invalid, match="first tier"):
        start(held, "billing", opens_with=opening)
    with held.database.begin() as session, pytest.raises(Invalid, match="first tier"):
        interviewing.describe_interview(session, held.interview_id, Particulars(opens_with=opening))


def single_tier(framework: Framework) -> Framework:
    """Return a framework whose elements stand on the first tier."""
    return replace(framework, tiers=framework.tiers[-1:], capabilities=framework.leaves)


def test_a_framework_of_a_single_tier_has_nothing_to_rotate(library: Library) -> None:
    framework = single_tier(library.framework("telecom-crm"))
    assert dimensions(framework, library.questionnaire(GUIDE), "billing") == ()
