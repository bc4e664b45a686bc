"""Cases in and out: nothing lost, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from app.content.cases import parse_case, write_case
from app.core.case import AgreedScore, Answer, Case, Interview, Round, State, Unit
from app.core.text import Text
from app.services.assessing import load_assessment, load_current
from app.services.engagements import (
    archive_assessment,
    archive_engagement,
    archive_round,
    archive_unit,
    create_engagement,
    get_engagement,
    list_assessments,
    list_units,
    restore_assessment,
)
from app.services.exporting import NO_REASON, export_case
from app.services.importing import AlreadyThere, difference, import_case
from app.services.refusals import Invalid, NotFound
from app.storage.agreeing import decision_revisions
from tests.conftest import FixedClock
from tests.services.cases import FRAMEWORK, LEAVES, cases
from tests.trying import examples

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database, Session

SHIPPED = ["china-telecom-2003", "shenzhen-2003", "guangzhou-2003", "fuzhou-2003"]


def put(session: Session, library: Library, clock: FixedClock, case: Case, *, as_revision: bool = False) -> int:
    """Import a case of the small framework into the engagement `e`."""
    return import_case(
        session,
        case,
        framework=FRAMEWORK,
        engagement_key="e",
        library=library,
        actor=None,
        clock=clock,
        as_revision=as_revision,
    )


@pytest.fixture
def engagement(session: Session, clock: FixedClock) -> None:
    """The engagement `e`."""
    create_engagement(session, key="e", name=Text("测试项目"), actor=None, clock=clock)


def small(**values: object) -> Case:
    """A case of the small framework with a score and a finding."""
    case = Case(
        id="branch-2026",
        framework=FRAMEWORK.reference,
        unit=Unit("branch", Text("支局"), "local-network", "head-office"),
        round=Round("2026-03", Text("2026年3月")),
        scores={"leaf-1": AgreedScore(State.SCORED, Fraction("2.25"), findings=(Text("有规划"),))},
        published={"group-a": Fraction("2.10")},
        published_decimals=2,
    )
    return replace(case, **values)  # type: ignore[arg-type] # fields of Case by name


@contextmanager
def rolled_back(database: Database, clock: FixedClock) -> Iterator[Session]:
    """A transaction over an empty engagement `e` that leaves nothing behind."""
    with database.begin() as session:
        create_engagement(session, key="e", name=Text("测试项目"), actor=None, clock=clock)
        yield session
        session.rollback()


@given(case=cases())
@hypothesis_settings(
    deadline=None,
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_imported_comes_out_equal(
    database: Database, library: Library, clock: FixedClock, case: Case
) -> None:
    with rolled_back(database, clock) as session:
        assert export_case(session, put(session, library, clock, case)) == case


@given(case=cases())
@hypothesis_settings(deadline=None, max_examples=examples(50), suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_exported_is_a_file_that_reads_as_the_same_case(case: Case) -> None:
    read, _ = parse_case(write_case(case), name="export.yaml", framework=FRAMEWORK)
    assert read == case


@pytest.mark.parametrize("case_id", SHIPPED)
def test_a_shipped_case_comes_out_equal(demo_session: Session, library: Library, case_id: str) -> None:
    shipped = next(case for case in library.cases("telecom-crm") if case.id == case_id)
    engagement = get_engagement(demo_session, "china-telecom-2003")
    stored = next(one for one in list_assessments(demo_session, engagement.id) if one.key == case_id)
    exported = export_case(demo_session, stored.id)
    assert exported == shipped
    framework = library.framework(shipped.framework)
    read, faults = parse_case(write_case(exported), name="export.yaml", framework=framework)
    assert read == shipped
    assert faults == ()


@pytest.mark.usefixtures("engagement")
def test_the_order_of_scores_and_findings_is_kept(session: Session, library: Library, clock: FixedClock) -> None:
    scores = {
        leaf: AgreedScore(State.SCORED, Fraction(2), findings=(Text("乙"), Text("甲"), Text("丙")))
        for leaf in reversed(LEAVES)
    }
    exported = export_case(session, put(session, library, clock, small(scores=scores)))
    assert list(exported.scores) == list(reversed(LEAVES))
    assert exported.scores["leaf-1"].findings == (Text("乙"), Text("甲"), Text("丙"))


@pytest.mark.usefixtures("engagement")
def test_what_is_there_is_not_overwritten_and_the_differences_are_told(
    session: Session, library: Library, clock: FixedClock
) -> None:
    put(session, library, clock, small())
    other = small(
        scores={
            "leaf-1": AgreedScore(State.SCORED, Fraction(3), findings=(Text("有规划"), Text("已批准"))),
            "leaf-2": AgreedScore(State.UNKNOWN),
        },
        published={},
    )
    with pytest.raises(AlreadyThere) as refused:
        put(session, library, clock, other)
    assert {(one.path, one.stored, one.given) for one in refused.value.diff} == {
        ("scores.leaf-1.score", "2.25", "3"),
        ("scores.leaf-1.findings.1.zh", None, "已批准"),
        ("scores.leaf-2.state", None, "unknown"),
        ("published.group-a", "2.1", None),
    }
    (kept,) = list_assessments(session, get_engagement(session, "e").id)
    assert export_case(session, kept.id) == small()
    assert refused.value.assessment_id == kept.id


@pytest.mark.usefixtures("engagement")
def test_the_same_case_again_is_refused_without_a_difference(
    session: Session, library: Library, clock: FixedClock
) -> None:
    put(session, library, clock, small())
    with pytest.raises(AlreadyThere) as refused:
        put(session, library, clock, small())
    assert refused.value.diff == ()


@pytest.mark.usefixtures("engagement")
def test_a_revision_stands_beside_the_former_one(session: Session, library: Library, clock: FixedClock) -> None:
    first = put(session, library, clock, small())
    other = small(scores={"leaf-1": AgreedScore(State.SCORED, Fraction(5))})
    second = put(session, library, clock, other, as_revision=True)
    engagement_id = get_engagement(session, "e").id
    assert [(one.id, one.revision, one.current) for one in list_assessments(session, engagement_id)] == [
        (first, 1, False),
        (second, 2, True),
    ]
    assert export_case(session, first) == small()
    assert export_case(session, second) == other
    assert [view.id for view in load_current(session, engagement_id)] == [second]
    archive_assessment(session, second, clock)
    assert [view.id for view in load_current(session, engagement_id)] == [first]
    restore_assessment(session, second)
    assert [view.id for view in load_current(session, engagement_id)] == [second]


@pytest.mark.usefixtures("engagement")
def test_over_an_archived_assessment_a_case_is_the_next_revision(
    session: Session, library: Library, clock: FixedClock
) -> None:
    archive_assessment(session, put(session, library, clock, small()), clock)
    again = load_assessment(session, put(session, library, clock, small()))
    assert (again.revision, again.current) == (2, True)


@pytest.mark.usefixtures("engagement")
def test_a_refused_import_leaves_nothing(session: Session, library: Library, clock: FixedClock) -> None:
    off_grid = small(scores={"leaf-1": AgreedScore(State.SCORED, Fraction("2.1"))})
    with pytest.raises(Invalid):
        put(session, library, clock, off_grid)
    assert list_units(session, get_engagement(session, "e").id) == ()


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ({"leaf-1": AgreedScore(State.SCORED, Fraction("2.1"))}, "off-grid"),
        ({"leaf-1": AgreedScore(State.SCORED, Fraction(8))}, "off-grid"),
        ({"leaf-1": AgreedScore(State.SCORED)}, "state"),
        ({"leaf-1": AgreedScore(State.UNKNOWN, Fraction(2))}, "state"),
        ({"leaf-1": AgreedScore(State.NOT_APPLICABLE)}, "reason-missing"),
        ({"group-a": AgreedScore(State.SCORED, Fraction(2))}, "unknown-element"),
        ({"nowhere": AgreedScore(State.SCORED, Fraction(2))}, "unknown-element"),
    ],
)
@pytest.mark.usefixtures("engagement")
def test_a_score_that_the_framework_cannot_hold_is_refused(
    session: Session, library: Library, clock: FixedClock, scores: dict[str, AgreedScore], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        put(session, library, clock, small(scores=scores))
    assert refused.value.code == code


@pytest.mark.usefixtures("engagement")
def test_a_figure_for_an_unknown_capability_is_refused(session: Session, library: Library, clock: FixedClock) -> None:
    with pytest.raises(Invalid) as refused:
        put(session, library, clock, small(published={"nowhere": Fraction(2)}))
    assert refused.value.code == "unknown-node"


@pytest.mark.usefixtures("engagement")
def test_an_answer_off_the_grid_is_refused(session: Session, library: Library, clock: FixedClock) -> None:
    interview = Interview("i-1", "billing", answers={"leaf-1": Answer(State.SCORED, Fraction("2.1"))})
    with pytest.raises(Invalid) as refused:
        put(session, library, clock, small(interviews=(interview,)))
    assert refused.value.code == "off-grid"


@pytest.mark.usefixtures("engagement")
def test_a_unit_above_that_nobody_describes_is_called_by_its_id(
    session: Session, library: Library, clock: FixedClock
) -> None:
    put(session, library, clock, small())
    units = list_units(session, get_engagement(session, "e").id)
    assert [(unit.key, unit.name, unit.parent) for unit in units] == [
        ("head-office", Text("head-office"), None),
        ("branch", Text("支局"), "head-office"),
    ]


def test_units_above_come_from_the_unit_tree_of_the_content(
    session: Session, library: Library, clock: FixedClock
) -> None:
    create_engagement(session, key="mine", name=Text("我的"), actor=None, clock=clock)
    case = next(case for case in library.cases("telecom-crm") if case.id == "shenzhen-2003")
    import_case(
        session,
        case,
        framework=library.framework("telecom-crm"),
        engagement_key="mine",
        library=library,
        actor=None,
        clock=clock,
    )
    units = list_units(session, get_engagement(session, "mine").id)
    assert [(unit.key, unit.depth) for unit in units] == [("china-telecom", 0), ("guangdong", 1), ("shenzhen", 2)]
    assert units[1].name == Text("广东省电信", "Guangdong Telecom")


@pytest.mark.usefixtures("engagement")
def test_a_unit_known_under_another_name_is_refused_and_renamed_by_a_revision(
    session: Session, library: Library, clock: FixedClock
) -> None:
    put(session, library, clock, small())
    other = small(
        unit=Unit("branch", Text("新支局"), "local-network", "elsewhere"),
        round=Round("2026-04", Text("2026年4月")),
    )
    with pytest.raises(AlreadyThere) as refused:
        put(session, library, clock, other)
    assert {one.path for one in refused.value.diff} == {"unit.name.zh", "unit.parent"}
    assert export_case(session, put(session, library, clock, other, as_revision=True)) == other


@pytest.mark.usefixtures("engagement")
def test_what_a_case_does_not_say_of_a_known_unit_is_no_contradiction(
    session: Session, library: Library, clock: FixedClock
) -> None:
    put(session, library, clock, small())
    brief = small(unit=Unit("branch", Text("支局")), round=Round("2026-04", Text("2026年4月")))
    exported = export_case(session, put(session, library, clock, brief))
    assert (exported.unit.kind, exported.unit.parent) == ("local-network", "head-office")


@pytest.mark.usefixtures("engagement")
def test_a_round_known_under_another_date_is_refused(session: Session, library: Library, clock: FixedClock) -> None:
    put(session, library, clock, small())
    other = small(unit=Unit("other", Text("另一支局")), round=Round("2026-03", Text("2026年3月"), clock().date()))
    with pytest.raises(AlreadyThere) as refused:
        put(session, library, clock, other)
    assert [one.path for one in refused.value.diff] == ["round.date"]
    assert export_case(session, put(session, library, clock, other, as_revision=True)).round == other.round


@pytest.mark.usefixtures("engagement")
def test_nothing_is_imported_into_what_is_archived(session: Session, library: Library, clock: FixedClock) -> None:
    put(session, library, clock, small())
    engagement_id = get_engagement(session, "e").id
    archive_round(session, engagement_id, "2026-03", clock)
    with pytest.raises(Invalid, match="archived"):
        put(session, library, clock, small(unit=Unit("other", Text("另一支局"))))
    archive_unit(session, engagement_id, "branch", clock)
    with pytest.raises(Invalid, match="archived"):
        put(session, library, clock, small(round=Round("2026-04", Text("2026年4月"))))


@pytest.mark.usefixtures("engagement")
def test_nothing_is_imported_into_an_archived_engagement(session: Session, library: Library, clock: FixedClock) -> None:
    put(session, library, clock, small())
    archive_engagement(session, "e", clock)
    with pytest.raises(Invalid) as refused:
        put(session, library, clock, small(), as_revision=True)
    assert (refused.value.field, refused.value.code) == ("engagement", "archived")
    assert len(list_assessments(session, get_engagement(session, "e").id)) == 1


def test_an_import_into_an_unknown_engagement_is_refused(session: Session, library: Library, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        put(session, library, clock, small())


@pytest.mark.usefixtures("engagement")
def test_every_imported_score_has_its_history(session: Session, library: Library, clock: FixedClock) -> None:
    assessment_id = put(session, library, clock, small())
    (change,) = decision_revisions(session, assessment_id, "leaf-1")
    assert (change.kind, change.version, change.before, change.at) == ("import", 1, None, clock())
    assert change.after is not None
    assert change.after["steps"] == 5
    assert change.after["findings"] == [{"zh": "有规划", "en": None}]


@pytest.mark.usefixtures("engagement")
def test_names_stay_out_when_asked(session: Session, library: Library, clock: FixedClock) -> None:
    interview = Interview("i-1", "billing", respondent="受访者A", interviewer="c1")
    assessment_id = put(session, library, clock, small(interviews=(interview,)))
    (told,) = export_case(session, assessment_id).interviews
    (silent,) = export_case(session, assessment_id, names=False).interviews
    assert (told.respondent, told.interviewer) == ("受访者A", "c1")
    assert (silent.respondent, silent.interviewer) == (None, None)


@pytest.mark.usefixtures("engagement")
def test_an_unfinished_interview_still_makes_a_valid_file(
    session: Session, library: Library, clock: FixedClock
) -> None:
    answers = {
        "leaf-1": Answer(State.OPEN, note="下次再问"),
        "leaf-2": Answer(State.NOT_APPLICABLE),
        "leaf-3": Answer(State.SCORED, Fraction(4)),
    }
    case = small(interviews=(Interview("i-1", "billing", answers=answers),))
    exported = export_case(session, put(session, library, clock, case))
    assert exported.interviews[0].answers == {
        "leaf-2": Answer(State.NOT_APPLICABLE, reason=NO_REASON),
        "leaf-3": Answer(State.SCORED, Fraction(4)),
    }
    parse_case(write_case(exported), name="export.yaml", framework=FRAMEWORK)


@given(case=cases())
@hypothesis_settings(deadline=None, max_examples=examples(20), suppress_health_check=[HealthCheck.too_slow])
def test_a_case_does_not_differ_from_itself(case: Case) -> None:
    assert difference(case, case) == ()
