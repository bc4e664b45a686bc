"""Every rule that writes a sentence, in words: when it speaks and what it needs. For those who check the sentences."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.text import Locale
from app.i18n import msgid, translator

_ENDS = msgid("列出与最高、最低相差不到半个打分间隔的；两端之间都至少差半个间隔。")
_LEVEL = msgid("各项相差不到半个打分间隔，所以不说强弱。")
_FIRST = msgid("得分最高的比其余各单位都至少高半个打分间隔，所以可以排在前面。")
_SHARED = msgid("与最高的相差不到半个打分间隔的不分先后；只说至少低半个间隔的单位比最高的低。")
_TOGETHER = msgid("各单位相差不到半个打分间隔，所以不排先后。")
_NOBODY = msgid("没有得分可以发布：覆盖率不够，或还没有评。")
_ALONE = msgid("只有一个单位有可发布的得分；有对标时与对标中位数比。")

RULEBOOK: Mapping[str, str] = {
    "basis": msgid("数一数依据：单位、要素得分、发现、推断的得分、访谈，以及对标的来源。"),
    "carrier": msgid("对标一家的最高与最低，以及与对标中位数至少差半个打分间隔的各项。"),
    "changes": msgid("两轮之间相差不到半个打分间隔的，不算变化；只比较两轮都有得分的。"),
    "comparison": msgid("数一数第一层：与对标中位数、单位彼此之间，有几项至少差半个打分间隔。"),
    "confidence": msgid("数一数依据：有受访者的得分、只有一位受访者的、说法不一致的、证据的强度。"),
    "coverage": msgid("按总体得分的状态数单位，按有没有得分数要素；不适用的不算。"),
    "difference.ahead": msgid("两个单位的总体至少差半个打分间隔；贡献按要素分摊，合起来正好是总差距。"),
    "difference.level": msgid("两个单位的总体相差不到半个打分间隔，所以不说谁在前，只数各自占优的要素。"),
    "dimension.ahead": _FIRST,
    "dimension.none": _NOBODY,
    "dimension.shared": _SHARED,
    "dimension.single": _ALONE,
    "dimension.undistinguished": _TOGETHER,
    "gap.largest": msgid("主要单位比对标中位数至少低半个打分间隔的各项里，差得最多的；差距与它相近的也列出。"),
    "gap.no-benchmark": msgid("没有选对标，就没有差距可说。"),
    "gap.none": msgid("没有一项比对标中位数低半个打分间隔或更多，所以不说差距。"),
    "gap.nothing-common": msgid("没有一项双方都有可发布的得分。"),
    "heatmap.level": _TOGETHER,
    "heatmap.none": _NOBODY,
    "heatmap.single": _ALONE,
    "heatmap.spread": msgid("单位之间差得最多的一项；只数至少差半个打分间隔的。"),
    "leader.ahead": _FIRST,
    "leader.none": _NOBODY,
    "leader.shared": _SHARED,
    "leader.single": _ALONE,
    "leader.undistinguished": _TOGETHER,
    "multiples": _ENDS,
    "overview.empty": _NOBODY,
    "overview.scored": msgid("主要单位的总体得分和达到的等级，连同算出它的要素数，以及第一层的两端。"),
    "overview.withheld": msgid("覆盖率不够，总体不出分；只给所有未评要素取最低或最高时的上下限。"),
    "profile": _ENDS,
    "published": msgid("原文得分与计算得分相差不超过原文最后一位的一半，算相符。"),
    "ranking": msgid("相差不到半个打分间隔的单位并列；覆盖不足和未评的不排名次。"),
    "strengths.absent": _NOBODY,
    "strengths.counted": msgid("与该单位已评要素的平均至少差半个打分间隔的，才算强或弱。"),
    "strengths.ends": _ENDS,
    "strengths.level": _LEVEL,
    "strengths.none": _NOBODY,
    "strengths.single": msgid("只有一项得分可以发布，没有可以相比的。"),
    "unit": msgid("这一部分的得分和算出它的要素数，各部分的两端，以及与对标中位数的差；不到半个打分间隔的不算差。"),
    "unknown.nothing": msgid("所有适用的要素都有得分。"),
    "unknown.some": msgid("依次说未评的单位、不出分的、暂定的、分支不出分的，以及没有得分的要素。"),
}


def explained(rule: str, locale: Locale) -> str:
    """Return what a rule (or the family that it is of) goes by; empty for one that has no words here."""
    family = rule
    while family not in RULEBOOK and "." in family:
        family = family.rpartition(".")[0]
    words = RULEBOOK.get(family)
    return translator(locale).gettext(words) if words else ""
