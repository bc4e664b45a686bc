"""What happens to answers, in the reader's words: refusals, marks, standings, and every sentence our scripts say."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.case import State
from app.core.errors import Fault
from app.core.scale import display
from app.i18n import msgid
from app.services.interview_sheet import Mark, Standing
from app.services.previous_round import PreviousScore
from app.web.context import locale, translate

FAULTS = {
    "A101": msgid("这里没有这样一项内容。"),
    "A102": msgid("只能评分、选“不适用”或“不清楚”，或者清除。"),
    "A103": msgid("评了分才有得分，有得分才算评了分。"),
    "A104": msgid("得分须在 %(low)s 到 %(high)s 之间，每 %(step)s 一档。"),
    "A105": msgid("把握只有低、中、高三档。"),
    "A106": msgid("这里只能填文字。"),
    "A107": msgid("文字太长，最多 %(longest)s 个字符。"),
    "A108": msgid("文字里有看不见的控制字符，请删除后再存。"),
    "A109": msgid("证据强度为 0 到 3。"),
    "A110": msgid("证据只能记为“听说”或“看到”。"),
    "A111": msgid("问卷里没有这项证据。"),
    "A112": msgid("这个问题不能这样回答。"),
    "A113": msgid("问卷里没有这个问题。"),
}
OTHER_FAULT = msgid("这条回答不能保存（%(code)s）。")

CLOSED = {
    "interview-closed": msgid("这次访谈已结束，不再接受修改。需要修改时，请先重新打开。"),
    "interview-submitted": msgid("这次访谈已提交，等待复核，不再接受修改。需要修改时，请复核人要求修改。"),
    "interview-archived": msgid("这次访谈已归档，不再接受修改。需要修改时，请先恢复。"),
    "assessment-archived": msgid("这项评估已归档，不再接受修改。"),
    "assessment-in-review": msgid("这项评估正在复核，访谈和回答不再接受修改。需要修改时，请复核人退回评估。"),
    "assessment-published": msgid("这项评估已发布，不再接受修改。"),
}

MARKS = {
    Mark.OPEN: msgid("未评"),
    Mark.STARTED: msgid("已有记录，未评"),
    Mark.SCORED: msgid("已评"),
    Mark.NOT_APPLICABLE: msgid("不适用"),
    Mark.UNKNOWN: msgid("不清楚"),
    Mark.PROBLEM: msgid("不适用，缺原因"),
    Mark.OUT_OF_SCOPE: msgid("本次不问"),
}
STANDINGS = {
    Standing.NOT_STARTED: msgid("未开始"),
    Standing.IN_PROGRESS: msgid("进行中"),
    Standing.COMPLETED: msgid("已完成"),
    Standing.PROBLEM: msgid("有问题"),
}
STATES = {
    "draft": msgid("未开始"),
    "in-progress": msgid("进行中"),
    "submitted": msgid("已提交"),
    "changes-requested": msgid("待修改"),
    "closed": msgid("已结束"),
}
STRENGTHS = (msgid("没有"), msgid("听说"), msgid("看到"), msgid("核实"))  # of evidence, 0 to 3
CONFIDENCES = {"low": msgid("低"), "medium": msgid("中"), "high": msgid("高")}
STATES_OF_AGREED = {
    State.SCORED: msgid("已评"),
    State.INFERRED: msgid("推断"),
    State.NOT_APPLICABLE: msgid("不适用"),
    State.UNKNOWN: msgid("不清楚"),
    State.ILLEGIBLE: msgid("无法辨认"),
}
AGREED_BEFORE = msgid("上一轮（%(round)s）的共识分：%(judgement)s")
COMPUTED_BEFORE = msgid("上一轮（%(round)s）由受访者的回答得出：%(judgement)s")
FIELDS = {
    "score": msgid("得分"),
    "state": msgid("得分"),
    "reason": msgid("不适用的原因"),
    "note": msgid("发现与记录"),
    "confidence": msgid("把握"),
    "evidence_strength": msgid("证据强度"),
    "ticks": msgid("证据"),
    "questions": msgid("问题"),
}
LEVELS = {
    "headquarters": msgid("总部"),
    "province": msgid("省公司"),
    "local-network": msgid("本地网"),
}

# what the scripts say; {…} are filled in by them
SCRIPT = {
    "idle": msgid("选好或写下即自动保存"),
    "saving": msgid("正在保存…"),
    "saved": msgid("全部已保存"),
    "savedAt": msgid("全部已保存 {time}"),
    "waiting": msgid("未保存：{n} 条回答等待发送，已留在本机"),
    "noRoom": msgid("未保存：服务器磁盘已满，{n} 条留在本机"),
    "conflict": msgid("{n} 个要素有冲突，请选择保留哪一个"),
    "refused": msgid("{n} 条回答未被接受，已留在本机"),
    "signedOut": msgid("请重新登录：{n} 条回答留在本机，登录后自动发送"),
    "closed": msgid("访谈已不接受修改：{n} 条回答留在本机"),
    "forbidden": msgid("您没有修改这次访谈的权限：{n} 条回答留在本机"),
    "otherUser": msgid("本机还留有另一位用户的 {n} 条回答；须由其本人登录后发送"),
    "onPage": msgid("本机无法储存草稿：未保存的回答只在此页，请勿关闭"),
    "signIn": msgid("登录"),
    "show": msgid("查看"),
    "conflictTitle": msgid("这个要素有两个不同的回答"),
    "conflictBy": msgid("{who} 在 {time} 存入了不同的内容。您填的没有丢，请选择："),
    "someone": msgid("另一位用户"),
    "mine": msgid("您填的"),
    "theirs": msgid("对方存的"),
    "keepMine": msgid("用我的"),
    "takeTheirs": msgid("用对方的"),
    "keepBoth": msgid("用我的，并把对方的写进记录"),
    "theirsInNote": msgid("[{who} {time}：{what}]"),
    "empty": msgid("（空）"),
    "colon": msgid("："),
    "refusedTitle": msgid("这条回答没有存上"),
    "giveUp": msgid("放弃这条修改"),
    "giveUpSure": msgid("放弃后，本机上这条未保存的修改就没有了。确定放弃吗？"),
    "keysOn": msgid("打分快捷键：开"),
    "keysOff": msgid("打分快捷键：关"),
    "treeAll": msgid("全部要素 {done}/{total}"),
    "strengthSuggested": msgid("按勾选应为“{word}”"),
}


def fault_sentence(fault: Fault) -> str:
    """Return why a value was refused."""
    known = FAULTS.get(fault.code)
    if known is None:
        return translate(OTHER_FAULT) % {"code": fault.code}
    return translate(known) % dict(fault.values)


def fault_sentences(faults: Sequence[Fault]) -> list[str]:
    """Return why an answer was refused, each with the field it is about."""
    return [field_name(fault.path) + translate("：") + fault_sentence(fault) for fault in faults]


def field_name(path: str) -> str:
    """Return what a field of an answer is called."""
    name = FIELDS.get(path.partition(".")[0])
    return translate(name) if name else path


def previous_sentence(previous: PreviousScore) -> str:
    """Return what the round before said of an element."""
    judgement = translate(STATES_OF_AGREED[previous.state])
    if previous.score is not None:
        figure = display(previous.score, previous.scale.decimals)
        judgement = figure if previous.state is State.SCORED else translate("%(figure)s（推断）") % {"figure": figure}
    pattern = AGREED_BEFORE if previous.agreed else COMPUTED_BEFORE
    return translate(pattern) % {"round": previous.round_name.in_locale(locale()), "judgement": judgement}


def closed_sentence(why: str) -> str:
    """Return why an interview takes no answers."""
    return translate(CLOSED[why])


def script_texts() -> dict[str, str]:
    """Return every sentence that the scripts of the interview say, and the names of fields, states and values."""
    texts = {key: translate(text) for key, text in SCRIPT.items()}
    texts |= {f"field.{name}": translate(text) for name, text in FIELDS.items()}
    texts |= {f"mark.{mark}": translate(text) for mark, text in MARKS.items()}
    return (
        texts
        | {f"confidence.{value}": translate(text) for value, text in CONFIDENCES.items()}
        | {f"strength.{value}": translate(text) for value, text in enumerate(STRENGTHS)}
        | {
            "tick.told": translate("听说"),
            "tick.seen": translate("看到"),
        }
    )
