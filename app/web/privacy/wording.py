"""What the texts are called in which a name may stand, and where each can be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.i18n import msgid
from app.web.context import translate

if TYPE_CHECKING:
    from app.storage.mentions import MentionRecord

KINDS = {
    "answer": msgid("访谈记录的备注或理由"),
    "interview": msgid("访谈的地点、访谈人或修改要求"),
    "agreed": msgid("共识分的备注或理由"),
    "finding": msgid("发现"),
    "attachment": msgid("证据文件的名称"),
    "warning": msgid("接受提示时写的理由"),
    "sentence": msgid("改写过的报告句子"),
}
# where each is mended: a page, and what its address names
PAGES = {
    "answer": ("interviewing.element", ("interview_id", "element")),
    "interview": ("interviewing.particulars", ("interview_id",)),
    "agreed": ("agreeing.element", ("assessment_id", "element")),
    "finding": ("findings.element", ("assessment_id", "element")),
    "attachment": ("findings.element", ("assessment_id", "element")),
    "warning": ("finishing.assessment", ("assessment_id",)),
    "sentence": ("rewording.show", ("report_id",)),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A text that holds a name: what it is, of which element, and where it can be mended."""

    what: str
    element: str | None
    url: str


def place_of(mention: MentionRecord) -> Place:
    """Return where a text stands, in the reader's language."""
    return Place(translate(KINDS[mention.kind]), mention.element or None, _url(mention))


def _url(mention: MentionRecord) -> str:
    endpoint, names = PAGES[mention.kind]
    if mention.kind == "warning" and mention.interview_id is not None:
        endpoint, names = "finishing.interview", ("interview_id",)
    known: dict[str, Any] = {
        "interview_id": mention.interview_id,
        "assessment_id": mention.assessment_id,
        "element": mention.element,
        "report_id": mention.number,
    }
    return url_for(endpoint, **{name: known[name] for name in names})
