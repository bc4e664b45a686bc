"""What respondents read: the same facts as consultants, in words of people who did not make the questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import Fault
from app.i18n import msgid
from app.web.context import locale, translate
from app.web.interviews.wording import fault_sentence, script_texts

if TYPE_CHECKING:
    from app.services.former_elements import Gone

FIELDS = {
    "score": msgid("您的选择"),
    "state": msgid("您的选择"),
    "reason": msgid("为什么与你们无关"),
    "note": msgid("补充说明"),
    "questions": msgid("回答"),
}
MARKS = {
    "open": msgid("还没有回答"),
    "started": msgid("没有答完"),
    "scored": msgid("已回答"),
    "not-applicable": msgid("与我们无关"),
    "unknown": msgid("我不清楚"),
    "problem": msgid("没有写为什么无关"),
    "out-of-scope": msgid("不用回答"),
}
HANDED_IN = msgid("您已经提交。回答还可以看，但不能再改。想改的话，请告诉发给您链接的顾问，由顾问重新打开。")
CLOSED = {
    "interview-closed": HANDED_IN,
    "interview-submitted": HANDED_IN,
    "interview-archived": msgid("这份问卷已经停用，回答不能再改。有疑问请联系发给您链接的顾问。"),
    "assessment-archived": msgid("这次评估已经结束，回答不能再改。有疑问请联系发给您链接的顾问。"),
    "assessment-in-review": msgid("这次评估正在复核，回答不能再改。有疑问请联系发给您链接的顾问。"),
    "assessment-published": msgid("这次评估已经结束，回答不能再改。有疑问请联系发给您链接的顾问。"),
}

# what the scripts say here instead of what they say to consultants
SCRIPT = {
    "idle": msgid("选好即自动保存"),
    "saved": msgid("已保存"),
    "savedAt": msgid("已保存 {time}"),
    "waiting": msgid("{n} 题还没有送到，留在本机；有网络时自动发送"),
    "noRoom": msgid("未保存：服务器没有空间，{n} 题留在本机"),
    "conflict": msgid("{n} 题在别处改过，请选择保留哪一个"),
    "refused": msgid("{n} 题没有存上"),
    "signedOut": msgid("链接已失效，{n} 题留在本机。请向顾问要新链接，用它打开后自动发送"),
    "closed": msgid("问卷已不能修改，{n} 题留在本机。请联系顾问"),
    "forbidden": msgid("没有送到，{n} 题留在本机。请重新打开链接"),
    "otherUser": msgid("本机还有另一份问卷的 {n} 题没有送出；请用那份问卷的链接打开"),
    "onPage": msgid("本机不能存草稿：没有送到的回答只在这一页，请勿关闭"),
    "conflictTitle": msgid("这一题有两个不同的回答"),
    "conflictBy": msgid("{time} 在另一处存入了不同的回答。请选择保留哪一个："),
    "mine": msgid("这里填的"),
    "theirs": msgid("那边存的"),
    "keepMine": msgid("用这里填的"),
    "takeTheirs": msgid("用那边存的"),
    "keepBoth": msgid("用这里填的，那边的写进补充说明"),
    "refusedTitle": msgid("这一题没有存上"),
    "theirsInNote": msgid("[{time}：{what}]"),
    "submitUnsent": msgid("还有 {n} 题没有送到，现在提交就不包括它们。仍要提交吗？"),
    "leaveUnsaved": msgid("还有 {n} 题没有送到。现在离开，它们仍留在本机，要用链接再打开才会发送。仍要离开吗？"),
}


def fault_lines(faults: tuple[Fault, ...]) -> list[str]:
    """Return why an answer was refused, each with the field it is about."""
    return [field_name(fault.path) + translate("：") + fault_sentence(fault) for fault in faults]


def field_name(path: str) -> str:
    """Return what a field is called on a respondent's page."""
    name = FIELDS.get(path.partition(".")[0])
    return translate(name) if name else path


def gone_sentence(gone: Gone) -> str:
    """Say what became of a question that was answered after an upgrade had taken it away."""
    if not gone.heirs:
        return translate("问卷刚才更新了，不再问“%(element)s”。您的回答已保存，不会丢失。") % _names(gone)
    if gone.followed:
        return translate("问卷刚才更新了：“%(element)s”现在是“%(heirs)s”，您的回答已记到那里。") % _names(gone)
    words = translate(
        "问卷刚才更新了：“%(element)s”改为“%(heirs)s”。您的回答已保存，但不自动算到新的题里，请回答新的题。"
    )
    return words % _names(gone)


def moved_sentence(gone: Gone) -> str:
    """Say to somebody who comes by a former address that its question is no longer there."""
    if not gone.heirs:
        return translate("问卷更新了，不再问“%(element)s”。") % _names(gone)
    return translate("问卷更新了：“%(element)s”改为“%(heirs)s”。") % _names(gone)


def _names(gone: Gone) -> dict[str, str]:
    heirs = [heir.name.in_locale(locale()) for heir in gone.heirs]
    return {"element": gone.former.name.in_locale(locale()), "heirs": translate("”、“").join(heirs)}


def closed_sentence(why: str) -> str:
    """Return why nothing can be changed."""
    return translate(CLOSED[why])


def own_script_texts() -> dict[str, str]:
    """Return every sentence that the scripts of a respondent's page say."""
    texts = script_texts() | {key: translate(text) for key, text in SCRIPT.items()}
    texts |= {f"field.{name}": translate(text) for name, text in FIELDS.items()}
    return texts | {f"mark.{mark}": translate(text) for mark, text in MARKS.items()}
