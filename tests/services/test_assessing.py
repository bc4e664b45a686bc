"""What is stored becomes one view and one scorecard, the same that the case file gives."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.case import AgreedScore, Answer, Case, Interview, Round, State, Unit
from app.core.framework import Method
from app.core.judging import judge
from app.core.scoring import Status, score
from app.core.text import Text
from app.services.assessing import load_assessment, load_current
from app.services.engagements import create_engagement, get_engagement
from app.services.importing import import_case
from app.services.portfolio import portfolio
from app.services.refusals import NotFound

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session
    from tests.conftest import FixedClock

KEY = "china-telecom-2003"


def with_interviews() -> Case:
    """A case of the main framework with two respondents; respondents' roles weigh the same."""
    return Case(
        id="fuzhou-test",
        framework="telecom-crm@1.0.0",
        unit=Unit("fuzhou-test", Text("测试：福州")),
        round=Round("2026-03", Text("2026年3月")),
        questionnaire="telecom-crm-interview@1.0.0",
        scores={"internal-data-collection": AgreedScore(State.SCORED, Fraction(4))},
        interviews=(
            Interview(
                "i-01",
                "billing",
                answers={
                    "customer-data-strategy": Answer(State.SCORED, Fraction(1)),
                    "internal-data-collection": Answer(State.SCORED, Fraction(1)),
                    "external-data-collection": Answer(State.NOT_APPLICABLE, reason="不采购"),
                },
            ),
            Interview(
                "i-02",
                "local-marketing",
                answers={
                    "customer-data-strategy": Answer(State.SCORED, Fraction(2)),
                    "external-data-collection": Answer(State.SCORED, Fraction(3)),
                },
            ),
        ),
    )


@pytest.fixture
def interviewed(session: Session, library: Library, clock: FixedClock) -> int:
    """The id of an assessment with two respondents."""
    create_engagement(session, key="test", name=Text("测试数据"), actor=None, clock=clock)
    return import_case(
        session,
        with_interviews(),
        framework=library.framework("telecom-crm"),
        engagement_key="test",
        library=library,
        actor=None,
        clock=clock,
    )


@pytest.mark.parametrize("case_id", ["china-telecom-2003", "shenzhen-2003", "guangzhou-2003", "fuzhou-2003"])
def test_a_stored_case_scores_like_its_file(demo_session: Session, library: Library, case_id: str) -> None:
    case = next(case for case in library.cases("telecom-crm") if case.id == case_id)
    framework = library.framework(case.framework)
    engagement = get_engagement(demo_session, KEY)
    view = next(view for view in load_current(demo_session, engagement.id) if view.key == case_id)
    assert view.framework == framework
    expected = score(framework, judge(framework, case.scores), published=case.published)
    assert view.scorecard.overall == expected.overall
    assert view.scorecard.nodes == expected.nodes


def test_weights_and_method_are_those_asked_for(demo_session: Session, library: Library) -> None:
    engagement = get_engagement(demo_session, KEY)
    profile = library.weight_profiles(library.framework("telecom-crm"))["equal"]
    view = load_current(demo_session, engagement.id)[0]
    asked = load_assessment(demo_session, view.id, weights=profile, method=Method.FLAT_MEAN)
    assert (asked.scorecard.weights, asked.scorecard.method) == ("equal", Method.FLAT_MEAN)
    assert asked.scorecard.overall.score != view.scorecard.overall.score


def test_respondents_are_brought_together_and_the_agreed_score_wins(session: Session, interviewed: int) -> None:
    view = load_assessment(session, interviewed)
    judgements = view.scorecard.judgements
    assert judgements["customer-data-strategy"].score == Fraction("1.5")
    assert judgements["customer-data-strategy"].respondents == 2
    assert judgements["internal-data-collection"].score == 4
    assert judgements["internal-data-collection"].agreed
    assert judgements["external-data-collection"].score == 3
    assert judgements["external-data-collection"].partly_not_applicable


def test_an_interview_names_its_role_from_the_pinned_questionnaire(session: Session, interviewed: int) -> None:
    view = load_assessment(session, interviewed)
    assert [(one.key, one.role_name.zh, one.weight) for one in view.interviews] == [
        ("i-01", "计费账务", Fraction(1)),
        ("i-02", "市场部", Fraction(1)),
    ]


def test_an_unknown_assessment_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        load_assessment(session, 4711)


def test_the_portfolio_shows_the_tree_with_progress_and_overall(demo_session: Session) -> None:
    shown = portfolio(demo_session, KEY)
    tree = [(branch.unit.key, branch.unit.depth, len(branch.entries)) for branch in shown.walk()]
    assert tree == [
        ("china-telecom", 0, 1),
        ("guangdong", 1, 0),
        ("shenzhen", 2, 1),
        ("guangzhou", 2, 1),
        ("fujian", 1, 0),
        ("fuzhou", 2, 1),
    ]
    entries = {branch.unit.key: branch.entries[0] for branch in shown.walk() if branch.entries}
    assert {key: (e.progress.scored, e.progress.applicable) for key, e in entries.items()} == {
        "china-telecom": (50, 50),
        "shenzhen": (49, 50),
        "guangzhou": (36, 50),
        "fuzhou": (0, 50),
    }
    assert not entries["fuzhou"].progress.started
    assert entries["fuzhou"].overall.status is Status.OPEN
    assert entries["guangzhou"].overall.withheld
    assert entries["shenzhen"].overall.status is Status.PUBLISHED


def test_the_portfolio_of_an_unknown_engagement_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        portfolio(session, "nowhere")
