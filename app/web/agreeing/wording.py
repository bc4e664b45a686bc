"""Agreement in the reader's words: why to discuss, what owes a reason, how a score was agreed, what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.core.agreement import Agreement, Question, Reason
from app.core.case import State
from app.core.errors import Fault
from app.core.scale import display
from app.i18n import msgid
from app.services.agreeing import CONSENSUS, LEAD_DECISION, MEDIAN_ADOPTED, VOTE
from app.web.agreeing.strip import figure
from app.web.context import locale, translate
from app.web.interviews.wording import CONFIDENCES, fault_sentence

if TYPE_CHECKING:
    from app.core.framework import AgreementRule
    from app.core.scale import Scale
    from app.core.text import Text

METHODS = {
    "carried": msgid("由旧版本转入"),
    CONSENSUS: msgid("讨论一致"),
    MEDIAN_ADOPTED: msgid("采用中位数"),
    VOTE: msgid("表决"),
    LEAD_DECISION: msgid("由组长裁定"),
}
STATES = {
    State.OPEN: msgid("尚未定"),
    State.NOT_APPLICABLE: msgid("不适用"),
    State.UNKNOWN: msgid("不清楚"),
    State.ILLEGIBLE: msgid("无法辨认"),
}
QUESTIONS = {
    Question.NOT_APPLICABLE: msgid("不适用：为什么与本单位无关？"),
    Question.SCORED_BY_NOBODY: msgid("没有受访者评分：这个分数的依据是什么？"),
    Question.SCORES_LEFT_OUT: msgid("有受访者评了分：为什么定为不清楚？"),
    Question.FAR_FROM_MEDIAN: msgid("离中位数 %(gap)s 分或更远：为什么？"),
    Question.RESPONDENTS_DIFFER: msgid("受访者分歧大：为什么取这个分？"),
    Question.PARTLY_NOT_APPLICABLE: msgid("有受访者认为不适用：为什么要评分？"),
}
FIELDS = {
    "score": msgid("共识分"),
    "state": msgid("共识分"),
    "reason": msgid("理由"),
    "note": msgid("备注"),
    "method": msgid("怎样定的"),
    "confidence": msgid("把握"),
}
CLOSED = {
    "assessment-archived": msgid("这项评估已归档，共识分不再改动。"),
    "assessment-published": msgid("这项评估已发布，共识分不再改动。"),
}
KINDS = {
    "import": msgid("随案例导入"),
    "carried": msgid("随框架升级转来"),
    "parallel": msgid("与他人的修改合并"),
    "conflict-lost": msgid("未采用（与他人冲突）"),
}

# what the scripts say; {…} are filled in by them
SCRIPT = {
    "live": msgid("实时更新"),
    "away": msgid("连不上服务器，正在重试；页面显示的是 {time} 的内容"),
    "signedOut": msgid("登录已结束，页面不再更新。"),
    "signIn": msgid("登录"),
    "changed": msgid("评分有更新"),
    "set": msgid("{who}定为 {what}"),
    "takenBack": msgid("{who}撤回了共识分"),
    "someone": msgid("另一位用户"),
    "meanwhile": msgid("您正在填写时，{who}把这个要素定为 {what}。您填的还在。"),
    "meanwhileBack": msgid("您正在填写时，{who}撤回了共识分。您填的还在。"),
    "takeOver": msgid("采用对方的"),
    "keepMine": msgid("保留我填的"),
    "reorder": msgid("讨论次序已经变了"),
    "reload": msgid("重新排列"),
}


def reasons_of(found: Agreement, rule: AgreementRule, scale: Scale, roles: Mapping[str, Text]) -> list[str]:
    """Return why an element is to be discussed, one short line each; `roles` names them."""
    return [_reason(reason, found, rule, scale, roles) for reason in found.reasons]


def _reason(reason: Reason, found: Agreement, rule: AgreementRule, scale: Scale, roles: Mapping[str, Text]) -> str:
    if reason is Reason.RANGE:
        limits = {"range": figure(found.range or Fraction(), scale), "limit": figure(rule.range, scale)}
        return translate("极差 %(range)s，达到 %(limit)s") % limits
    if reason is Reason.R_WG:
        r_wg = display(found.r_wg or Fraction(), 2)
        return translate("r_wg %(r_wg)s，低于 %(limit)s") % {"r_wg": r_wg, "limit": display(rule.r_wg, 2)}
    return translate("角色之间差 %(gap)s：%(low)s 低，%(high)s 高") % gap_words(found, scale, roles)


def short_reasons_of(found: Agreement, scale: Scale, roles: Mapping[str, Text]) -> list[str]:
    """Return the same for a row that shows the figures themselves."""
    words = {Reason.RANGE: translate("极差大"), Reason.R_WG: translate("r_wg 低")}
    return [
        words[reason]
        if reason in words
        else translate("角色差 %(gap)s（%(low)s 低，%(high)s 高）") % gap_words(found, scale, roles)
        for reason in found.reasons
    ]


def gap_words(found: Agreement, scale: Scale, roles: Mapping[str, Text]) -> dict[str, str]:
    """Return the widest gap between two roles as values for a sentence; it must exist."""
    gap = found.role_gap
    if gap is None:
        raise ValueError("one role alone has no gap")
    return {
        "gap": figure(gap.points, scale),
        "low": role_name(gap.low, roles),
        "high": role_name(gap.high, roles),
    }


def role_name(role: str, roles: Mapping[str, Text]) -> str:
    """Return what a role is called."""
    return roles[role].in_locale(locale()) if role in roles else role


def remarks_of(found: Agreement) -> list[str]:
    """Return what else stands in the way of taking the median over without a word."""
    remarks = []
    if found.partly_not_applicable:
        remarks.append(translate("%(n)s 人认为不适用，其余评了分") % {"n": found.not_applicable})
    if found.too_few_roles:
        counts = {"n": found.independent_roles, "least": found.minimum_roles}
        remarks.append(translate("只有 %(n)s 个角色评分，至少要 %(least)s 个") % counts)
    return remarks


def judgement_words(said: Mapping[str, Any]) -> str:
    """Return a judgement (`state`, `score` as on the wire) in words: its score, else its state."""
    score = said.get("score")
    return (
        str(score) if score is not None else translate(STATES.get(State(said.get("state", "open")), STATES[State.OPEN]))
    )


def method_words(method: str | None) -> str:
    """Return how a score was agreed; an id of one's own by itself."""
    if method is None:
        return ""
    return translate(METHODS[method]) if method in METHODS else method


