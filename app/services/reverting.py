"""Taking the last upgrade of an assessment back, and looking at what it kept: the assessment in its own version.

What was said since of elements that both versions have, under whichever name, stays; open proposals are withdrawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import carrying
from app.services.assessing import AssessmentView, load_assessment
from app.services.carrying import By
from app.services.engagements import archive_assessment, assessment_record
from app.services.permissions import Action, require
from app.services.pinning import pinned_framework
from app.services.recording import Holdings, read_holdings, record_document, view_of_record
from app.services.refusals import Invalid, NotFound
from app.services.upgrading import pin_guide, why_closed
from app.storage import assessments
from app.storage import upgrades as store

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session
    from app.storage.upgrades import UpgradeRecord


def reversible(session: Session, assessment_id: int) -> UpgradeRecord | None:
    """Return the upgrade that can be taken back: the last that was not; None where there is none."""
    found: list[UpgradeRecord] = []
    for one in store.upgrades_of(session, assessment_id):
        if one.reverses_id is None:
            found.append(one)
        else:
            found = [other for other in found if other.id != one.reverses_id]
    record = assessment_record(session, assessment_id)
    last = found[-1] if found else None
    return last if last is not None and last.to_snapshot_id == record.framework_snapshot_id else None


def revert_upgrade(session: Session, upgrade_id: int, *, actor: Actor, clock: Clock) -> int:
    """Take the last upgrade of an assessment back; return the id of the row that says so.

    The former version is pinned again with the questionnaires of the interviews; open proposals are withdrawn; what was
    said since of elements that both versions have, under whichever name, stays. A further revision that a change of
    scale made is archived. Raises NotPermitted, NotFound, Invalid (`upgrade`: not the last; `assessment`: closed).
    """
    require(actor, Action.EDIT)
    done = store.upgrade(session, upgrade_id)
    if done is None:
        raise NotFound("upgrade", upgrade_id)
    last = reversible(session, done.assessment_id)
    if last is None or last.id != upgrade_id:
        raise Invalid("upgrade", "not-the-last-upgrade", f"upgrade {upgrade_id} is not the last one in force")
    holdings = read_holdings(session, assessment_record(session, done.assessment_id))
    closed = why_closed(session, holdings, rescaled=False)
    if closed:
        raise Invalid("assessment", closed, f"the assessment takes no changes: {closed}")
    by = By(actor.user_id, clock())
    store.withdraw_carried(session, upgrade_id, user_id=by.user_id, at=by.at)
    reversal = store.insert_upgrade(
        session,
        assessment_id=done.assessment_id,
        from_snapshot_id=done.to_snapshot_id,
        to_snapshot_id=done.from_snapshot_id,
        reverses_id=done.id,
        record=record_document(holdings),
        preview={},
        at=by.at,
        user_id=by.user_id,
    )
    if "revision_of" in done.preview:
        archive_assessment(session, done.assessment_id, clock)
    else:
        _back_in_place(session, done, holdings, by=by)
    return reversal


def _back_in_place(session: Session, done: UpgradeRecord, holdings: Holdings, *, by: By) -> None:
    names, written = done.preview.get("renamed", {}), done.preview.get("written", {})
    carrying.carry_back(session, done.assessment_id, names, written, by=by)
    guides = done.preview.get("questionnaires", {})
    for held in holdings.interviews:
        guide = guides.get(str(held.record.id))
        if guide is not None and held.record.questionnaire_snapshot_id == guide[2]:
            pin_guide(session, held.record.id, guide[:2])
    assessments.update_assessment(session, done.assessment_id, framework_snapshot_id=done.from_snapshot_id)


# --- looking back ----------------------------------------------------------------------------------------------------


def history_of(session: Session, assessment_id: int) -> tuple[UpgradeRecord, ...]:
    """Return the upgrades of an assessment and those that took them back, oldest first; raises NotFound."""
    assessment_record(session, assessment_id)
    return store.upgrades_of(session, assessment_id)


def recorded_view(session: Session, upgrade_id: int) -> tuple[UpgradeRecord, AssessmentView]:
    """Return an assessment as it stood before an upgrade, in the version it stood in; raises NotFound."""
    done = store.upgrade(session, upgrade_id)
    if done is None:
        raise NotFound("upgrade", upgrade_id)
    framework = pinned_framework(session, done.from_snapshot_id, done.from_hash)
    now = load_assessment(session, done.assessment_id)
    return done, view_of_record(session, store.record_of(session, upgrade_id), now, framework)
