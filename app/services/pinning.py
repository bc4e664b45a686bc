"""Frameworks and questionnaires are stored whole when they are first used, and read from there for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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

Content = TypeVar("Content", Framework, Questionnaire)

_frameworks: dict[str, Framework] = {}
_questionnaires: dict[str, Questionnaire] = {}


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


def pinned_framework(session: Session, snapshot_id: int, known_digest: str | None = None) -> Framework:
    """Return the framework of a snapshot; read and parsed once per process. `known_digest` spares a query."""
    return _remembered(session, snapshot_id, known_digest, _frameworks, read_framework_document)


def pinned_questionnaire(session: Session, snapshot_id: int, known_digest: str | None = None) -> Questionnaire:
    """Return the questionnaire of a snapshot; read and parsed once per process. `known_digest` spares a query."""
    return _remembered(session, snapshot_id, known_digest, _questionnaires, read_questionnaire_document)


def _remembered(
    session: Session,
    snapshot_id: int,
    known_digest: str | None,
    memory: dict[str, Content],
    parse: Callable[[str], Content],
) -> Content:
    """Known by hash and not by id: another database may stand at the same place later (a restored backup)."""
    digest_of_it = known_digest or store.hash_of(session, snapshot_id)
    found = memory.get(digest_of_it)
    if found is None:
        found = parse(store.document(session, snapshot_id))
        while len(memory) >= KEPT_IN_MEMORY:
            memory.pop(next(iter(memory)), None)
        memory[digest_of_it] = found
    return found
