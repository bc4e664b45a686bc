"""The fixed words of guides and sheets, and the few rules by which answers become words. Knows no layout."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.core.case import State
from app.core.questionnaire import Comparison, When
from app.core.scale import Scale, decimals_of, display
from app.core.text import Locale
from app.i18n import msgid, translator

LABELS = {
    "unit": msgid("评估单位"),
    "round": msgid("评估轮次"),
    "role": msgid("角色"),
    "everybody": msgid("全部角色"),
    "questionnaire": msgid("问卷"),
    "framework": msgid("框架"),
    "key": msgid("编号"),
    "date": msgid("日期"),
    "place": msgid("地点"),
    "respondent": msgid("受访者"),
    "interviewer": msgid("访谈人"),
    "contents": msgid("目录"),
    "how": msgid("怎样填写"),
    "how-score": msgid("每个要素圈一个分；没有问到的留空，空白不等于零分。"),
    "how-other": msgid("不适用要写原因；问了但对方不知道，勾“不清楚”。"),
    "how-evidence": msgid("请对方出示证据：只是听说勾“听说”，亲眼看到勾“看到”。"),
    "how-back": msgid("填完后扫描右上角的二维码打开这次访谈，把得分和记录录入系统。"),
    "how-filled": msgid("本件按系统中的记录印出；标“未评”的要素没有回答。"),
    "scale": msgid("量表"),
    "prompts": msgid("提问"),
    "evidence": msgid("请对方出示的证据"),
    "questions": msgid("问题"),
    "levels": msgid("等级"),
    "told": msgid("听说"),
    "seen": msgid("看到"),
    "score": msgid("得分"),
    "exact": msgid("得分（精确到量表的一档）"),
    "suggested": msgid("建议分"),
    "not-applicable": msgid("不适用"),
    "unknown": msgid("不清楚"),
    "reason": msgid("不适用的原因"),
    "confidence": msgid("把握"),
    "low": msgid("低"),
    "medium": msgid("中"),
    "high": msgid("高"),
    "evidence-strength": msgid("证据强度"),
    "note": msgid("发现与记录"),
    "none-of-these": msgid("以上都没有"),
    "open": msgid("未评"),
    "scored": msgid("已评"),
    "inferred": msgid("推断"),
    "illegible": msgid("无法辨认"),
    "unanswered": msgid("未回答"),
    "all-elements": msgid("全部要素"),
    "nothing": msgid("这个角色没有要问的要素。"),
    "page": msgid("第 {page} 页 共 {pages} 页"),
    "blank-title": msgid("访谈提纲"),
    "filled-title": msgid("访谈记录"),
}
SAVED_BY = msgid("{by} 于 {at} 存入")
SAVED = msgid("{at} 存入")
CONDITION = msgid("仅在这时问：{condition}")
AT_LEAST = msgid("“{element}”不低于 {number}")
AT_MOST = msgid("“{element}”不高于 {number}")
EXACTLY = msgid("“{element}”等于 {number}")
WAS_SCORED = msgid("“{element}”已评分")
NOT = msgid("并非（{condition}）")
AND = msgid("，并且")
OR = msgid("，或者")
RELATIONS = {"gte": AT_LEAST, "lte": AT_MOST, "eq": EXACTLY, "scored": WAS_SCORED}


def label(name: str, locale: Locale) -> str:
    """Return one of the fixed words."""
    words = translator(locale)
    match name:  # elsewhere these name lists
        case "respondent":
            return words.pgettext("singular", "受访者")
        case "questionnaire":
            return words.pgettext("singular", "问卷")
    return words.gettext(LABELS[name])


def short(value: Fraction, scale: Scale) -> str:
    """Return a point of the scale as short as it can be read in a box: `3`, `3.5`."""
    return display(value, 0) if value.denominator == 1 else display(value, scale.decimals)


def plain_number(value: Fraction) -> str:
    """Return a number that has a plain decimal form with the digits it needs."""
    return display(value, decimals_of(value))


def state_words(state: State, locale: Locale) -> str:
    """Return what a state is called."""
    return label(state.value, locale)


def condition_words(when: When, names: Mapping[str, str], locale: Locale) -> str:
    """Return a condition as a clause; `names` are the elements' names."""
    tell = translator(locale).gettext
    if isinstance(when, Comparison):
        number = "" if when.number is None else plain_number(when.number)
        return tell(RELATIONS[when.relation]).format(element=names.get(when.answer, when.answer), number=number)
    parts = [condition_words(part, names, locale) for part in when.parts]
    if when.operator == "not":
        return tell(NOT).format(condition=parts[0])
    return tell(AND if when.operator == "all" else OR).join(parts)