def question_sentences(questions: Sequence[Question], rule: AgreementRule, scale: Scale) -> str:
    """Return what an agreed score leaves to be explained, one sentence after the other."""
    gap = {"gap": figure(rule.role_gap, scale)}
    return _in_a_row([translate(QUESTIONS[question]) % gap for question in questions])


def _in_a_row(sentences: Sequence[str]) -> str:
    return ("" if locale() == "zh" else " ").join(sentences)


def refusal_sentence(fault: Fault, rule: AgreementRule, scale: Scale) -> str:
    """Return why an agreed score was not accepted."""
    if fault.code == "A131":
        asked = [Question(name) for name in dict(fault.values)["questions"].split(", ")]
        return _in_a_row([translate("请写明理由。"), question_sentences(asked, rule, scale)])
    if fault.code == "A130":
        return translate("请从列表中选择。")
    return fault_sentence(fault)


def field_name(path: str) -> str:
    """Return what a field of an agreed score is called."""
    return translate(FIELDS[path]) if path in FIELDS else path


def in_words(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return fields of an agreed score (as on the wire) as (name, what it says)."""
    lines = [(field_name("score"), judgement_words(said))] if "state" in said else []
    confidence = said.get("confidence")
    worded = {
        "reason": said.get("reason"),
        "method": method_words(said.get("method")),
        "note": said.get("note"),
        "confidence": translate(CONFIDENCES[confidence]) if confidence else None,
    }
    return lines + [(field_name(name), given or translate("（空）")) for name, given in worded.items() if name in said]


def closed_sentence(why: str) -> str:
    """Return why nothing can be agreed here."""
    return translate(CLOSED[why])


def script_texts() -> dict[str, str]:
    """Return every sentence that the scripts of the workshop say."""
    states = {f"state.{state}": translate(words) for state, words in STATES.items()}
    return {name: translate(text) for name, text in SCRIPT.items()} | states
