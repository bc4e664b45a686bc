"""What the page about an interview guide in the making tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from app.services import interviewing
from app.services.file_names import file_name
from app.services.guides import GuideRequest, request_of
from app.services.interview_sheet import read_sheet
from app.services.permissions import Action
from app.services.refusals import NotFound
from app.web.context import context, locale, translate
from app.web.jobs.about import About

if TYPE_CHECKING:
    from app.core.text import Locale
    from app.services.jobs import JobView
    from app.storage.database import Session


def about_guide(session: Session, job: JobView) -> About:
    """Return what a guide is called, and the page and engagement it was asked from."""
    wanted, here = request_of(job.parameters), locale()
    kind = translate("访谈记录") if wanted.filled else translate("访谈提纲")
    back: tuple[str, str] | None = None
    key: str | None = None
    of: list[str] = []
    try:
        if wanted.interview_id is not None:
            record = read_sheet(session, wanted.interview_id).interview
            unit, key = record.unit_name.in_locale(here), record.engagement_key
            back = (f"{unit} {record.key}", url_for("interviewing.hub", interview_id=record.id))
            of = [unit, record.key]
        elif wanted.assessment_id is not None:
            place = interviewing.workplace(session, wanted.assessment_id)
            unit, key = place.assessment.unit.name.in_locale(here), place.engagement.key
            back = (unit, url_for("interviewing.listing", assessment_id=wanted.assessment_id))
            of = [unit, _role(wanted, here)]
    except NotFound:  # what it was printed from is gone; the file is still there
        pass
    return About(
        title=translate("：").join(filter(None, [kind, " · ".join(of)])),
        file_name=file_name("-".join([kind, *of]), ".pdf"),
        media_type="application/pdf",
        back=back,
        engagement=key,
        help_page="paper",
        looked_at_by=Action.ANSWER,
    )


def _role(wanted: GuideRequest, here: Locale) -> str:
    if not wanted.role:
        return translate("全部角色")
    for one in context().library.questionnaires():
        if wanted.questionnaire in (one.reference, one.id):
            names = (role.name.in_locale(here) for role in one.roles if role.id == wanted.role)
            return next(names, wanted.role)
    return wanted.role
