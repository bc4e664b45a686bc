"""Answers about elements that another version of the framework had: kept where they belong, carried on where possible.

Whoever interviews while somebody else upgrades the assessment may still send an answer about an element that is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.crosswalk import Crosswalk
from app.core.impact import renamed_from
from app.services import carrying
from app.services.answer_changes import Ground
from app.services.pinning import pinned_framework, pinned_questionnaire
from app.storage import upgrades as store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.framework import Capability, Framework
    from app.core.questionnaire import Item, Questionnaire
    from app.services.carrying import By
    from app.storage.database import Session
    from app.storage.interviews import InterviewRecord


@dataclass(frozen=True, slots=True)
class Gone:
    """The element is one of an earlier version. `heirs` ask for it now; `followed`: the only heir took the answer."""

    former: Capability
    heirs: tuple[Capability, ...]
    followed: bool = False


@dataclass(frozen=True, slots=True)
class FormerElement:
    """An element that the assessment had in an earlier version, with what its answers are checked against."""

    framework: Framework
    ground: Ground
    now: Framework

    def told(self, element: str, *, followed: bool = False) -> Gone:
        """Return what its interviewer is to know."""
        heirs = Crosswalk(self.framework, self.now).heirs[element]
        return Gone(self.framework.node(element), tuple(self.now.node(one) for one in heirs), followed)


def former_element(session: Session, record: InterviewRecord, element: str) -> FormerElement | None:
    """Return an element as the newest of the earlier versions of the assessment had it; None where none did."""
    now = pinned_framework(session, record.framework_snapshot_id, record.framework_digest)
    for snapshot in store.former_snapshots(session, record.assessment_id):
        framework = pinned_framework(session, snapshot)
        if element in framework and framework.node(element).is_leaf:
            item = next((one for one in _items(session, record, element)), None)
            return FormerElement(framework, Ground(framework.scale, item), now)
    return None


def _items(session: Session, record: InterviewRecord, element: str) -> Iterator[Item]:
    """Yield what the questionnaires of an interview say of an element, the newest first."""
    for questionnaire in _questionnaires(session, record):
        yield from (item for item in questionnaire.items if item.element == element)


def _questionnaires(session: Session, record: InterviewRecord) -> Iterator[Questionnaire]:
    pinned = [record.questionnaire_snapshot_id]
    for done in reversed(store.upgrades_of(session, record.assessment_id)):
        guide = done.preview.get("questionnaires", {}).get(str(record.id))
        pinned += [guide[0], guide[2]] if guide else []
    yield from (pinned_questionnaire(session, one) for one in dict.fromkeys(pinned) if one is not None)


def carry_on(session: Session, record: InterviewRecord, element: str, found: FormerElement, *, by: By) -> Gone:
    """Let the new name of an element take an answer that came late; return what the interviewer is to know."""
    told = found.told(element)
    walk = Crosswalk(found.framework, found.now)
    if len(told.heirs) != 1 or renamed_from(walk, told.heirs[0].id) != element:
        return told
    followed = carrying.follow(session, record.id, element, told.heirs[0].id, by=by)
    return Gone(told.former, told.heirs, followed)
