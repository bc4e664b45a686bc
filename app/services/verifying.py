"""Is it what was published? Released results computed anew; codes, hashes and files of reports looked up.

A stored result counts as altered when its own hash does not fit it, and as different when the one scoring function says
something else today: because the program changed, or because rows were changed past it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.content import snapshot
from app.services.assessing import AssessmentView, load_assessment
from app.services.engagements import assessment_record, get_assessment, list_assessments
from app.services.refusals import NotFound
from app.services.result_document import ResultDifference, differences, result_document
from app.services.walls import sees_assessment, sees_engagement
from app.storage import releases as store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.services.engagements import AssessmentSummary
    from app.storage.database import Session
    from app.storage.releases import IssueRecord, ReleaseRecord

SHORTEST_HASH = 8
HASH = re.compile(rf"[0-9a-f]{{{SHORTEST_HASH},64}}")
CODE_LENGTH = 12
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads like another
CODE = re.compile(rf"[{_ALPHABET}]{{{CODE_LENGTH}}}")
MOST_CODES = 20  # more of one hash beginning tell nobody anything


# --- released results computed anew ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A released result beside what is computed today. `altered`: the stored text does not fit its own hash."""

    release: ReleaseRecord
    computed_hash: str
    altered: bool
    differences: tuple[ResultDifference, ...]

    @property
    def stands(self) -> bool:
        """Tell whether the result is whole and is computed just so today."""
        return not self.altered and not self.differences


def recompute(session: Session, view: AssessmentView) -> Recomputed | None:
    """Compare the released result of an assessment with `view`, scored as its framework says; None without one."""
    release = store.release_of(session, view.id)
    return None if release is None else _compared(release, view)


def verify_releases(session: Session) -> Iterator[Recomputed]:
    """Compute every released result anew, oldest first."""
    for release in store.releases(session):
        yield _compared(release, load_assessment(session, release.assessment_id))


def _compared(release: ReleaseRecord, view: AssessmentView) -> Recomputed:
    computed = result_document(view)
    return Recomputed(
        release=release,
        computed_hash=snapshot.digest(computed),
        altered=snapshot.digest(release.document) != release.hash,
        differences=differences(release.document, computed),
    )


# --- codes, hashes, files --------------------------------------------------------------------------------------------


def code_of(data_hash: str) -> str:
    """Return the code that a report prints for its data hash: twelve characters in groups of four."""
    number = int(data_hash[:24], 16)
    written = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        written.append(_ALPHABET[rest])
    return "-".join("".join(written[start : start + 4]) for start in range(0, CODE_LENGTH, 4))


@dataclass(frozen=True, slots=True)
class Told:
    """An assessment as a report told it, beside what is known of it now.

    `hash`: of the result that the report showed (`stored` of what was published of that revision); `newest`: the newest
    released revision of the same unit, round and framework, if it is a later one.
    """

    summary: AssessmentSummary
    revision: int
    state: str
    hash: str
    stored: str | None
    newest: AssessmentSummary | None

    @property
    def as_published(self) -> bool:
        """Tell whether the figures are those of a released result."""
        return self.stored is not None and self.hash == self.stored


@dataclass(frozen=True, slots=True)
class IssueFound:
    """A file of a report that was handed out. `whole`: the very file was given, not only its code or data hash."""

    issue: IssueRecord
    whole: bool
    told: tuple[Told, ...]

    @property
    def as_published(self) -> bool:
        """Tell whether every figure is that of a released result."""
        return all(one.as_published for one in self.told)

    @property
    def superseded(self) -> bool:
        """Tell whether a later revision of an assessment was released since."""
        return any(one.newest is not None for one in self.told)


