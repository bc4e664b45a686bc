"""What the keys of content files are for, in Chinese: the editor on the web explains them while somebody types.

English stands in `kinds`, where every key is defined; JSON Schema files speak English.
"""

from __future__ import annotations

from typing import Any

from app.content.json_schema import json_schema
from app.content.shapes import JsonSchema
from app.core.text import Locale

EDITED = ("framework", "children", "questionnaire", "weights")

CHINESE: dict[str, str] = {
    "The version of the file format: 1.": "文件格式的版本：1。",
    "What this file holds: framework.": "这个文件放什么：framework，框架。",
    "Permanent id of the framework.": "框架的固定标识。",
    "Version of the content, such as 1.2.0.": "内容的版本，如 1.2.0。",
    "Name of the framework.": "框架的名称。",
    "What the framework assesses.": "框架评估什么。",
    "Where the content comes from.": "内容从哪里来。",
    "Title of the source.": "来源的题名。",
    "Year of the source.": "来源的年份。",
    "How the figures came about.": "数字是怎么得来的。",
    "How far the source can be relied on: low, medium or high.": "来源有多可靠：low 低、medium 中、high 高。",
    "Anything else a reader should know of the source.": "读者还应知道的来源情况。",
    "Names of the levels of the tree, the root's children first; 1 to 6.": (
        "能力树各层的名称，从最上一层开始；1 到 6 层。"
    ),
    "Id of the tier.": "层级的标识。",
    "Name of the tier.": "层级的名称。",
    "The scale of scores.": "得分的量表。",
    "Lowest score.": "最低分。",
    "Highest score.": "最高分。",
    "Distance of two scores; fits a whole number of times.": "相邻两档的距离；最低到最高是它的整数倍。",
    "Named points of the scale; min and max are among them.": "量表上有名称的等级；必须包括 min 和 max。",
    "Score of this level.": "这一级的分值。",
    "Name of this level.": "这一级的名称。",
    "What this level means.": "这一级的含义。",
    "How scores are rolled up.": "得分怎样汇总。",
    "How scores of children become the score of their parent.": "下级得分怎样成为上级得分。",
    "Shares of elements that must be scored.": "至少要有多大比例的要素有得分。",
    "Coverage from which a score is shown without a mark.": "覆盖率从多少起，得分可以不带标记。",
    "Coverage from which a score is shown as provisional.": "覆盖率从多少起，得分作为暂定显示。",
    "When respondents are said to disagree.": "受访者怎样算意见不一。",
    "Range of the respondents' scores from which they must talk.": "受访者得分相差多少起需要讨论。",
    "Within-group agreement below which they must talk.": "一致度低于多少需要讨论。",
    "Distance of two roles' medians from which they must talk.": "两个角色的中位数相差多少起需要讨论。",
    "Roles that must have been asked.": "至少要问过几个角色。",
    "The tree of capabilities.": "能力树。",
    "Permanent id, unique in the framework.": "固定标识，在框架里不能重复。",
    "Display code, such as CI.1.2; may change.": "显示用的编号，如 CI.1.2；可以改。",
    "Name of the capability.": "能力的名称。",
    "What the capability is.": "能力的定义。",
    "Weight among its siblings; 1 where nothing is said, 0 = shown but not counted.": (
        "在同级中的权重；不写为 1，0 表示显示但不计入。"
    ),
    "The capabilities below: a list, or the name of a file beside this one that holds the list.": (
        "下级能力：一个列表，或旁边一个放这个列表的文件的名字。"
    ),
    "What this element looks like at values of the scale. Elements only.": "要素在量表各级是什么样。只用在要素上。",
    "Whether this element is critical. Elements only.": "是不是关键要素。只用在要素上。",
    "Elements that must come first. Elements only.": "必须先做到的要素。只用在要素上。",
    "Ids this element had in an earlier version. Elements only.": "它在以前版本里的标识。只用在要素上。",
    "Related elements of other frameworks. Elements only.": "别的框架里相关的要素。只用在要素上。",
    "Free values, kept and shown. Elements only.": "自己加的内容，照原样保存和显示。只用在要素上。",
    "The Chinese text.": "中文。",
    "The English text.": "英文。",
    "What this file holds: questionnaire.": "这个文件放什么：questionnaire，问卷。",
    "Id of the questionnaire.": "问卷的标识。",
    "The framework, with version comparators where needed.": "属于哪个框架，需要时写上版本的比较符。",
    "Name of the questionnaire.": "问卷的名称。",
    "Who scores: the consultant, or the respondent.": "谁打分：interview 由顾问，self-assessment 由受访者。",
    "Roles that respondents speak for.": "受访者的角色。",
    "Id of the role.": "角色的标识。",
    "Name of the role.": "角色的名称。",
    "Id of the organisation's level.": "所在组织层级的标识。",
    "Weight among respondents; 1 where nothing is said.": "在受访者中的权重；不写为 1。",
    "What to ask, one item for every element.": "问什么；每个要素一题。",
    "The element asked about.": "问的是哪个要素。",
    "Whom to ask; everybody where nothing is said.": "问哪些角色；不写就问所有人。",
    "What to ask aloud.": "当面提问的话。",
    "What to ask to see.": "请对方出示什么。",
    "Id of the evidence; needed so that it can be ticked.": "证据的标识；有它才能勾选。",
    "Scored questions; one question on the scale where nothing is said.": "计分的问题；不写就直接按量表打分。",
    "Id of the question, unique in its item.": "问题的标识，在一题里不能重复。",
    "How it is answered: choice, checklist, number, scale or text.": (
        "怎样回答：choice 单选、checklist 多选、number 数字、scale 量表、text 文字。"
    ),
    "The question.": "问题。",
    "Weight among the item's questions; 1 where nothing is said.": "在本题各问题中的权重；不写为 1。",
    "What can be chosen.": "可选的答案。",
    "Id of the option.": "选项的标识。",
    "The option.": "选项的文字。",
    "Score of this option.": "选它得几分。",
    "Weight among the options; 1 where nothing is said.": "在各选项中的权重；不写为 1。",
    "Unit of the number.": "数字的单位。",
    "Scores by size of the number, rising.": "数字多大得几分，从小到大。",
    "Numbers up to this one; the last band has none.": "到这个数为止；最后一段不写。",
    "Score of this band.": "这一段得几分。",
    "When to ask.": "什么情况下问。",
    "Elements that are left out on purpose.": "有意不问的要素。",
    "True when every part is.": "各部分都成立时成立。",
    "True when a part is.": "任何一部分成立时成立。",
    "True when the part is not.": "这一部分不成立时成立。",
    "The element whose answer counts.": "看哪个要素的回答。",
    "True from this score.": "得分不低于它时成立。",
    "True up to this score.": "得分不高于它时成立。",
    "True at this score.": "得分等于它时成立。",
    "True when there is a score.": "有得分时成立。",
    "What this file holds: weights.": "这个文件放什么：weights，权重方案。",
    "Id of the weight profile.": "权重方案的标识。",
    "Name of the profile.": "权重方案的名称。",
    "Why these weights.": "为什么这样定权重。",
    "Weights by capability; others keep the framework's.": "各能力的权重；没写的沿用框架的。",
}


def worded_schema(kind: str, locale: Locale) -> JsonSchema:
    """Return the JSON Schema of a kind of file with the descriptions of its keys in a language."""
    schema = json_schema(kind)
    return schema if locale == "en" else _worded(schema)


def _worded(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _said(value) if key == "description" else _worded(value) for key, value in part.items()}
    return [_worded(one) for one in part] if isinstance(part, list) else part


def _said(description: Any) -> Any:
    """Return a description in Chinese; a key that is called `description` has a schema there, no text."""
    return CHINESE.get(description, description) if isinstance(description, str) else _worded(description)
