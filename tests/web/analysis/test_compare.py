"""The compare page: what the address selects, side by side; nothing withheld leaks out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services.engagements import create_engagement
from tests.acting import enrol_everybody
from tests.web.analysis.conftest import ENGAGEMENT, Visitor, noon
from tests.web.analysis.test_assessment import figures

if TYPE_CHECKING:
    from app.storage.database import Database

PAGE = f"/engagements/{ENGAGEMENT}/compare"
CARRIERS = [f"foreign-carriers-2003/{entry}" for entry in ("att-wireless", "british-telecom", "sbc")]


def table(page: str) -> str:
    return page.split('<table class="compare">')[1].split("</table>", maxsplit=1)[0]


def row(page: str, name: str) -> list[str]:
    """Return the words of one row of the table."""
    for found in re.findall(r"<tr.*?</tr>", table(page), re.DOTALL):
        raw = re.findall(r"<t[hd].*?</t[hd]>", found, re.DOTALL)
        cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in raw]
        if cells[0].endswith(name):
            return cells[1:]
    raise AssertionError(name)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_without_a_choice_all_current_assessments_are_compared(visitor: Visitor, locale: str) -> None:
    page = visitor.speak(locale).get(PAGE)
    assert page.status_code == 200
    assert table(page.text).count('<th scope="col"') == 1 + 4 + 1


def test_the_selection_lives_in_the_address(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(PAGE, a=[ids["shenzhen"], ids["china-telecom"]], b=CARRIERS).text
    assert re.search(rf'name="a" value="{ids["shenzhen"]}" checked', page)
    assert not re.search(rf'name="a" value="{ids["guangzhou"]}" checked', page)
    assert "对标最高" in table(page)
    head = table(page).split("</thead>")[0]
    assert head.index("深圳电信") < head.index("中国电信整体") < head.index("AT&amp;T Wireless") < head.index("SBC")


def test_values_differences_spread_and_benchmark_stand_in_the_table(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(PAGE, a=[ids["shenzhen"], ids["china-telecom"]], b=CARRIERS, tier="dimension").text
    cells = row(page, "客户洞察")
    assert cells[0].startswith("1.40")
    assert cells[0].split()[1] == "−2.35"  # to the benchmark's median, 3.75
    assert cells[-4:] == ["0.28", "4.00", "3.75", "3"]


def test_order_is_stated_only_from_half_a_step_apart(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(PAGE, a=[ids["shenzhen"], ids["china-telecom"]]).text
    assert "总体难分先后（相差不到半级）：中国电信整体 1.83、深圳电信 1.80" in page
    assert [cell.split()[-1] for cell in row(page, "总体")[:2]] == ["#1.5", "#1.5"]
    assert [cell.split()[-1] for cell in row(page, "客户洞察")[:2]] == ["#2", "#1"]


def test_withheld_and_open_scores_carry_no_rank_and_leak_nowhere(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(PAGE, a=[ids["guangzhou"], ids["shenzhen"], ids["fuzhou"]]).text
    overall = row(page, "总体")
    assert overall[0] == "0.94–3.28 覆盖不足"
    assert overall[2] == "未评"
    assert overall[-1] == ""  # one figure has no spread
    assert "广州电信：覆盖不足，介于 0.94–3.28" in page
    heatmap = figures(page)[-1]
    withheld = heatmap["data"][0]["z"][-1][0]
    assert withheld is None


def test_a_difference_with_a_withheld_score_is_not_explained(visitor: Visitor, ids: dict[str, int]) -> None:
    chosen = {"a": [ids["guangzhou"], ids["shenzhen"]]}
    page = visitor.get(PAGE, **chosen).text
    assert "广州电信的总体没有可用的得分，差异不能分解。" in page
    explained = visitor.get(PAGE, **chosen, at="customer-insight").text
    assert re.search(r"广州电信的客户洞察比深圳电信高 0\.2\d 分", explained)


def test_the_pair_can_be_turned_round(visitor: Visitor, ids: dict[str, int]) -> None:
    one, other = ids["shenzhen"], ids["china-telecom"]
    assert "中国电信整体总体比深圳电信高 0.03 分" in visitor.get(PAGE, a=[one, other], pair=[other, one]).text
    assert "深圳电信总体比中国电信整体低 0.03 分" in visitor.get(PAGE, a=[one, other], pair=[one, other]).text


def test_the_deepest_common_tier_is_drawn_and_nothing_is_spread_down(visitor: Visitor, ids: dict[str, int]) -> None:
    shenzhen = ids["shenzhen"]
    assert "能力组" in visitor.get(PAGE, a=shenzhen, b=CARRIERS[0]).text.split("<summary>")[1].split("</summary>")[0]
    shallow = visitor.get(PAGE, a=shenzhen, b=CARRIERS[2])
    assert "能力领域" in shallow.text.split("<summary>")[1].split("</summary>")[0]
    deeper = visitor.get(PAGE, a=shenzhen, b=CARRIERS[2], tier="group").text
    assert row(deeper, "收集数据")[1] == "无数据"


def test_more_than_four_columns_become_small_multiples(visitor: Visitor, ids: dict[str, int]) -> None:
    few = visitor.get(PAGE, a=[ids["shenzhen"], ids["china-telecom"]], tier="dimension").text
    assert few.count('id="profile-chart-') == 1
    many = visitor.get(PAGE, a=list(ids.values()), b=CARRIERS, tier="dimension").text
    assert many.count('id="profile-chart-') == 7


@pytest.mark.parametrize("tier", ["dimension", "group", "element"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_one_column_and_every_tier_can_be_looked_at(
    visitor: Visitor, ids: dict[str, int], tier: str, locale: str
) -> None:
    assert visitor.speak(locale).get(PAGE, a=ids["shenzhen"], tier=tier).status_code == 200
    assert visitor.speak(locale).get(PAGE, a=list(ids.values()), b=CARRIERS, tier=tier).status_code == 200


def test_nothing_chosen_asks_for_a_choice(visitor: Visitor) -> None:
    page = visitor.get(PAGE, chosen="1")
    assert page.status_code == 200
    assert "请至少选择一份评估。" in page.text


def test_a_geometric_mean_says_why_it_has_no_waterfall(visitor: Visitor, ids: dict[str, int]) -> None:
    page = visitor.get(PAGE, a=[ids["shenzhen"], ids["china-telecom"]], method="weighted-geometric").text
    assert "加权几何平均的差异不能分解成各项之和" in page


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"a": "x"}, 400),
        ({"a": "9" * 30}, 400),
        ({"a": "99999"}, 404),
        ({"b": "nobody"}, 400),
        ({"tier": "nothing"}, 400),
        ({"at": "nothing"}, 400),
        ({"at": "self-service"}, 400),
        ({"pair": "x"}, 400),
        ({"weights": "nothing"}, 400),
        ({"method": "nothing"}, 400),
    ],
)
def test_what_cannot_be_chosen_is_refused(visitor: Visitor, wrong: dict[str, str], status: int) -> None:
    assert visitor.get(PAGE, **wrong).status_code == status


def test_an_engagement_that_is_not_there_is_404(visitor: Visitor) -> None:
    assert visitor.get("/engagements/nothing/compare").status_code == 404


def test_assessments_of_another_engagement_stay_behind_the_wall(
    visitor: Visitor, shared_database: Database, ids: dict[str, int]
) -> None:
    with shared_database.begin() as session:
        create_engagement(session, key="another", name=Text("另一个项目"), actor=None, clock=noon)
        enrol_everybody(session, noon)
    assert visitor.get("/engagements/another/compare", a=ids["shenzhen"]).status_code == 404
    assert "还没有可比较的评估" in visitor.get("/engagements/another/compare").text
