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
    "no-format": msgid("请至少选择一种文件和语言。"),
    "unknown-format": msgid("没有这种文件。"),
    "one-round-only": msgid("这种报告比较同一单位的两轮评估；请选择同一单位的至少两轮。"),
    "too-many-files": msgid("一次最多 %(most)s 个文件，请少选一些单位、语言或文件种类。"),
    "unknown-weights": msgid("没有这个权重方案。"),
    "unknown-benchmark": msgid("没有这组对标。"),
    "too-many-jobs": msgid("已经有 %(most)s 份报告在等待制作；请等一份做完再要。"),
    "no-links": msgid("请至少给一个角色填份数或代称。"),
    "too-many-links": msgid("一次最多生成 %(most)s 条链接，请分几次。"),
    "unknown-days": msgid("请选链接有效多少天。"),
    "label-too-long": msgid("太长了，最多 %(most)s 个字符。"),
    "archived": msgid("它已归档；请先恢复。"),
    "interview-begun": msgid("这次访谈已经开始，不能取消安排；不再需要时请归档。"),
    "assessment-archived": msgid("这项评估已归档，不再接受修改。"),
    "assessment-published": msgid("这项评估已发布，不再接受修改。"),
    "interview-closed": msgid("这次访谈已结束，不再接受修改。需要修改时，请先重新打开。"),
    "interview-submitted": msgid("这次访谈已提交，等待复核，不再接受修改。需要修改时，请复核人要求修改。"),
    "interview-archived": msgid("这次访谈已归档，不再接受修改。需要修改时，请先恢复。"),
    "finding-empty": msgid("请至少用一种语言写下发现。"),
    "finding-too-long": msgid("一条发现最多 %(longest)s 个字符；请缩短，或分成几条。"),
    "control-characters": msgid("文字里有看不见的控制字符，请删除后再存。"),
    "too-many-findings": msgid("一个要素最多 %(most)s 条发现；请先归档几条，或合并。"),
    "bad-strength": msgid("证据强度为 0 到 3。"),
    "bad-source": msgid("来源只能是本次评估的访谈。"),
    "changed-meanwhile": msgid("就在刚才有人改了这条发现；请重新打开后再改。"),
    "file-missing": msgid("请选择一个文件；空文件不能添加。"),
    "file-too-large": msgid("文件超过 %(most)s MiB。照片可先缩小，PDF 可先拆开。"),
    "file-kind": msgid("只收 PNG、JPEG、WebP 图片和 PDF。其他文件请先转成 PDF 或截图。"),
    "file-there": msgid("这个文件已经在这里了：%(label)s。"),
    "image-unreadable": msgid("图片已损坏，读不出来。请重新保存或截图后再添加。"),
    "image-too-many-pixels": msgid("图片超过 %(most)s 百万像素。请先缩小。"),
    "pdf-unreadable": msgid("这份 PDF 不完整或已损坏。请重新导出后再添加。"),
    "pdf-encrypted": msgid("这份 PDF 加了密码或限制。请去掉后再添加。"),
    "pdf-active": msgid(
        "这份 PDF 含有脚本、表单提交或打开时自动执行的动作。请另存为普通 PDF（例如用“打印为 PDF”）后再添加。"
    ),
    "pdf-carries-files": msgid("这份 PDF 里嵌有其他文件。请去掉附件，或分别添加。"),
    "pdf-too-many-pages": msgid("这份 PDF 超过 %(most)s 页。请只留有关的几页。"),
    "disk-full": msgid("服务器的磁盘满了，文件没有存下；已有的内容都在。请告诉管理员。"),
    "attachments-full": msgid("本次评估的文件合计最多 %(most)s MiB，已经放不下。"),
    "empty-sentence": msgid("一个句子不能是空的；要去掉改写，请按“恢复机器的句子”。"),
    "sentence-too-long": msgid("一个句子最多 %(longest)s 个字符；请缩短。"),
    "machine-changed": msgid("就在刚才数字变了，机器的句子也变了。请对照现在的句子，再保存一次。"),
}
OTHERWISE = msgid("这个内容不能保存（%(code)s）。")


def sentence(refused: Refused) -> str:
    """Return why, in the reader's language; a code without a sentence of its own is named."""
    known = SENTENCES.get(refused.code)
    if known is None:
        return translate(OTHERWISE) % {"code": refused.code}
    return translate(known) % refused.values
