"""Frameworks and questionnaires are stored whole when they are first used, and read from there for ever."""

from __future__ import annotations

from functools import lru_cache

from app.content.snapshot import (
    digest,
    framework_document,
    questionnaire_document,
    read_framework_document,
    read_questionnaire_document,
)
from app.core.framework import Framework
from app.core.questionnaire import Questionnaire
from app.services.clock import Clock
from app.storage import snapshots as store
from app.storage.database import Session

KEPT_IN_MEMORY = 64

_read_framework = lru_cache(KEPT_IN_MEMORY)(read_framework_document)
_read_questionnaire = lru_cache(KEPT_IN_MEMORY)(read_questionnaire_document)


def pin_framework(session: Session, framework: Framework, clock: Clock) -> int:
    """Store a framework as it is now, once; return the id of its snapshot."""
    document = framework_document(framework)
    return store.keep(
        session,
        kind=store.FRAMEWORK,
        key=framework.id,
        version=framework.version,
        digest=digest(document),
        document=document,
        at=clock(),
    )


def pin_questionnaire(session: Session, questionnaire: Questionnaire, clock: Clock) -> int:
    """Store a questionnaire as it is now, once; return the id of its snapshot."""
    document = questionnaire_document(questionnaire)
    return store.keep(
        session,
        kind=store.QUESTIONNAIRE,
        key=questionnaire.id,
        version=questionnaire.version,
        digest=digest(document),
        document=document,
        at=clock(),
    )


def pinned_framework(session: Session, snapshot_id: int) -> Framework:
    """Return the framework of a snapshot; parsed once per process."""
    return _read_framework(store.document(session, snapshot_id))


def pinned_questionnaire(session: Session, snapshot_id: int) -> Questionnaire:
    """Return the questionnaire of a snapshot; parsed once per process."""
    return _read_questionnaire(store.document(session, snapshot_id))
