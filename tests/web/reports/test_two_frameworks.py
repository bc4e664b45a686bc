"""The form for reports where one unit was assessed by two frameworks: told apart, and each made without a detour."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import ENGAGEMENT, Visitor

FORM = "/reports?engagement=china-telecom-2003"
BOXES = re.compile(r'name="assessments" value="(\d+)"( checked)?')


@pytest.fixture
def other(consultant: Visitor) -> str:
    """Fuzhou assessed by a second framework; return the number of that assessment."""
    wanted = {"unit": "fuzhou", "round": "2003-09", "framework": "credit-risk@1.0.0"}
    answer = consultant.post(f"{ENGAGEMENT}/assessments/new", wanted)
    found = re.search(r"/assessments/(\d+)", answer.location or "")
    assert found
    return found[1]


def test_assessments_are_told_apart_and_those_of_the_main_framework_are_ticked(consultant: Visitor, other: str) -> None:
    page = consultant.page(FORM)
    assert "客户征信与欠费风险能力框架 1.0.0" in page.words
    assert "一份报告写一个框架" in page.words
    ticked = {number for number, checked in BOXES.findall(consultant.get(FORM).text) if checked}
    assert ticked
    assert other not in ticked


def test_carriers_of_another_framework_do_not_stand_in_the_way(consultant: Visitor, other: str) -> None:
    carriers = re.findall(r'name="carriers" value="([^"]+)" checked', consultant.get(FORM).text)
    assert carriers
    posted = {
        "template": "executive",
        "assessments": [other],
        "how": "together",
        "formats": ["pdf"],
        "languages": ["zh"],
        "paper": "",
        "carriers": carriers,
        "weights": "default",
        "method": "",
        "first": "",
    }
    answer = consultant.post(FORM, posted)
    assert answer.status_code in (302, 303), answer.text
    assert re.search(r"/reports/\d+$", answer.location or "")


def test_one_framework_needs_no_words_about_it(reader: Visitor) -> None:
    assert "一份报告写一个框架" not in reader.page(FORM).words
