"""Queries over kept reports, the sentences edited in them and their history. Knows no rule about who may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, insert, select, update
from sqlalchemy.orm import Session

from app.storage.report_tables import ReportRow, ReportSentenceRevisionRow, ReportSentenceRow
from app.storage.tables import UserRow


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """A kept report as stored; `parameters` are what it was asked for with, but for language, date and format."""

    id: int
    engagement_id: int
    template: str
    parameters: Mapping[str, Any]
    created_at: datetime
    created_by: int | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class SentenceRecord:
    """An edited sentence as stored; `text` None: the machine's stands again. `machine`: what it said when edited."""

    id: int
    report_id: int
    locale: str
    slot: str
    text: str | None
    machine: str
    version: int
    updated_at: datetime
    updated_by_name: str | None


@dataclass(frozen=True, slots=True)
class SentenceRevision:
    """One change of a sentence; None stands for the machine's."""

    version: int
    before: str | None
    after: str | None
    machine: str
    user_name: str | None
    at: datetime


_REPORTS: Any = select(
    ReportRow.id,
    ReportRow.engagement_id,
    ReportRow.template,
    ReportRow.parameters,
    ReportRow.created_at,
    ReportRow.created_by,
    ReportRow.archived_at,
)

_SENTENCES: Any = select(
    ReportSentenceRow.id,
    ReportSentenceRow.report_id,
    ReportSentenceRow.locale,
    ReportSentenceRow.slot,
    ReportSentenceRow.text,
    ReportSentenceRow.machine,
    ReportSentenceRow.version,
    ReportSentenceRow.updated_at,
    UserRow.display_name,
).outerjoin(UserRow, UserRow.id == ReportSentenceRow.updated_by)


def report(session: Session, report_id: int) -> ReportRecord | None:
    """Return one report, archived or not; None if there is none."""
    row = session.execute(_REPORTS.where(ReportRow.id == report_id)).one_or_none()
    return None if row is None else ReportRecord(*row)


def reports(session: Session, engagement_id: int, template: str | None = None) -> tuple[ReportRecord, ...]:
    """Return the reports of an engagement that are not archived (of one template), the newest first."""
    wanted = _REPORTS.where(ReportRow.engagement_id == engagement_id, ReportRow.archived_at.is_(None))
    if template is not None:
        wanted = wanted.where(ReportRow.template == template)
    return tuple(ReportRecord(*row) for row in session.execute(wanted.order_by(ReportRow.id.desc())))


def insert_report(
    session: Session,
    *,
    engagement_id: int,
    template: str,
    parameters: Mapping[str, Any],
    user_id: int | None,
    at: datetime,
) -> int:
    """Store a report; return its id."""
    statement = insert(ReportRow).values(
        engagement_id=engagement_id, template=template, parameters=dict(parameters), created_at=at, created_by=user_id
    )
    return session.execute(statement.returning(ReportRow.id)).scalar_one()


def edited_counts(session: Session, engagement_id: int) -> dict[tuple[int, str], int]:
    """Return how many sentences stand edited, by report and language, in an engagement."""
    rows = session.execute(
        select(ReportSentenceRow.report_id, ReportSentenceRow.locale, func.count())
        .join(ReportRow, ReportRow.id == ReportSentenceRow.report_id)
        .where(ReportRow.engagement_id == engagement_id, ReportSentenceRow.text.is_not(None))
        .group_by(ReportSentenceRow.report_id, ReportSentenceRow.locale)
    )
    return {(report_id, locale): n for report_id, locale, n in rows}


def sentences(session: Session, report_id: int, locale: str) -> tuple[SentenceRecord, ...]:
    """Return every sentence of a report that was ever edited in a language, in the order of the first edits."""
    wanted = _SENTENCES.where(ReportSentenceRow.report_id == report_id, ReportSentenceRow.locale == locale)
    return tuple(SentenceRecord(*row) for row in session.execute(wanted.order_by(ReportSentenceRow.id)))


def sentence(session: Session, report_id: int, locale: str, slot: str) -> SentenceRecord | None:
    """Return a sentence that was ever edited; None if it never was."""
    row = session.execute(
        _SENTENCES.where(
            ReportSentenceRow.report_id == report_id,
            ReportSentenceRow.locale == locale,
            ReportSentenceRow.slot == slot,
        )
    ).one_or_none()
    return None if row is None else SentenceRecord(*row)


def insert_sentence(
    session: Session,
    report_id: int,
    locale: str,
    slot: str,
    *,
    text: str | None,
    machine: str,
    user_id: int | None,
    at: datetime,
) -> int:
    """Store the first edit of a sentence as version 1; return its id."""
    statement = insert(ReportSentenceRow).values(
        report_id=report_id,
        locale=locale,
        slot=slot,
        text=text,
        machine=machine,
        version=1,
        updated_at=at,
        updated_by=user_id,
    )
    return session.execute(statement.returning(ReportSentenceRow.id)).scalar_one()


def update_sentence(
    session: Session,
    sentence_id: int,
    *,
    base_version: int,
    text: str | None,
    machine: str,
    user_id: int | None,
    at: datetime,
) -> bool:
    """Change a sentence and raise its version, only while it stands at `base_version`; False otherwise."""
    result = session.execute(
        update(ReportSentenceRow)
        .where(ReportSentenceRow.id == sentence_id, ReportSentenceRow.version == base_version)
        .values(text=text, machine=machine, version=base_version + 1, updated_at=at, updated_by=user_id)
    )
    return cast("CursorResult[Any]", result).rowcount == 1


def append_revision(
    session: Session,
    sentence_id: int,
    *,
    version: int,
    before: str | None,
    after: str | None,
    machine: str,
    user_id: int | None,
    at: datetime,
) -> None:
    """Append a wording; revisions are never changed afterwards."""
    session.execute(
        insert(ReportSentenceRevisionRow).values(
            sentence_id=sentence_id,
            version=version,
            before=before,
            after=after,
            machine=machine,
            user_id=user_id,
            at=at,
        )
    )


def revisions(session: Session, sentence_id: int) -> tuple[SentenceRevision, ...]:
    """Return every wording that a sentence had, oldest first."""
    rows = session.execute(
        select(
            ReportSentenceRevisionRow.version,
            ReportSentenceRevisionRow.before,
            ReportSentenceRevisionRow.after,
            ReportSentenceRevisionRow.machine,
            UserRow.display_name,
            ReportSentenceRevisionRow.at,
        )
        .outerjoin(UserRow, UserRow.id == ReportSentenceRevisionRow.user_id)
        .where(ReportSentenceRevisionRow.sentence_id == sentence_id)
        .order_by(ReportSentenceRevisionRow.id)
    )
    return tuple(SentenceRevision(*row) for row in rows)
