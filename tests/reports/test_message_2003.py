"""The message of the 2003 data, word for word: a change of these sentences is a change of what the product says."""

from __future__ import annotations

from tests.reports.conftest import Make

ZH = (
    "中国电信整体得分最高的是产品与服务（2.14），最低的是企业集成（1.67）和另外3项（差距不到0.25分），相差0.47分；"
    "深圳电信得分最高的是产品与服务（2.31），最低的是客户洞察（1.40）、客户交互（1.63），相差0.91分；"
    "广州电信可发布的3项能力领域中，得分最高的是产品与服务（2.00），最低的是客户交互（1.58，暂定，覆盖率67%）、"
    "客户洞察（1.66），相差0.42分。",
    "中国电信整体与国外运营商（2003）差距最大的是客户洞察：1.68对中位数3.75（n = 7），低2.07分；"
    "对标中最高的是SBC、澳大利亚电信、SingTel Optus（澳大利亚），4.00分。",
    "中国电信整体（1.83）、深圳电信（1.80）的总体得分相差不到0.25分，分不出先后。",
    "福州电信尚未评估（50个要素都没有得分）；广州电信覆盖率只有53%，总体不出分，只知道在0.94–3.28分之间；"
    "没有得分的要素：深圳电信1个（原文无法辨认）。",
    "以上依据3个评估单位的135个要素得分和265条发现；其中2个得分由推断得出；对标取自7家运营商（2003年，可信度低）。",
)
EN = (
    "China Telecom (overall) is highest in Customer Offers (2.14) and lowest in Enterprise Integration (1.67) and 3 "
    "more (less than 0.25 away), 0.47 points apart; Shenzhen Telecom is highest in Customer Offers (2.31) and lowest "
    "in Customer Insight (1.40) and Customer Interactions (1.63), 0.91 points apart; Guangzhou Telecom, with 3 "
    "publishable scores by dimension, is highest in Customer Offers (2.00) and lowest in Customer Interactions (1.58, "
    "provisional at 67% coverage) and Customer Insight (1.66), 0.42 points apart.",
    "China Telecom (overall) is furthest below Foreign carriers (2003) in Customer Insight: 1.68 against a median of "
    "3.75 (n = 7), 2.07 points lower; the benchmark's highest there is 4.00: SBC, Telstra and SingTel Optus "
    "(Australia).",
    "China Telecom (overall) (1.83) and Shenzhen Telecom (1.80) are less than 0.25 points apart overall and cannot be "
    "told apart.",
    "Fuzhou Telecom is not assessed yet (none of 50 elements has a score); Guangzhou Telecom is covered to 53% only, "
    "so its overall score is withheld: it lies within 0.94–3.28; Shenzhen Telecom has 1 element (illegible in the "
    "source) without a score.",
    "This rests on 135 element scores and 265 findings from 3 units; 2 of the scores are inferred; the benchmark is 7 "
    "carriers (2003, low confidence).",
)


def test_the_message_in_chinese(make: Make) -> None:
    assert tuple(sentence.text for sentence in make("zh").document.message) == ZH


def test_the_message_in_english(make: Make) -> None:
    assert tuple(sentence.text for sentence in make("en").document.message) == EN


def test_every_sentence_points_to_pages_of_this_report(make: Make) -> None:
    assert [sentence.evidence for sentence in make("zh").document.message] == [
        ("overview", "profile-figures"),
        ("profile-figures", "sources-carriers"),
        ("ranking",),
        ("coverage",),
        ("sources",),
    ]
