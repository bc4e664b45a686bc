"""Search finds substrings in both languages and takes nothing that is typed for a pattern."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.case import AgreedScore, Answer, Interview, State
from app.core.text import Text
from app.services.engagements import archive_unit, create_engagement, create_unit, get_engagement
from app.services.importing import import_case
from app.services.searching import Hits, search
from tests.services.cases import FRAMEWORK
from tests.services.test_exchange import small

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session
    from tests.conftest import FixedClock


def found(hits: Hits) -> dict[str, list[str]]:
    """Return what was found, as keys and ids."""
    return {
        "units": [hit.unit.key for hit in hits.units if hit.unit],
        "capabilities": [hit.element or "" for hit in hits.capabilities],
        "findings": [hit.element or "" for hit in hits.findings],
    }


@pytest.fixture
def noted(session: Session, library: Library, clock: FixedClock) -> None:
    """An assessment whose findings and notes hold characters that mean something to SQL."""
    engagement = create_engagement(session, key="test", name=Text("测试数据"), actor=None, clock=clock)
    create_unit(session, engagement.id, key="percent", name=Text("100%达标_支局", "Branch 100%"))
    interview = Interview(
        "i-1", "billing", answers={"leaf-3": Answer(State.SCORED, Fraction(2), note="C:\\数据\\导出_表")}
    )
    case = replace(
        small(),
        scores={
            "leaf-1": AgreedScore(State.SCORED, Fraction(2), findings=(Text("覆盖率为100%（全部）", "Covers 100%"),)),
            "leaf-2": AgreedScore(State.NOT_APPLICABLE, reason="O'Brien 说不适用"),
        },
        interviews=(interview,),
    )
    import_case(session, case, framework=FRAMEWORK, engagement_key="test", library=library, actor=None, clock=clock)


def test_units_are_found_by_either_language_and_key(demo_session: Session) -> None:
    for query in ("福州", "fuzhou", "FUZHOU tele", "ｆｕｚｈｏｕ"):
        assert found(search(demo_session, query))["units"] == ["fuzhou"]


def test_elements_are_found_by_name_code_and_definition(demo_session: Session) -> None:
    hits = search(demo_session, "数据仓库")
    assert "data-warehouse-management" in found(hits)["capabilities"]
    named = found(search(demo_session, "customer-data-strategy"))
    assert named["capabilities"] == ["customer-data-strategy"]


def test_findings_say_where_they_belong(demo_session: Session) -> None:
    hits = search(demo_session, "Sybase")
    (hit,) = hits.findings
    assert hit.unit is not None
    assert hit.assessment is not None
    assert (hit.unit.key, hit.assessment.key, hit.element) == (
        "guangzhou",
        "guangzhou-2003",
        "data-warehouse-management",
    )
    assert "Sybase IQ" in (hit.text.zh or "")
    assert hit.title.zh


def test_every_word_must_stand_there(demo_session: Session) -> None:
    assert len(search(demo_session, "Sybase 经营分析").findings) == 1
    assert len(search(demo_session, "Sybase 没有这个词")) == 0


@pytest.mark.parametrize("query", ["", "   ", "　", "\n"])
def test_an_empty_query_finds_nothing(demo_session: Session, query: str) -> None:
    assert search(demo_session, query) == Hits()


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize(
    ("query", "units", "findings"),
    [
        ("100%", ["percent"], ["leaf-1"]),
        ("%", ["percent"], ["leaf-1"]),
        ("_", ["percent"], ["leaf-3"]),
        ("1_0", [], []),
        ("1%0", [], []),
        ("\\", [], ["leaf-3"]),
        ("（全部）", [], ["leaf-1"]),
        ("O'Brien", [], ["leaf-2"]),
        ("' OR 1=1 --", [], []),
    ],
)
def test_wildcards_and_quotes_are_ordinary_characters(
    session: Session, query: str, units: list[str], findings: list[str]
) -> None:
    hits = found(search(session, query))
    assert (hits["units"], hits["findings"]) == (units, findings)


@pytest.mark.usefixtures("noted")
def test_one_engagement_is_searched_alone(session: Session, clock: FixedClock) -> None:
    other = create_engagement(session, key="other", name=Text("另一项目"), actor=None, clock=clock)
    create_unit(session, other.id, key="percent-too", name=Text("100%"))
    assert found(search(session, "100%"))["units"] == ["percent", "percent-too"]
    assert found(search(session, "100%", engagement=other))["units"] == ["percent-too"]
    assert search(session, "100%", engagement=other).findings == ()


@pytest.mark.usefixtures("noted")
def test_what_is_archived_is_passed_over(session: Session, clock: FixedClock) -> None:
    engagement = get_engagement(session, "test")
    archive_unit(session, engagement.id, "branch", clock)
    archive_unit(session, engagement.id, "percent", clock)
    assert len(search(session, "100%")) == 0
    assert search(session, "leaf").capabilities == ()


def test_more_than_is_asked_for_is_cut_and_said(demo_session: Session) -> None:
    hits = search(demo_session, "数据", limit=5)
    assert hits.cut
    assert (len(hits.capabilities), len(hits.findings)) == (5, 5)
    assert not search(demo_session, "Sybase").cut


def test_a_very_long_query_is_answered(demo_session: Session) -> None:
    assert len(search(demo_session, "很" * 100_000)) == 0
    assert len(search(demo_session, "a " * 100_000)) > 0
