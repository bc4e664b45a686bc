"""Taking an assessment to another version of its framework, and back; with its whole record kept before either.

An upgrade happens in place and in one transaction of the caller. What was previewed is what is confirmed: when anything
of the assessment, or of the version, changed meanwhile, nothing is done. Nothing is ever deleted (decision 0032).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.content.snapshot import digest, framework_document
from app.content.versions import Version
from app.core.impact import renamed_from
from app.core.impact import rescaled as is_rescaled
from app.services import carrying
from app.services.answering import WRITABLE, answers_closed_because
from app.services.bridging import crosswalk_to
from app.services.carrying import By
from app.services.engagements import assessment_record, get_engagement_by_id
from app.services.impact import Foreseen, foresee, stands_in
from app.services.permissions import Action, require
from app.services.pinning import pin_framework, pin_questionnaire
from app.services.recording import Holdings, record_document
from app.services.refusals import Invalid, NotFound, Refused
from app.services.upgrade_record import store_upgrade
from app.storage import assessments, findings, interviews

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.crosswalk import Crosswalk
    from app.core.impact import Impact
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session


class PreviewOutdated(Refused):
    """The assessment, or the version, is no longer what the preview showed; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("preview-outdated", "what was previewed has changed meanwhile; look again")


@dataclass(frozen=True)
class UpgradePreview:
    """What an upgrade would do. `seen` names exactly this; `closed` says why it cannot be done now (None: it can).

    `rescaled`: not in place; a further revision is made, with a proposal for every element.
    """

    assessment_id: int
    holdings: Holdings
    walk: Crosswalk
    foreseen: Foreseen
    seen: str
    closed: str | None

    @property
    def impact(self) -> Impact:
        """The figures before and after."""
        return self.foreseen.impact

    @property
    def rescaled(self) -> bool:
        """Tell whether the two versions have different scales."""
        return is_rescaled(self.walk)


def versions_ahead(session: Session, assessment_id: int, library: Library) -> tuple[str, ...]:
    """Return the versions that an assessment can go to: those newer than its own, the newest first. NotFound."""
    record = assessment_record(session, assessment_id)
    own = Version.lenient(record.framework_version)
    newer = [one for one in library.versions(record.framework_key) if Version.lenient(one) > own]
    return tuple(reversed(newer))


def preview_upgrade(session: Session, assessment_id: int, version: str, *, library: Library) -> UpgradePreview:
    """Return what going to a version would do; raises NotFound, also for a version that is not ahead."""
    if version not in versions_ahead(session, assessment_id, library):
        raise NotFound("version", version)
    holdings, old = stands_in(session, assessment_id)
    new = library.framework(f"{old.id}@{version}")
    walk = crosswalk_to(library, old, new)
    foreseen = foresee(session, holdings, walk, library=library)
    guides = ",".join(f"{key}:{guide.reference}" for key, guide in sorted(foreseen.questionnaires.items()))
    named = "\n".join((record_document(holdings), digest(framework_document(new)), guides))
    return UpgradePreview(
        assessment_id=assessment_id,
        holdings=holdings,
        walk=walk,
        foreseen=foreseen,
        seen=hashlib.sha256(named.encode("utf-8")).hexdigest(),
        closed=why_closed(session, holdings, rescaled=is_rescaled(walk)),
    )


def why_closed(session: Session, holdings: Holdings, *, rescaled: bool) -> str | None:
    """Return why an assessment cannot go to another version now; None if it can. Across scales nobody may be asking."""
    record = holdings.record
    archived = record.is_archived or get_engagement_by_id(session, record.engagement_id).archived
    closed = answers_closed_because(record.state, archived=archived)
    if closed or not rescaled:
        return closed
    held = (one.record for one in holdings.interviews if one.record.archived_at is None)
    return "interviews-open" if any(one.state in WRITABLE for one in held) else None


