"""Handing out files of reports: each carries a code, and is kept with the hashes of its contents and of its bytes.

The data hash stands for everything that a report shows, whatever the file format: the same figures, words and states
give the same code. `verifying` looks codes and hashes up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.content.snapshot import digest
from app.document.stamp import Stamp, Told, stamped
from app.document.voice import Voice
from app.exports.report_json import write_json
from app.services.assessing import load_assessment
from app.services.releasing import program_version
from app.services.result_document import result_document
from app.services.verifying import code_of
from app.storage import releases as store

if TYPE_CHECKING:
    from app.document.material import Material
    from app.document.values import Document
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment that a report tells of, as it stood when the report's data was read."""

    id: int
    engagement_id: int
    revision: int
    state: str
    result_hash: str


def told_of(session: Session, assessments: Sequence[int]) -> tuple[Assessed, ...]:
    """Return the assessments of a report with revision, state and the hash of their result as it is computed now.

    The result is that of the framework's own weights and method, as it is released, whatever the report asks for.
    """
    views = [load_assessment(session, one) for one in assessments]
    return tuple(
        Assessed(
            id=view.id,
            engagement_id=view.engagement.id,
            revision=view.revision,
            state=view.state,
            result_hash=digest(result_document(view)),
        )
        for view in views
    )


@dataclass(frozen=True, slots=True)
class Issue:
    """A report about to be handed out: what it tells, and the hash of its data."""

    told: tuple[Assessed, ...]
    data_hash: str
    program: str
    at: datetime

    @classmethod
    def of(cls, document: Document, material: Material, told: tuple[Assessed, ...], *, at: datetime) -> Issue:
        """Return the issue of a worded document that carries no stamp yet."""
        digest = hashlib.sha256(write_json(document, material))
        digest.update(json.dumps([_result(one) for one in told], sort_keys=True).encode())
        return cls(told, digest.hexdigest(), program_version(), at)

    def stamped(self, document: Document, material: Material) -> Document:
        """Return the document with revision, state, time, hashes and code in it."""
        voice = Voice(document.locale, material.framework)
        told = tuple(
            Told(voice.name(subject.name), one.revision, one.state, one.result_hash)
            for subject, one in zip(material.subjects, self.told, strict=True)
        )
        stamp = Stamp(code_of(self.data_hash), self.data_hash, told, self.at, self.program)
        return stamped(document, stamp, voice)

    def keep(self, session: Session, content: bytes, *, job_id: int | None, title: str) -> int:
        """Store that these bytes were handed out; return the number of the row."""
        return store.insert_issue(
            session,
            engagement_id=self.told[0].engagement_id,
            job_id=job_id,
            code=code_of(self.data_hash),
            data_hash=self.data_hash,
            file_hash=hashlib.sha256(content).hexdigest(),
            results={"title": title, "assessments": [_result(one) for one in self.told]},
            program=self.program,
            issued_at=self.at,
        )


def _result(one: Assessed) -> dict[str, object]:
    return {"id": one.id, "revision": one.revision, "state": one.state, "hash": one.result_hash}
