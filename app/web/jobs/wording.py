"""How far a job is and why it failed, in the reader's words."""

from __future__ import annotations

from app.i18n import msgid
from app.services import batches
from app.services.jobs import Failure, JobState, JobView, Tally
from app.services.printing import FINISHING, PAGES
from app.services.rendering import GATHERING, WORDING
from app.web.context import translate

STATES = {
    JobState.QUEUED: msgid("等待制作"),
    JobState.RUNNING: msgid("正在制作"),
    JobState.DONE: msgid("已做好"),
    JobState.FAILED: msgid("没有做成"),
    JobState.CANCELLED: msgid("已取消"),
}
STAGES = {
    GATHERING: msgid("正在读取得分与发现"),
    WORDING: msgid("正在写成文字"),
    FINISHING: msgid("正在写入文件"),
    batches.PACKING: msgid("正在打包"),
}
LAYING_OUT = msgid("正在排版，到第 %(page)s 页")
AFTER_OTHERS = msgid("等待制作，前面还有 %(n)s 件")
TOLD = msgid("已完成 %(ended)s / %(total)s 个文件")
CLEARED = msgid("文件已清理，可以再做")
FAILURES: dict[str, str] = {
    Failure.MEMORY: msgid("内容太多，内存不够。请少选几份评估再试。"),
    Failure.CPU: msgid("内容太多，计算超过了时限。请少选几份评估再试。"),
    Failure.TIME: msgid("制作超过了时限。请少选几份评估再试。"),
    Failure.CRASH: msgid("制作过程两次意外结束。请再试一次；如果又这样，请告诉管理员。"),
    Failure.INTERRUPTED: msgid("服务器中途停止过两次。请再试一次。"),
    Failure.DISK: msgid("服务器的磁盘满了，文件没有写成。请告诉管理员，之后再试一次。"),
    Failure.ERROR: msgid("系统出错，原因记在日志里。请告诉管理员。"),
    "printing": msgid("排版程序没有写出文件。请少选几份评估再试；如果又这样，请告诉管理员。"),
    "template": msgid("报告模板有错，不能使用。请告诉编辑报告模板的人。"),
    "not-found": msgid("所选的评估已经不在了。请重新选择。"),
    "unknown-template": msgid("这种报告已经不在了。请重新选择。"),
    "unknown-weights": msgid("所选的权重方案已经不在了。请重新选择。"),
    "unknown-benchmark": msgid("所选的对标已经不在了。请重新选择。"),
}
UNKNOWN = msgid("没有做成（%(code)s）。请再试一次；如果又这样，请告诉管理员。")


def stage_words(job: JobView, *, tally: Tally | None = None, before: int = 0) -> str:
    """Say what is going on: of a batch how many of its parts have ended, of a waiting job how many come first."""
    if tally is not None and tally.total and not job.state.has_ended and tally.ended < tally.total:
        return translate(TOLD) % {"ended": tally.ended, "total": tally.total}
    if job.state is JobState.QUEUED and before:
        return translate(AFTER_OTHERS) % {"n": before}
    if job.state is not JobState.RUNNING or not job.stage:
        return translate(STATES[job.state])
    stage, _, page = job.stage.partition(" ")
    if stage == PAGES:
        return translate(LAYING_OUT) % {"page": page}
    return translate(STAGES.get(stage, STATES[job.state]))


def share_done(job: JobView, tally: Tally | None = None) -> int:
    """Return how far a job is in per cent; the parts of a batch are nearly all of its work."""
    if tally is None or not tally.total or job.state.has_ended:
        return job.progress
    return 95 * tally.ended // tally.total + 5 * job.progress // 100


def failure_words(job: JobView) -> str:
    """Say why a file was not made, and what to do."""
    code = job.failure or Failure.ERROR
    known = FAILURES.get(code)
    return translate(known) if known else translate(UNKNOWN) % {"code": code}
