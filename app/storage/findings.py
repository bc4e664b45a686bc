"""Findings with their sources and their revisions. Knows the rows; knows no rule about who may write and what wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.text import Text
from app.storage.tables import FindingRevisionRow, FindingRow, FindingSourceRow, UserRow

LOST = "conflict-lost"


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A finding as stored; `sources` are ids of interviews in the order in which they were named."""

    id: int
    assessment_id: int
    element: str
    position: int
    text: Text
    strength: int | None
    version: int
    created_at: datetime
    created_by: int | None
    created_by_name: str | None
    archived_at: datetime | None
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingRevision:
    """One change of a finding: the fields that it touched, `before` and `after`."""

    finding_id: int
    version: int
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    user_id: int | None
    user_name: str | None
    at: datetime


_FINDINGS: Any = select(
    FindingRow.id,
    FindingRow.assessment_id,
    FindingRow.element,
    FindingRow.position,
    FindingRow.text_zh,
    FindingRow.text_en,
    FindingRow.strength,
    FindingRow.version,
    FindingRow.created_at,
    FindingRow.created_by,
    UserRow.display_name,
    FindingRow.archived_at,
).outerjoin(UserRow, UserRow.id == FindingRow.created_by)


def finding(session: Session, finding_id: int) -> FindingRecord | None:
    """Return one finding, archived or not; None if there is none."""
    return next(iter(_read(session, _FINDINGS.where(FindingRow.id == finding_id))), None)


def findings(session: Session, assessment_id: int, element: str | None = None) -> tuple[FindingRecord, ...]:
    """Return the findings of an assessment (of one element), archived ones too, in their order."""
    wanted = _FINDINGS.where(FindingRow.assessment_id == assessment_id)
    if element is not None:
        wanted = wanted.where(FindingRow.element == element)
    return _read(session, wanted.order_by(FindingRow.position, FindingRow.id))


def _read(session: Session, statement: Any) -> tuple[FindingRecord, ...]:
    rows = session.execute(statement).all()
    named: dict[int, list[int]] = {row.id: [] for row in rows}
    for finding_id, interview_id in session.execute(
        select(FindingSourceRow.finding_id, FindingSourceRow.interview_id)
        .where(FindingSourceRow.finding_id.in_(list(named)))
        .order_by(FindingSourceRow.id)
    ):
        named[finding_id].append(interview_id)
    return tuple(
        FindingRecord(
            id=row.id,
            assessment_id=row.assessment_id,
            element=row.element,
            position=row.position,
            text=Text(row.text_zh, row.text_en),
            strength=row.strength,
            version=row.version,
            created_at=row.created_at,
            created_by=row.created_by,
            created_by_name=row.display_name,
            archived_at=row.archived_at,
            sources=tuple(named[row.id]),
        )
        for row in rows
    )


def insert_finding(
    session: Session,
    assessment_id: int,
    element: str,
    *,
    text: Text,
    strength: int | None,
    position: int,
    at: datetime,
    user_id: int | None,
) -> int:
    """Store a new finding as version 1; return its id."""
    statement = insert(FindingRow).values(
        assessment_id=assessment_id,
        element=element,
        position=position,
        text_zh=text.zh,
        text_en=text.en,
        strength=strength,
        version=1,
        created_at=at,
        created_by=user_id,
    )
    return session.execute(statement.returning(FindingRow.id)).scalar_one()


def update_finding(session: Session, finding_id: int, *, base_version: int, **values: Any) -> bool:
    """Set columns of a finding and raise its version, only while it stands at `base_version`; False otherwise."""
    result = session.execute(
        update(FindingRow)
        .where(FindingRow.id == finding_id, FindingRow.version == base_version)
        .values(version=base_version + 1, **values)
    )
    return cast("CursorResult[Any]", result).rowcount == 1


def replace_sources(session: Session, finding_id: int, interview_ids: Sequence[int]) -> None:
    """Name exactly these interviews as the sources of a finding."""
    session.execute(delete(FindingSourceRow).where(FindingSourceRow.finding_id == finding_id))
    rows = [{"finding_id": finding_id, "interview_id": interview_id} for interview_id in interview_ids]
    if rows:
        session.execute(insert(FindingSourceRow), rows)


def append_revision(
    session: Session,
    finding_id: int,
    *,
    version: int,
    kind: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    user_id: int | None,
    at: datetime,
) -> None:
    """Append what happened to a finding; revisions are never changed afterwards."""
    session.execute(
        insert(FindingRevisionRow).values(
            finding_id=finding_id,
            version=version,
            kind=kind,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            user_id=user_id,
            at=at,
        )
    )


def revisions_of(session: Session, finding_ids: Iterable[int], *, since: int = 0) -> tuple[FindingRevision, ...]:
    """Return what happened to these findings after version `since`, oldest first, lost conflicts too."""
    rows = session.execute(
        select(
            FindingRevisionRow.finding_id,
            FindingRevisionRow.version,
            FindingRevisionRow.kind,
            FindingRevisionRow.before,
            FindingRevisionRow.after,
            FindingRevisionRow.user_id,
            UserRow.display_name,
            FindingRevisionRow.at,
        )
        .outerjoin(UserRow, UserRow.id == FindingRevisionRow.user_id)
        .where(FindingRevisionRow.finding_id.in_(list(finding_ids)), FindingRevisionRow.version > since)
        .order_by(FindingRevisionRow.id)
    )
    return tuple(
        FindingRevision(finding_id, version, kind, before or {}, after or {}, user_id, name, at)
        for finding_id, version, kind, before, after, user_id, name, at in rows
    )


def replace_findings(
    session: Session,
    assessment_id: int,
    given: Mapping[str, Sequence[Text]],
    *,
    at: datetime,
    user_id: int | None,
) -> None:
    """Let exactly these findings stand, in this order, for the named elements.

    A finding of the same words stays the same finding, with its sources, files and history; one that is not among
    the given is archived, never deleted.
    """
    stored = [one for one in findings(session, assessment_id) if one.archived_at is None]
    new = []
    for element, texts in given.items():
        standing = [one for one in stored if one.element == element]
        for position, text in enumerate(texts):
            same = next((one for one in standing if one.text == text), None)
            if same is None:
                new.append({"element": element, "position": position, "text_zh": text.zh, "text_en": text.en})
                continue
            standing.remove(same)
            if same.position != position:
                _change(session, same, "normal", {"position": position}, at=at, user_id=user_id)
        for superfluous in standing:
            _change(session, superfluous, "archived", {"archived_at": at}, at=at, user_id=user_id)
    if new:
        common = {"assessment_id": assessment_id, "version": 1, "created_at": at, "created_by": user_id}
        session.execute(insert(FindingRow), [{**common, **row} for row in new])


def _change(
    session: Session, record: FindingRecord, kind: str, values: dict[str, Any], *, at: datetime, user_id: int | None
) -> None:
    update_finding(session, record.id, base_version=record.version, **values)
    moved = "position" in values
    append_revision(
        session,
        record.id,
        version=record.version + 1,
        kind=kind,
        before={"position": record.position} if moved else {},
        after={"position": values["position"]} if moved else {},
        user_id=user_id,
        at=at,
    )


def last_position(session: Session, assessment_id: int, element: str) -> int:
    """Return the highest position that a finding of an element has; -1 where there is none."""
    highest = session.execute(
        select(func.max(FindingRow.position)).where(
            FindingRow.assessment_id == assessment_id, FindingRow.element == element
        )
    ).scalar()
    return -1 if highest is None else highest
