"""Uploaded case files: read, rehearsed, described. What is uploaded is never kept on disk."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.content.cases import read_case
from app.core.case import Case
from app.core.errors import Fault, FaultsFound
from app.services.importing import AlreadyThere, Difference, import_case
from app.services.refusals import Invalid
from app.storage.database import Session
from app.web.context import actor, context
from app.web.wording import sentence


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What importing a case would do. `refusal` is why it cannot; `differences` is None where nothing is there yet.

    `released`: what is there was released, so that a revision needs a reason.
    """

    case: Case
    findings: int
    differences: tuple[Difference, ...] | None
    refusal: str | None
    released: bool = False


def read_upload(content: bytes) -> Case | tuple[Fault, ...]:
    """Return the case of a file's content, or every fault in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        path.write_bytes(content)
        try:
            return read_case(path, library=context().library)
        except FaultsFound as found:
            return found.errors


def rehearse(case: Case, engagement_key: str) -> Rehearsal:
    """Import a case, say what happened, and take it back."""
    findings = sum(len(agreed.findings) for agreed in case.scores.values())
    try:
        with context().database.begin() as session:
            store_case(session, case, engagement_key, as_revision=False)
            session.rollback()
    except AlreadyThere as there:
        return Rehearsal(case, findings, there.diff, None, there.released)
    except Invalid as refused:
        return Rehearsal(case, findings, None, sentence(refused))
    return Rehearsal(case, findings, None, None)


def store_case(session: Session, case: Case, engagement_key: str, *, as_revision: bool, reason: str = "") -> int:
    """Import a case into an engagement; return the id of the assessment."""
    parts = context()
    return import_case(
        session,
        case,
        framework=parts.library.framework(case.framework),
        engagement_key=engagement_key,
        library=parts.library,
        actor=actor(),
        clock=parts.clock,
        as_revision=as_revision,
        reason=reason,
    )
