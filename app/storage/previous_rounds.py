"""The assessment of the same unit by the same framework in the round before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.core.text import Text
from app.storage.tables import AssessmentRow, RoundRow


@dataclass(frozen=True, slots=True)
class EarlierAssessment:
    """An assessment in use and the name of its round."""

    id: int
    round_name: Text


def shows_previous(session: Session, assessment_id: int) -> bool:
    """Tell whether the consultants of an assessment may see what the round before said."""
    wanted = select(AssessmentRow.shows_previous).where(AssessmentRow.id == assessment_id)
    return bool(session.execute(wanted).scalar())


def assessment_before(session: Session, assessment_id: int) -> EarlierAssessment | None:
    """Return the newest revision in use from the nearest earlier round; None if there is none.

    Rounds stand by date, undated ones after all others in the order in which they were made.
    """
    own, own_round = aliased(AssessmentRow), aliased(RoundRow)
    rows: Any = session.execute(
        select(
            AssessmentRow.id,
            AssessmentRow.round_id,
            RoundRow.date,
            RoundRow.position,
            RoundRow.name_zh,
            RoundRow.name_en,
            own_round.id.label("own_id"),
            own_round.date.label("own_date"),
            own_round.position.label("own_position"),
        )
        .select_from(own)
        .join(own_round, own_round.id == own.round_id)
        .join(
            AssessmentRow,
            (AssessmentRow.unit_id == own.unit_id)
            & (AssessmentRow.framework_key == own.framework_key)
            & (AssessmentRow.round_id != own.round_id),
        )
        .join(RoundRow, RoundRow.id == AssessmentRow.round_id)
        .where(own.id == assessment_id, AssessmentRow.archived_at.is_(None), RoundRow.archived_at.is_(None))
        .order_by(RoundRow.date.is_(None), RoundRow.date, RoundRow.position, RoundRow.id, AssessmentRow.revision)
    ).all()
    earlier = [
        row
        for row in rows
        if _place(row.date, row.position, row.round_id) < _place(row.own_date, row.own_position, row.own_id)
    ]
    return EarlierAssessment(earlier[-1].id, Text(earlier[-1].name_zh, earlier[-1].name_en)) if earlier else None


def _place(day: Any, position: int, round_id: int) -> tuple[bool, Any, int, int]:
    return day is None, "" if day is None else day, position, round_id
