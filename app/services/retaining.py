"""Keeping to the retention that the settings set: what is no longer needed goes, and the trail says how much.

Runs now and then between two jobs of the worker. Everything here may run twice, or be interrupted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from app.services import trail
from app.services.compacting import compact
from app.services.engagements import list_engagements
from app.services.erasing import finish_erasures
from app.services.respondents import erase_respondents
from app.services.sheet_uploads import FOLDER as WORKBOOKS
from app.services.trail import Event
from app.storage import engagements as engagement_store
from app.storage import retaining as store
from app.storage.database import Session

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.settings import Settings
    from app.storage.database import Database

log = structlog.get_logger(__name__)

PRESENCE = timedelta(days=1)  # who has an interview open is fresh for a minute


def keep_to_retention(database: Database, settings: Settings, clock: Clock) -> Mapping[str, int]:
    """Delete what the settings no longer let us keep; return how many of what. The trail says so, if there was any."""
    now, days = clock(), settings.retention
    with database.begin() as session:
        counts = {
            "failed-sign-ins": store.delete_attempts(session, now - timedelta(days=days.failed_sign_ins)),
            "ended-sign-ins": store.delete_sign_ins(session, now - timedelta(days=days.ended_sign_ins)),
            "used-links": store.delete_account_links(session, now - timedelta(days=days.used_links)),
            "presence": store.delete_presence(session, now - PRESENCE),
            "named-guides": _old_guides(session, settings, now - timedelta(days=days.named_guides)),
            "names": _old_names(session, settings, clock) if days.names else 0,
        }
        done = {what: count for what, count in counts.items() if count}
        if done:
            trail.record(session, Event.CLEARED, actor=None, clock=clock, details=done)
    done |= {
        what: count
        for what, count in (
            ("workbooks", _old_workbooks(settings, now - timedelta(days=days.brought_workbooks))),
            ("files-of-erased", finish_erasures(database, settings)),
        )
        if count
    }
    if done:
        database.settle()
    compact(database, settings)
    if done:
        log.info("retention", **{what.replace("-", "_"): count for what, count in done.items()})
    return done


def _old_guides(session: Session, settings: Settings, before: datetime) -> int:
    """Remove the files of printed interviews; blank forms, which name nobody, stay with the other files."""
    old = [
        (number, result)
        for number, result, parameters, made in store.guides_with_files(session)
        if parameters.get("interview_id") is not None and made is not None and made < before
    ]
    store.forget_results(session, [number for number, _ in old])
    for _, result in old:
        with contextlib.suppress(OSError):
            (settings.data / result).unlink()
    return len(old)


def _old_names(session: Session, settings: Settings, clock: Clock) -> int:
    """Erase who was asked in engagements that were archived long enough ago."""
    before = clock() - timedelta(days=settings.retention.names)
    archived = {one.id for one in engagement_store.engagements(session) if one.archived_at and one.archived_at < before}
    return sum(
        erase_respondents(session, one.id, settings=settings, actor=None, clock=clock)
        for one in list_engagements(session, archived=True)
        if one.id in archived
    )


def _old_workbooks(settings: Settings, before: datetime) -> int:
    removed = 0
    for file in (settings.data / WORKBOOKS).glob("*"):
        with contextlib.suppress(OSError):
            if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
                file.unlink()
                removed += 1
    return removed
