"""How far a report is and why it failed, in the reader's words."""

from __future__ import annotations

from app.i18n import msgid
from app.services.jobs import Failure, JobState, JobView
from app.services.reporting import FINISHING, GATHERING, PAGES, WORDING
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
}
LAYING_OUT = msgid("正在排版，到第 %(page)s 页")
FAILURES: dict[str, str] = {
    Failure.MEMORY: msgid("内容太多，内存不够。请少选几份评估再试。"),
    Failure.CPU: msgid("内容太多，计算超过了时限。请少选几份评估再试。"),
    Failure.TIME: msgid("制作超过了时限。请少选几份评估再试。"),
    Failure.CRASH: msgid("制作过程意外结束。请再试一次；如果又这样，请告诉管理员。"),
    Failure.INTERRUPTED: msgid("服务器中途停止过两次。请再试一次。"),
    Failure.ERROR: msgid("系统出错，原因记在日志里。请告诉管理员。"),
    "printing": msgid("排版程序没有写出文件。请少选几份评估再试；如果又这样，请告诉管理员。"),
    "template": msgid("报告模板有错，不能使用。请告诉编辑报告模板的人。"),
    "not-found": msgid("所选的评估已经不在了。请重新选择。"),
    "unknown-benchmark": msgid("所选的对标已经不在了。请重新选择。"),
}
UNKNOWN = msgid("没有做成（%(code)s）。请再试一次；如果又这样，请告诉管理员。")


def stage_words(job: JobView) -> str:
    """Say what is going on."""
    if job.state is not JobState.RUNNING or not job.stage:
        return translate(STATES[job.state])
    stage, _, page = job.stage.partition(" ")
    if stage == PAGES:
        return translate(LAYING_OUT) % {"page": page}
    return translate(STAGES.get(stage, STATES[job.state]))


def failure_words(job: JobView) -> str:
    """Say why a report was not made, and what to do."""
    code = job.failure or Failure.ERROR
    known = FAILURES.get(code)
    return translate(known) if known else translate(UNKNOWN) % {"code": code}
