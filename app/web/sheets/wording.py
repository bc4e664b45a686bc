"""Why a workbook, a row or a cell was refused, how a cell was read, and what a field says, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.core.errors import Fault
from app.core.scale import Scale, display
from app.document.guide.book import option_words
from app.i18n import msgid
from app.services.answer_fields import JUDGEMENT, QUESTION, TICK
from app.services.interview_sheet import Mark
from app.services.sheet_rows import TEXT_NUMBER, WIDE
from app.services.sheets import Verdict
from app.web.context import locale, translate
from app.web.interviews.wording import CONFIDENCES, FAULTS, MARKS, field_name

if TYPE_CHECKING:
    from app.core.questionnaire import Item, Question

LONGEST_SHOWN = 400

SHEET_FAULTS = {
    "S101": msgid("这不是 .xlsx 工作簿，或者文件已损坏。"),
    "S102": msgid("这是旧的 .xls 格式，或者设了打开密码。请另存为不带密码的 .xlsx。"),
    "S103": msgid("工作簿里有宏。请另存为不带宏的 .xlsx。"),
    "S104": msgid("文件超过 %(most)s MiB。"),
    "S105": msgid("文件解压后太大，不予打开。"),
    "S106": msgid("工作簿的内部结构有错，读不出来。"),
    "S107": msgid("说明归属的隐藏工作表不见了。请用系统导出的文件，不要把内容复制到新的工作簿。"),
    "S108": msgid("说明归属的隐藏工作表被改动过。请重新导出。"),
    "S109": msgid("这个文件由另一个版本的系统导出，不能读回。请重新导出。"),
    "S110": msgid("这是另一次访谈的表格（%(found)s，这里是 %(wanted)s）。"),
    "S111": msgid("这个表格属于另一个框架或版本（%(found)s，这里是 %(wanted)s）。"),
    "S112": msgid("这个表格属于另一份问卷或版本（%(found)s，这里是 %(wanted)s）。"),
    "S113": msgid("缺少工作表“%(sheet)s”；它被删除或改了名字。"),
    "S114": msgid("表头被改动：原来是“%(wanted)s”，现在是“%(found)s”。"),
    "S115": msgid("隐藏列 %(column)s 不见了或移了位置。"),
    "S116": msgid("同一题出现两次，另一次在 %(other)s。"),
    "S117": msgid("超过 %(most)s 行。"),
    "S201": msgid("框架里没有这个要素：%(element)s。"),
    "S202": msgid("问卷里这个要素没有这项证据：%(part)s。"),
    "S203": msgid("问卷里这个要素没有这个题目：%(part)s。"),
    "S204": msgid("这一行本来是“%(wanted)s”，现在写着“%(found)s”：行可能被移动或排序过。"),
    "S205": msgid("这一行隐藏的版本号被改动。"),
    "S206": msgid("这里是公式，不读取。请直接填数或文字。"),
    "S207": msgid("这里是日期 %(found)s：Excel 有时把 3.5 变成日期。请改回数字或文字。"),
    "S208": msgid("这里要填得分或选列表里的词，不能是“%(found)s”。"),
    "S209": msgid("“%(found)s”不在量表上：得分须在 %(low)s 到 %(high)s 之间，每 %(step)s 一档。"),
    "S210": msgid("“%(found)s”不在可选的词里。"),
    "S211": msgid("这里要填一个数，不能是“%(found)s”。"),
    "S212": msgid("证据强度为 0 到 3，不能是“%(found)s”。"),
    "S213": msgid("这一格在 Excel 里是错误值 %(found)s。"),
    "S214": msgid("这一行不属于任何要素，内容无处可存：%(found)s"),
    "S216": msgid("这一格不填写内容：%(found)s"),
}
REMARKS = {
    WIDE: msgid("全角字符，已按半角读"),
    TEXT_NUMBER: msgid("以文本存的数，已按数读"),
}
VERDICTS = {
    Verdict.NEW: msgid("新填"),
    Verdict.CHANGED: msgid("修改"),
    Verdict.CONFLICT: msgid("冲突"),
    Verdict.FAULTY: msgid("有错"),
}
OTHERWISE = msgid("这里不能读取（%(code)s）。")


def fault_sentence(fault: Fault) -> str:
    """Return why a file, row or cell was refused."""
    known = SHEET_FAULTS.get(fault.code) or FAULTS.get(fault.code) or OTHERWISE
    return translate(known) % {"code": fault.code, **dict(fault.values)}


def field_words(field: str, item: Item | None) -> str:
    """Return what a field of an answer is about."""
    if field == JUDGEMENT:
        return field_name("score")
    prompts = {prompt.id: prompt.text for prompt in item.evidence} if item else {}
    if field.startswith(TICK) and field.removeprefix(TICK) in prompts:
        return field_name("ticks") + translate("：") + prompts[field.removeprefix(TICK)].in_locale(locale())
    question = _question(field, item)
    return question.text.in_locale(locale()) if question else field_name(field)


def value_words(field: str, value: Any, item: Item | None, scale: Scale) -> str:
    """Return what a field says, cut where it is long."""
    if field == JUDGEMENT:
        return judgement_words(value, scale)
    if value is None:
        return translate("（空）")
    if field == "confidence":
        return translate(CONFIDENCES[value])
    if field.startswith(TICK):
        return translate("看到") if value == "seen" else translate("听说")
    question = _question(field, item)
    written = _reply(question, value) if question else str(value)
    return written if len(written) <= LONGEST_SHOWN else written[:LONGEST_SHOWN] + "…"


def judgement_words(value: Mapping[str, Any] | None, scale: Scale) -> str:
    """Return a judgement: its score, or its state."""
    if value is None:
        return translate(MARKS[Mark.OPEN])
    if value["steps"] is not None:
        return display(scale.score_of(value["steps"]), scale.decimals)
    words = {str(mark): text for mark, text in MARKS.items()} | {"illegible": msgid("无法辨认")}
    word = words[value["state"]]
    return translate(word)


def _question(field: str, item: Item | None) -> Question | None:
    if item is None or not field.startswith(QUESTION):
        return None
    return next((one for one in item.questions if QUESTION + one.id == field), None)


def _reply(question: Question, value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value["number"])
    words = option_words(question, locale())
    if isinstance(value, list):
        return translate("、").join(words.get(str(key), str(key)) for key in value) or translate("以上都没有")
    return words.get(value, str(value))
