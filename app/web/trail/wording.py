"""What the lines of the trail are called: events, histories, fields and values. Codes in, words out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.core.case import State
from app.core.text import Text
from app.i18n import msgid
from app.services.trail import Event
from app.web.account.pages import FACTOR_WORDS, PART_WORDS
from app.web.agreeing.wording import METHODS
from app.web.context import locale, translate
from app.web.finishing.wording import ASSESSMENT_STATES
from app.web.interviews.wording import CONFIDENCES, STATES
from app.web.users.forms import ROLE_WORDS

if TYPE_CHECKING:
    from app.services.trail_reading import Entry, FieldChange

GROUPS = {
    "scores": msgid("共识分"),
    "answers": msgid("访谈回答"),
    "words": msgid("发现和报告文字"),
    "states": msgid("状态、发布、升级"),
    "files": msgid("导入、导出、报告"),
    "people": msgid("账号、成员、邀请"),
    "sign-ins": msgid("登录和被拒的访问"),
    "content": msgid("框架和问卷"),
    "operation": msgid("备份和恢复"),
}
EVENTS: Mapping[str, str] = {
    Event.SIGNED_IN: msgid("登录"),
    Event.SIGN_IN_FAILED: msgid("登录失败"),
    Event.SIGN_IN_THROTTLED: msgid("登录太频繁，被拦下"),
    Event.SIGNED_OUT: msgid("登录结束"),
    Event.DENIED: msgid("访问被拒"),
    Event.ACCOUNT_ADDED: msgid("建立账号"),
    Event.ACCOUNT_CHANGED: msgid("修改账号"),
    Event.ROLE_CHANGED: msgid("更改角色"),
    Event.ACCOUNT_DISABLED: msgid("停用账号"),
    Event.ACCOUNT_ENABLED: msgid("恢复账号"),
    Event.PASSWORD_CHANGED: msgid("更改密码"),
    Event.SECOND_FACTOR_CHANGED: msgid("更改两步验证"),
    Event.IDENTITY_LINKED: msgid("关联单点登录"),
    Event.IDENTITY_UNLINKED: msgid("取消单点登录关联"),
    Event.LINK_MADE: msgid("生成链接"),
    Event.LINK_USED: msgid("链接被使用"),
    Event.LINK_ENDED: msgid("链接作废"),
    Event.MEMBER_ADDED: msgid("加入成员"),
    Event.MEMBER_CHANGED: msgid("更改成员身份"),
    Event.MEMBER_REMOVED: msgid("移除成员"),
    Event.ENGAGEMENT_CHANGED: msgid("修改项目"),
    Event.ENGAGEMENT_ERASED: msgid("删除项目"),
    Event.ASSESSMENT_CHANGED: msgid("修改评估"),
    Event.ASSESSMENT_STATE: msgid("评估状态"),
    Event.ASSESSMENT_PUBLISHED: msgid("发布结果"),
    Event.ASSESSMENT_CORRECTED: msgid("开始更正"),
    Event.INTERVIEW_STATE: msgid("访谈状态"),
    Event.RESPONDENT_ERASED: msgid("删除受访者姓名"),
    Event.IMPORTED: msgid("导入"),
    Event.EXPORTED: msgid("导出"),
    Event.REPORT_ASKED: msgid("要求生成报告"),
    Event.REPORT_FETCHED: msgid("下载报告"),
    Event.CONTENT_PUBLISHED: msgid("发布内容"),
    Event.CONTENT_CHANGED: msgid("修改内容草稿"),
    Event.BACKED_UP: msgid("备份"),
    Event.RESTORED: msgid("从备份恢复"),
    Event.CLEARED: msgid("按保留期清理"),
    "agreed": msgid("共识分"),
    "answer": msgid("访谈回答"),
    "finding": msgid("修改发现"),
    "finding-written": msgid("写下发现"),
    "sentence": msgid("改写报告里的句子"),
    "upgrade": msgid("框架升级"),
}
OF_HISTORY = {  # what a revision is besides a plain save
    "import": msgid("随案例导入"),
    "carried": msgid("随框架升级转来"),
    "correction": msgid("随更正带来"),
    "parallel": msgid("与他人的修改合并"),
    "conflict-lost": msgid("未采用（与他人冲突）"),
    "archived": msgid("归档"),
    "restored": msgid("恢复"),
}
FIELDS = {
    "score": msgid("得分"),
    "state": msgid("结论"),
    "reason": msgid("理由"),
    "note": msgid("备注"),
    "method": msgid("怎样定的"),
    "confidence": msgid("把握"),
    "suggested": msgid("建议分"),
    "evidence_strength": msgid("证据强度"),
    "strength": msgid("证据强度"),
    "ticks": msgid("证据"),
    "questions": msgid("问题"),
    "zh": msgid("中文"),
    "en": msgid("英文"),
    "sources": msgid("来源"),
    "position": msgid("次序"),
}
JUDGEMENTS = {
    State.OPEN: msgid("未评"),
    State.SCORED: msgid("已评"),
    State.INFERRED: msgid("推断"),
    State.NOT_APPLICABLE: msgid("不适用"),
    State.UNKNOWN: msgid("不清楚"),
    State.ILLEGIBLE: msgid("无法辨认"),
}
DETAILS = {
    "state": msgid("状态"),
    "revision": msgid("版本"),
    "hash": msgid("哈希"),
    "format": msgid("格式"),
    "role": msgid("角色"),
    "part": msgid("身份"),
    "before": msgid("原来"),
    "after": msgid("改为"),
    "action": msgid("所需权限"),
    "status": msgid("回应"),
    "endpoint": msgid("页面"),
    "act": msgid("动作"),
    "language": msgid("语言"),
    "version": msgid("内容版本"),
    "key": msgid("代号"),
    "kind": msgid("种类"),
    "count": msgid("数量"),
    "method": msgid("方式"),
    "names": msgid("含受访者姓名"),
    "factors": msgid("凭什么登录"),
    "again": msgid("再次验证"),
    "manifest": msgid("清单的哈希"),
    "rows": msgid("记录数"),
    "files": msgid("文件数"),
    "bytes": msgid("字节"),
    "what": msgid("哪一项"),
    "reason": msgid("原因"),
    "failed-sign-ins": msgid("登录失败"),
    "ended-sign-ins": msgid("结束的登录"),
    "used-links": msgid("用过的链接"),
    "presence": msgid("谁在访谈里"),
    "named-guides": msgid("印好的访谈提纲和记录"),
}
THINGS = {
    "user": msgid("账号"),
    "result": msgid("结果"),
    "interview": msgid("访谈"),
    "job": msgid("后台任务"),
    "report": msgid("报告"),
    "unit": msgid("评估单位"),
    "round": msgid("评估轮次"),
    "engagement": msgid("项目"),
    "assessment": msgid("评估"),
    "finding": msgid("发现"),
    "attachment": msgid("证据文件"),
    "draft": msgid("草稿"),
    "publication": msgid("发布的内容"),
    "upgrade": msgid("升级"),
    "link": msgid("链接"),
    "sign-in": msgid("登录"),
    "respondent": msgid("受访者"),
    "erasure": msgid("彻底删除"),
}
ACTS = {
    "created": msgid("新建"),
    "edited": msgid("修改"),
    "moved": msgid("移动"),
    "archived": msgid("归档"),
    "restored": msgid("恢复"),
    "discarded": msgid("丢弃"),
    "reopened": msgid("重新打开"),
    "settings": msgid("访谈设置"),
}

CODES: Mapping[str, Mapping[str, str]] = {
    "method": METHODS,
    "confidence": CONFIDENCES,
    "act": ACTS,
    "role": {role.value: word for role, word in ROLE_WORDS.items()},
    "part": {part.value: word for part, word in PART_WORDS.items()},
    "factors": FACTOR_WORDS,
}
HASHES = ("hash", "manifest")  # told by their beginning


def event_name(entry: Entry) -> str:
    """Return what a line is called; a kind without a word is shown as it is stored."""
    known = EVENTS.get(entry.kind) or EVENTS.get(entry.source)
    return translate(known) if known else entry.kind


def thing_words(entry: Entry) -> str:
    """Return what an entry is about beside its place: a kind of thing, with its name or its number."""
    if entry.about is None:
        return ""
    kind, number = entry.about
    word = translate(THINGS[kind]) if kind in THINGS else kind
    if isinstance(entry.about_name, Text):
        return f"{word} {entry.about_name.in_locale(locale())}"
    return f"{word} {entry.about_name or number}"


def history_note(entry: Entry) -> str:
    """Return how a revision came about, where it was no plain save."""
    known = OF_HISTORY.get(entry.kind.rpartition(".")[2]) if entry.source != "event" else None
    return translate(known) if known else ""


def field_name(change: FieldChange) -> str:
    """Return what a field is called."""
    known = FIELDS.get(change.name)
    return translate(known) if known else change.name


def value_words(name: str, value: Any) -> str:
    """Return a value of a field or detail as people read it."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return translate("是") if value else translate("否")
    if isinstance(value, str):
        return _code_words(name, value)
    if isinstance(value, Mapping):
        return "；".join(f"{key}: {value_words('', one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return str(len(value)) if name == "sources" else "、".join(str(one) for one in value)
    return str(value)


def _code_words(name: str, value: str) -> str:
    tables = (JUDGEMENTS, ASSESSMENT_STATES, STATES, ACTS) if name == "state" else (CODES.get(name, {}),)
    known = next((words[value] for words in tables if value in words), None)  # type: ignore[index]
    return translate(known) if known else value


def details_words(entry: Entry) -> list[tuple[str, str]]:
    """Return the details of an event in words; a hash by its beginning."""
    told = []
    for name, value in entry.details.items():
        words = value_words(name, value)
        told.append((translate(DETAILS[name]) if name in DETAILS else name, words[:12] if name in HASHES else words))
    return told
