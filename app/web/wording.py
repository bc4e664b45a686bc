"""Why something was refused, in the reader's words. The services give stable codes; the sentences stand here."""

from __future__ import annotations

from app.i18n import msgid
from app.services.refusals import Refused
from app.web.context import translate

SENTENCES = {
    "not-permitted": msgid("您的角色不能做这件事。"),
    "taken": msgid("%(key)s 已经有人使用，请换一个。"),
    "too-short": msgid("密码至少要有 %(least)s 个字符。"),
    "too-long": msgid("密码最多 %(most)s 个字符。"),
    "too-common": msgid("这个密码太常见，最先被猜到；请换一个。"),
    "too-close": msgid("这个密码几乎就是名称；请加上您自己的词。"),
    "bad-name": msgid("用户名由 1 到 80 个字母、数字、点、@、+、- 或 _ 组成。"),
    "bad-display-name": msgid("姓名为 1 到 80 个可显示的字符。"),
    "last-administrator": msgid("这是最后一位管理员，必须保留。"),
    "bad-id": msgid("标识只能用小写字母、数字和单个连字符，以字母开头，最多 64 个字符；“%(key)s”不行。"),
    "empty": msgid("请至少填写一种语言的名称。"),
    "negative": msgid("规模不能小于零。"),
    "cycle": msgid("一个单位不能放到自己或自己的下级单位之下。"),
    "parent-archived": msgid("它的上级单位已归档；请先恢复 %(parent)s。"),
    "no-assessment": msgid("请至少选择一份评估。"),
    "too-many-assessments": msgid("一份报告最多 %(most)s 份评估。"),
    "unlike-frameworks": msgid("所选评估的框架版本不同，不能写进同一份报告。"),
    "unknown-template": msgid("没有这种报告。"),
    "unknown-weights": msgid("没有这个权重方案。"),
    "unknown-benchmark": msgid("没有这组对标。"),
    "too-many-jobs": msgid("已经有 %(most)s 份报告在等待制作；请等一份做完再要。"),
    "archived": msgid("它已归档；请先恢复。"),
}
OTHERWISE = msgid("这个内容不能保存（%(code)s）。")


def sentence(refused: Refused) -> str:
    """Return why, in the reader's language; a code without a sentence of its own is named."""
    known = SENTENCES.get(refused.code)
    if known is None:
        return translate(OTHERWISE) % {"code": refused.code}
    return translate(known) % refused.values
