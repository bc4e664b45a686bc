"""What becomes of personal links, in consultants' words."""

from __future__ import annotations

from app.i18n import msgid
from app.services.personal_links import LinkState

LINK_STATES = {
    LinkState.NOT_OPENED: msgid("未打开"),
    LinkState.OPENED: msgid("打开过，未作答"),
    LinkState.IN_PROGRESS: msgid("填写中"),
    LinkState.SUBMITTED: msgid("已提交"),
    LinkState.CHANGES_REQUESTED: msgid("待修改"),
    LinkState.ENDED: msgid("链接已停用"),
    LinkState.EXPIRED: msgid("链接已过期"),
    LinkState.NONE: msgid("没有链接"),
}
