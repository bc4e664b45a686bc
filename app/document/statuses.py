"""Words for states and statuses, the same on every page (look.md, Words)."""

from __future__ import annotations

from app.core.scoring import Status
from app.document.voice import Voice


def status_word(voice: Voice, status: Status) -> str:
    """Return the word for how far a score may be relied on."""
    return {
        Status.PUBLISHED: voice._("可发布"),
        Status.PROVISIONAL: voice._("暂定"),
        Status.INSUFFICIENT: voice._("覆盖不足"),
        Status.OPEN: voice._("未评"),
        Status.NOT_APPLICABLE: voice._("不适用"),
    }[status]
