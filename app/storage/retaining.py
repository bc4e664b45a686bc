"""Deleting what is no longer needed: each function one kind of row, older than a moment; returns how many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from app.storage.jobs import QUEUED, RUNNING
from app.storage.report_tables import JobRow
from app.storage.tables import PresenceRow, SignInRow
from app.storage.trust_tables import AccountLinkRow, SignInAttemptRow


def _deleted(session: Session, statement: Delete) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def delete_attempts(session: Session, before: datetime) -> int:
    """Forget failed sign-ins."""
    return _deleted(session, delete(SignInAttemptRow).where(SignInAttemptRow.at < before))


def delete_sign_ins(session: Session, before: datetime) -> int:
    """Forget sign-ins that ended, or could not be used any more."""
    return _deleted(session, delete(SignInRow).where(or_(SignInRow.ended_at < before, SignInRow.expires_at < before)))


def delete_account_links(session: Session, before: datetime) -> int:
    """Forget invitations and reset links that were used or ended, or could not be used any more."""
    return _deleted(
        session,
        delete(AccountLinkRow).where(
            or_(AccountLinkRow.used_at < before, AccountLinkRow.ended_at < before, AccountLinkRow.expires_at < before)
        ),
    )


def delete_presence(session: Session, before: datetime) -> int:
    """Forget who had which interview open."""
    return _deleted(session, delete(PresenceRow).where(PresenceRow.seen_at < before))


def guides_with_files(session: Session) -> tuple[tuple[int, str, dict[str, Any], datetime | None], ...]:
    """Return the printed guides whose file is still there: job, file, what was asked for, when it was made."""
    rows = session.execute(
        select(JobRow.id, JobRow.result, JobRow.parameters, JobRow.finished_at).where(
            and_(JobRow.kind == "guide", JobRow.result.is_not(None))
        )
    )
    return tuple((number, str(result), parameters, made) for number, result, parameters, made in rows)


def unfinished_guides(session: Session) -> tuple[tuple[int, dict[str, Any]], ...]:
    """Return the guides that are still to be printed or being printed: job, what was asked for."""
    going = and_(JobRow.kind == "guide", JobRow.state.in_((QUEUED, RUNNING)))
    rows = session.execute(select(JobRow.id, JobRow.parameters).where(going))
    return tuple((number, parameters) for number, parameters in rows)


def forget_results(session: Session, job_ids: Sequence[int]) -> None:
    """Note that the files of jobs are no longer kept."""
    session.execute(update(JobRow).where(JobRow.id.in_(job_ids)).values(result=None))
