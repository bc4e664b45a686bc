"""What errors, warnings, steps and refusals of the finish are called. Codes in, sentences out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.finishing import Code, Concern
from app.core.scale import display
from app.i18n import msgid
from app.services.finishing import Step
from app.web.context import translate
from app.web.interviews.wording import CLOSED
from app.web.templating import exact, percent
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.core.scale import Scale
    from app.services.refusals import Invalid


@dataclass(frozen=True, slots=True)
class Saying:
    """What a code is called, what it means or what to do, and what is special about each thing: msgids with values."""

    title: str
    hint: str
    detail: str = ""


IN_INTERVIEW = {
    Code.NOTHING_SAID: Saying(msgid("还没有任何回答"), msgid("空的访谈不能提交。不需要这次访谈时，请归档。")),
    Code.REASON_MISSING: Saying(
        msgid("标为“不适用”，没有写原因"), msgid("打开要素，写明为什么不适用；这一条不能用理由接受。")
    ),
    Code.LEFT_OPEN: Saying(
        msgid("该问的要素还没有评"), msgid("不评就不计分，也不算 0 分。问过而对方不知道的，请选“不清楚”。")
    ),
    Code.HIGH_WITHOUT_EVIDENCE: Saying(
        msgid("%(high)s 分及以上，没有证据"), msgid("没有标“看到”的证据，证据强度不到 2，也没有记录。")
    ),
    Code.MANY_UNKNOWN: Saying(
        msgid("“不清楚”太多"), msgid("问过的 %(asked)s 个要素里有 %(unknown)s 个不清楚（%(share)s）；也许问错了人。")
    ),
    Code.NO_CONFIDENCE: Saying(msgid("评了分，没有填把握"), msgid("把握说明这个分有多牢靠，讨论共识分时要用。")),
    Code.UNLIKE_SUGGESTED: Saying(
        msgid("确认的得分与建议分相差一级以上，没有记录"),
        msgid("建议分由问题的回答算出；改动较大时请写明依据。"),
        msgid("%(score)s，建议 %(suggested)s"),
    ),
    Code.ALL_ALIKE: Saying(
        msgid("整块能力的得分都一样"),
        msgid("五个以上的要素得分相同，常常是没有逐个衡量；确实如此时请说明。"),
        msgid("%(elements)s 个要素都是 %(score)s"),
    ),
}
IN_ASSESSMENT = {
    Code.NOTHING_SAID: Saying(msgid("还没有一个要素有结论"), msgid("空的评估不能提交复核。")),
    Code.REASON_MISSING: Saying(
        msgid("标为“不适用”，没有写原因"), msgid("打开要素，写明为什么不适用；这一条不能用理由接受。")
    ),
    Code.UNFINISHED_INTERVIEW: Saying(msgid("访谈还没有提交"), msgid("已填的回答照样计分；复核开始后，访谈不能再改。")),
    Code.NOT_ASSESSED: Saying(msgid("要素没有得分"), msgid("没有人评过，也没有共识分；未评不算 0 分，只降低覆盖率。")),
    Code.TO_DISCUSS: Saying(msgid("受访者相差太大，还没有共识分"), msgid("这些要素先讨论；现在按受访者的中位数计分。")),
    Code.NOT_AGREED: Saying(msgid("还没有共识分"), msgid("现在按受访者的回答计分。")),
    Code.SINGLE_SOURCE: Saying(
        msgid("来源太少"),
        msgid("每个要素至少要有 %(minimum)s 个不同角色评分；同一角色的几位受访者算一个。"),
        msgid("%(roles)s 个角色"),
    ),
    Code.HIGH_WITHOUT_EVIDENCE: Saying(
        msgid("%(high)s 分及以上，没有证据"),
        msgid("访谈里没有标“看到”的证据，没有强度 2 以上的发现或回答，也没有附件。"),
    ),
    Code.MANY_UNKNOWN: Saying(
        msgid("一半以上的受访者不清楚"), msgid("也许还没有问对人。"), msgid("%(asked)s 人里 %(unknown)s 人不清楚")
    ),
    Code.LOW_COVERAGE: Saying(
        msgid("覆盖率不够"),
        msgid("覆盖率达 %(publish)s 才可发布；不够的得分在报告里只作暂定，或不出分。"),
        "%(coverage)s",
    ),
    Code.NO_FINDING: Saying(msgid("有共识分，没有发现"), msgid("没有发现的得分，管理层不知道该做什么。")),
}
STEPS = {
    Step.HANDED_OVER: msgid("提交"),
    Step.CHANGES_REQUESTED: msgid("要求修改"),
    Step.CLOSED: msgid("复核通过"),
}
RELEASED = msgid("发布结果")
ASSESSMENT_STATES = {
    "draft": msgid("未开始"),
    "in-progress": msgid("进行中"),
    "review": msgid("复核中"),
    "published": msgid("已发布"),
}
REFUSALS = {
    "not-ready": msgid("还不能提交：有 %(errors)s 个错误、%(waiting)s 条没有理由的警告。请看下面的列表。"),
    "errors-left": msgid("还有 %(errors)s 个错误，不能结束。请要求修改。"),
    "interview-not-submitted": msgid("这次访谈没有提交，现在不能复核。"),
    "assessment-not-in-review": msgid("这项评估不在复核中。"),
    "text-missing": msgid("请写明理由或要求。"),
    "text-too-long": msgid("太长了，最多 %(most)s 个字符。"),
    "nothing-chosen": msgid("请至少选一项。"),
    "control-characters": msgid("不能含有控制字符。"),
}


def refusal(refused: Invalid) -> str:
    """Return why a step was refused."""
    known = REFUSALS.get(refused.code) or CLOSED.get(refused.code)
    return translate(known) % refused.values if known else sentence(refused)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a sentence of ours with figures in it; a sentence without any may hold a plain per cent sign."""
    return translate(text) % values if "%(" in text else translate(text)


def figures(concern: Concern, scale: Scale) -> dict[str, str]:
    """Return the figures of a concern as they are written: shares in per cent, scores as elements have them."""
    written = {}
    for name, value in concern.values.items():
        if name in ("share", "coverage", "publish"):
            written[name] = percent(Fraction(value))
        else:
            written[name] = display(value, scale.decimals) if isinstance(value, Fraction) else str(value)
    return written


def high_words(high: Fraction) -> str:
    """Return the score from which evidence is expected, as short as it can be written."""
    return exact(high)
