"""What surrounds the pages about one interview's paper and workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n import msgid
from app.web.context import locale
from app.web.shell import Shell, engagement_shell

if TYPE_CHECKING:
    from app.services.interview_sheet import Sheet
    from app.services.interviewing import Workplace
    from app.storage.database import Session


def sheet_shell(session: Session, sheet: Sheet) -> Shell:
    """Return the shell of a page about one interview."""
    interview = sheet.interview
    return engagement_shell(
        session,
        interview.engagement_key,
        unit=interview.unit_key,
        facts=[
            (msgid("评估单位"), interview.unit_name.in_locale(locale())),
            (msgid("评估轮次"), interview.round_name.in_locale(locale())),
            (msgid("框架"), f"{sheet.framework.name.in_locale(locale())} {sheet.framework.version}"),
        ],
    )


def place_shell(session: Session, place: Workplace) -> Shell:
    """Return the shell of a page about one assessment."""
    return engagement_shell(
        session,
        place.engagement.key,
        unit=place.assessment.unit.key,
        facts=[
            (msgid("评估单位"), place.assessment.unit.name.in_locale(locale())),
            (msgid("评估轮次"), place.assessment.round.name.in_locale(locale())),
        ],
    )