def upgrade_assessment(
    session: Session, assessment_id: int, version: str, *, seen: str, library: Library, actor: Actor, clock: Clock
) -> int:
    """Take an assessment to a version as it was previewed (`seen`); return the id of the upgrade.

    Its `assessment_id` is another one where the scale changed: then a further revision was made. Raises NotPermitted,
    NotFound, PreviewOutdated, Invalid (`assessment`: it takes no changes, or interviews are open across scales).
    """
    require(actor, Action.EDIT)
    preview = preview_upgrade(session, assessment_id, version, library=library)
    if preview.closed:
        raise Invalid("assessment", preview.closed, f"assessment {assessment_id} cannot be upgraded: {preview.closed}")
    if preview.seen != seen:
        raise PreviewOutdated
    by = By(actor.user_id, clock())
    if preview.rescaled:
        return _further_revision(session, preview, by=by, clock=clock)
    return _in_place(session, preview, by=by, clock=clock)


def _in_place(session: Session, preview: UpgradePreview, *, by: By, clock: Clock) -> int:
    assessment_id, walk = preview.assessment_id, preview.walk
    target = pin_framework(session, walk.new, clock)
    written = carrying.carry(session, assessment_id, renames(walk), by=by)
    guides = _go_on_with(session, preview, clock)
    assessments.update_assessment(session, assessment_id, framework_snapshot_id=target)
    kept = {"renamed": renames(walk), "written": written, "questionnaires": guides}
    return store_upgrade(session, preview, assessment_id, target, kept, by=by)


def renames(walk: Crosswalk) -> dict[str, str]:
    """Return the new name of every element that is renamed, by its former one."""
    return {former: leaf.id for leaf in walk.new.leaves if (former := renamed_from(walk, leaf.id)) is not None}


def _go_on_with(session: Session, preview: UpgradePreview, clock: Clock) -> dict[str, list[Any]]:
    """Pin open interviews to their new questionnaires; return what they had and have, by interview."""
    changed: dict[str, list[Any]] = {}
    for held in preview.holdings.interviews:
        guide = preview.foreseen.questionnaires.get(held.record.id)
        if guide is not None:
            pinned = pin_questionnaire(session, guide, clock)
            former = [held.record.questionnaire_snapshot_id, held.record.questionnaire_reference]
            pin_guide(session, held.record.id, [pinned, guide.reference])
            changed[str(held.record.id)] = [*former, pinned, guide.reference]
    return changed


def pin_guide(session: Session, interview_id: int, guide: Sequence[Any]) -> None:
    """Let an interview go on with a questionnaire: its snapshot, and how it is called."""
    interviews.update_interview(
        session, interview_id, questionnaire_snapshot_id=guide[0], questionnaire_reference=guide[1]
    )


# --- another scale ---------------------------------------------------------------------------------------------------


def _further_revision(session: Session, preview: UpgradePreview, *, by: By, clock: Clock) -> int:
    """Begin a further revision in the new version, with a proposal for every element; the former stays as it is."""
    record = preview.holdings.record
    former = assessments.revisions_of(
        session, unit_id=record.unit_id, round_id=record.round_id, framework_key=record.framework_key
    )
    target = pin_framework(session, preview.walk.new, clock)
    assessment_id = assessments.insert_assessment(
        session,
        engagement_id=record.engagement_id,
        unit_id=record.unit_id,
        round_id=record.round_id,
        framework_key=record.framework_key,
        revision=max(one.revision for one in former) + 1,
        key=record.key,
        framework_snapshot_id=target,
        questionnaire_reference=None,
        state="in-progress",
        source=record.source,
        minimum_roles=record.minimum_roles,
        shows_previous=record.shows_previous,
        created_at=by.at,
        created_by=by.user_id,
    )
    _copy_findings(session, preview, assessment_id, by=by)
    return store_upgrade(session, preview, assessment_id, target, {"revision_of": record.id}, by=by)


def _copy_findings(session: Session, preview: UpgradePreview, assessment_id: int, *, by: By) -> None:
    """Copy what was found about elements that go on; who said it stays with the former revision."""
    heirs = {former: news[0] for former, news in preview.walk.heirs.items() if len(news) == 1}
    for one in preview.holdings.findings:
        if one.archived_at is None and one.element in heirs:
            findings.insert_finding(
                session,
                assessment_id,
                heirs[one.element],
                text=one.text,
                strength=one.strength,
                position=one.position,
                at=by.at,
                user_id=by.user_id,
            )
