"""Hints beside other frameworks: on the page of the assessment, where scores are agreed, and in neither where alone."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import ENGAGEMENT, Visitor

if TYPE_CHECKING:
    from app.content.library import Library

CASE = """\
format: 1
kind: case
id: shenzhen-credit
framework: credit-risk@1.0.0
unit: {{id: shenzhen, name: {{zh: 深圳电信, en: Shenzhen Telecom}}, kind: local-network, parent: guangdong}}
round: {{id: 2003-09, name: {{zh: 2003年9月}}, date: 2003-09-28}}
scores:
{scores}
"""
HEADING = "与其他框架对照"


def case_of(library: Library, score: str) -> str:
    leaves = library.framework("credit-risk").leaves
    return CASE.format(scores="\n".join(f"  {leaf.id}: {{score: {score}}}" for leaf in leaves))


def bring_in(visitor: Visitor, text: str) -> str:
    checked = visitor.post(f"{ENGAGEMENT}/assessments/import", {"file": (io.BytesIO(text.encode()), "case.yaml")})
    values = dict(re.findall(r'<input type="hidden" name="(content|as_revision)" value="([^"]*)"', checked.text))
    done = visitor.post(
        f"{ENGAGEMENT}/assessments/import/confirm", {name: unescape(value) for name, value in values.items()}
    )
    return done.headers["Location"]


def main_assessment(visitor: Visitor) -> str:
    text = visitor.get(ENGAGEMENT).text
    found = re.search(r'href="(/assessments/\d+)"[^>]*>深圳电信', text)
    assert found
    return found[1]


def test_an_assessment_that_stands_alone_has_no_such_section(consultant: Visitor) -> None:
    assert HEADING not in consultant.page(main_assessment(consultant)).words


def test_a_supplement_and_the_main_assessment_name_each_other_and_what_is_far_apart(
    consultant: Visitor, library: Library
) -> None:
    main = main_assessment(consultant)
    supplement = bring_in(consultant, case_of(library, "5"))
    page = consultant.page(supplement)
    assert HEADING in page.words
    assert main in page.links
    assert "信用评分模型" in page.words
    assert re.search(r"高 \d\.\d\d 分", page.words)
    other = consultant.page(main)
    assert supplement in other.links
    assert "信用评分模型" in other.words


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_hint_stands_where_the_score_is_agreed(consultant: Visitor, library: Library, locale: str) -> None:
    main = main_assessment(consultant)
    supplement = bring_in(consultant, case_of(library, "5"))
    consultant.speak(locale)
    words = "与相关要素相差大" if locale == "zh" else "Far from related elements"
    assert words in consultant.page(f"{supplement}/agree/credit-scoring-model").words
    assert words in consultant.page(f"{main}/agree/predictive-modelling").words
    assert words not in consultant.page(f"{main}/agree/self-service").words
    heading = HEADING if locale == "zh" else "Beside other frameworks"
    assert heading in consultant.page(f"{supplement}/agree").words


def test_where_nothing_is_far_apart_that_is_said(consultant: Visitor, library: Library) -> None:
    text = case_of(library, "1.5")
    page = consultant.page(bring_in(consultant, text))
    assert HEADING in page.words
    assert "没有一个要素" in page.words or "列出与相关要素的均值相差超过" in page.words


def test_the_total_of_the_main_assessment_stays(consultant: Visitor, library: Library) -> None:
    main = main_assessment(consultant)
    before = re.search(r'class="answer">([^<]*)<', consultant.get(main).text)
    bring_in(consultant, case_of(library, "5"))
    after = re.search(r'class="answer">([^<]*)<', consultant.get(main).text)
    assert before
    assert after
    assert before[1] == after[1]


def test_a_new_assessment_may_choose_any_framework_the_engagements_own_first(consultant: Visitor) -> None:
    text = consultant.get(f"{ENGAGEMENT}/assessments/new").text
    offered = re.findall(r'<option[^>]*value="([a-z-]+)@', text)
    assert offered[0] == "telecom-crm"
    assert set(offered) >= {"crm-three-layers", "customer-value-service", "credit-risk", "one-to-one-marketing"}
