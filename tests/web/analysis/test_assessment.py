"""The assessment page and its capabilities: the answer first, withheld as withheld, the choice in the address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.analysis.conftest import Visitor

ATT = "foreign-carriers-2003/att-wireless"


def figures(page: str) -> list[Any]:
    """Return the figures that a page carries."""
    return [json.loads(found) for found in re.findall(r'data-host="[^"]+">(.*?)</script>', page, re.DOTALL)]


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("unit", ["shenzhen", "guangzhou", "fuzhou", "china-telecom"])
def test_every_assessment_opens_in_both_languages(
    visitor: Visitor, ids: dict[str, int], unit: str, locale: str
) -> None:
    page = visitor.speak(locale).get(f"/assessments/{ids[unit]}")
    assert page.status_code == 200
    assert ("怎样得出" if locale == "zh" else "How this was made") in page.text


def test_an_english_page_speaks_english_except_where_its_source_does_not(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.speak("en").get(f"/assessments/{ids['shenzhen']}", b=ATT).text
    body = re.sub(r"(?s)<script.*?</script>|<noscript.*?</noscript>|<[^>]+>", "\n", page.split("<main")[1])
    body = re.sub(r"Source: .*|市场营销再造项目.*", "", body.split("How this was made")[0])
    assert re.findall(r"[\u3400-\u9fff]+", body) == []


def test_the_answer_comes_first_and_agrees_with_the_tree(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['shenzhen']}").text
    assert "深圳电信总体 1.80 分，50 个要素已评 49 个；产品与服务最强（2.31），客户洞察最弱（1.40）。" in page
    row = page.split('data-node="customer-insight"')[1].split("</tr>")[0]
    assert "1.40" in row
    assert "96%" in row
    assert "可发布" in row
    assert page.index('class="answer"') < page.index("chart-figure") < page.index("data-tree")


def test_a_partial_assessment_shows_bounds_and_never_the_withheld_score(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['guangzhou']}").text
    assert "广州电信覆盖不足，不出总分：50 个要素已评 36 个，总体介于 0.94–3.28 分；高效能组织、企业集成未评。" in page
    assert "暂定" in page.split('data-node="customer-interactions"')[1].split("</tr>")[0]


def test_an_empty_assessment_says_what_to_do_next(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['fuzhou']}").text
    assert "福州电信尚未评估" in page
    assert "尚未访谈" in page
    assert f"/assessments/{ids['fuzhou']}/interviews/new" in page
    assert figures(page) == []


def test_a_reader_is_not_sent_to_interview(sign_in: Callable[[str], Visitor], ids: dict[str, int]) -> None:
    page = sign_in("reader").get(f"/assessments/{ids['fuzhou']}").text
    assert "interviews/new" not in page.split("<main")[1]


def test_the_carriers_in_the_address_are_drawn_and_ticked(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['shenzhen']}", b=ATT).text
    radar = figures(page)[0]
    assert {trace["name"] for trace in radar["data"]} == {"深圳电信", "AT&amp;T Wireless"}
    assert re.search(rf'value="{ATT}" checked', page)
    assert "b=foreign-carriers-2003" in page.split("data-tree")[1]


def test_other_weights_and_methods_are_a_trial_and_say_so(visitor: Visitor, ids: dict[str, int]) -> None:
    address = f"/assessments/{ids['shenzhen']}"
    page = visitor.get(address, weights="equal", method="flat-mean").text
    assert "试算：权重方案“等权”，要素平均" in page
    assert "试算" not in visitor.get(address, weights="default").text
    assert "深圳电信总体 1.80 分" not in page


@pytest.mark.parametrize(
    "wrong",
    [{"b": "foreign-carriers-2003/nobody"}, {"b": "x"}, {"weights": "nobody"}, {"method": "sum"}],
)
def test_what_cannot_be_chosen_is_400(visitor: Visitor, ids: dict[str, int], wrong: dict[str, str]) -> None:
    assert visitor.get(f"/assessments/{ids['shenzhen']}", **wrong).status_code == 400


def test_what_is_not_there_is_404(visitor: Visitor, ids: dict[str, int]) -> None:
    assert visitor.get("/assessments/99999").status_code == 404
    assert visitor.get(f"/assessments/{ids['shenzhen']}/capabilities/nothing").status_code == 404
    assert visitor.get("/assessments/99999/capabilities/collect-data").status_code == 404


def test_printed_figures_stand_beside_and_their_distance_is_marked(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['shenzhen']}").text
    row = page.split('data-node="collect-data"')[1].split("</tr>")[0]
    assert "1.43" in row
    assert "+0.06" in row
    agreeing = page.split('data-node="brand-communication-management"')[1].split("</tr>")[0]
    assert "1.75" in agreeing
    assert "与计算值相差" not in agreeing


def test_an_element_shows_definition_levels_score_and_findings(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['shenzhen']}/capabilities/customer-data-strategy").text
    assert "规定要掌握哪些客户数据" in page
    assert page.count("level-current") == 1
    assert "个别部门为应付某次活动临时列过数据需求" in page.split("level-current")[1].split("</li>")[0]
    assert "客户数据的维护策略与归属责任人均未明确" in page
    assert "还没有受访者谈到这个要素。" in page


def test_a_half_point_marks_both_levels(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['shenzhen']}/capabilities/data-query-reporting").text
    assert page.count("level-current") == 2
    assert "得分介于标出的两级之间。" in page


def test_an_illegible_element_says_so(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(f"/assessments/{ids['shenzhen']}/capabilities/customer-segmentation").text
    assert "无法辨认" in page
    assert "level-current" not in page


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("node", ["customer-insight", "collect-data", "high-performing-organisation"])
def test_a_branch_shows_its_children_as_bars_and_table(
    visitor: Visitor, ids: dict[str, int], node: str, locale: str
) -> None:
    for unit in ("shenzhen", "guangzhou", "fuzhou"):
        page = visitor.speak(locale).get(f"/assessments/{ids[unit]}/capabilities/{node}")
        assert page.status_code == 200
        assert len(figures(page.text)) == 1
        assert "data-tree" in page.text


def test_strangers_are_asked_to_sign_in(stranger: Visitor, ids: dict[str, int]) -> None:
    for path in ("", "/capabilities/collect-data"):
        assert stranger.get(f"/assessments/{ids['shenzhen']}{path}").status_code == 302