@dataclass(frozen=True, slots=True)
class ReleaseFound:
    """A released result that a hash names."""

    release: ReleaseRecord
    summary: AssessmentSummary
    newest: AssessmentSummary | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code, hash or file is; nothing found: nobody here made it, or not for the asker's eyes."""

    issues: tuple[IssueFound, ...] = ()
    releases: tuple[ReleaseFound, ...] = ()

    @property
    def known(self) -> bool:
        """Tell whether anything was found."""
        return bool(self.issues or self.releases)


def verify_text(session: Session, typed: str) -> Verdict:
    """Return what a code or a hash (its first 8 characters at least) stands for, as far as the asker may know."""
    plain = "".join(typed.split()).replace("-", "")
    if CODE.fullmatch(plain.upper()):
        groups = "-".join(plain.upper()[start : start + 4] for start in range(0, CODE_LENGTH, 4))
        found = _issues(session, store.issues_with(session, code=groups), None)
        if found:
            return Verdict(issues=found)
    digest = plain.lower()
    if not HASH.fullmatch(digest):
        return Verdict()
    return Verdict(
        issues=_issues(session, store.issues_with(session, digest=digest), digest),
        releases=tuple(_releases(session, store.releases_with(session, digest))),
    )


def verify_file(session: Session, content: bytes) -> Verdict:
    """Return which handed-out file this is, byte for byte."""
    digest = hashlib.sha256(content).hexdigest()
    return Verdict(issues=_issues(session, store.issues_with(session, digest=digest), digest))


def is_code_or_hash(typed: str) -> bool:
    """Tell whether somebody typed what could be a code or the beginning of a hash."""
    plain = "".join(typed.split()).replace("-", "")
    return bool(CODE.fullmatch(plain.upper()) or HASH.fullmatch(plain.lower()))


def _issues(session: Session, records: Iterable[IssueRecord], digest: str | None) -> tuple[IssueFound, ...]:
    """Keep what the asker may see; of files with the same code the newest stands for all."""
    newest: dict[str, IssueFound] = {}
    for issue in records:
        found = _issue(session, issue, digest)
        if found is not None and not (issue.code in newest and newest[issue.code].whole and not found.whole):
            newest[issue.code] = found
    return tuple(newest.values())[:MOST_CODES]


def _issue(session: Session, issue: IssueRecord, digest: str | None) -> IssueFound | None:
    if not sees_engagement(session, issue.engagement_id):
        return None
    told = []
    for one in issue.results.get("assessments", []):
        if not sees_assessment(session, issue.engagement_id, one["state"]):
            return None
        try:
            summary = get_assessment(session, one["id"])
        except NotFound:
            return None
        release = store.release_of(session, one["id"])
        stored = release.hash if release else None
        told.append(Told(summary, one["revision"], one["state"], one["hash"], stored, newest_after(session, summary)))
    whole = digest is not None and issue.file_hash == digest
    return IssueFound(issue, whole, tuple(told))


def _releases(session: Session, records: Iterable[ReleaseRecord]) -> Iterator[ReleaseFound]:
    for release in records:
        if sees_engagement(session, release.engagement_id):
            summary = get_assessment(session, release.assessment_id)
            yield ReleaseFound(release, summary, newest_after(session, summary))


def newest_after(session: Session, summary: AssessmentSummary) -> AssessmentSummary | None:
    """Return the newest released revision after this one, of the same unit, round and framework; None without one."""
    later = [one for one in revisions_beside(session, summary) if one.revision > summary.revision]
    released = [one for one in later if one.state == "published" and not one.archived]
    return released[-1] if released else None


def revisions_beside(session: Session, summary: AssessmentSummary) -> tuple[AssessmentSummary, ...]:
    """Return every revision of the same unit, round and framework that the asker may see, oldest first."""
    engagement_id = assessment_record(session, summary.id).engagement_id
    place = (summary.unit.id, summary.round.id, summary.framework_id)
    found = [
        one
        for one in list_assessments(session, engagement_id, archived=True)
        if (one.unit.id, one.round.id, one.framework_id) == place
    ]
    return tuple(sorted(found, key=lambda one: one.revision))
