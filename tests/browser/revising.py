"""Content in revision, for pages that only exist then: open drafts, a publication, an upgraded assessment."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.content.editing.identity import Part, split_element
from app.content.editing.structure import weigh
from app.content.layering import ContentKind
from app.content.library import load_library
from app.core.text import Text
from app.services import accounts, drafting
from app.services.agreeing import save_agreed
from app.services.clock import system_clock
from app.services.engagements import create_assessment, get_engagement
from app.services.permissions import Actor
from app.services.publishing import prepare_publication, publish_prepared
from app.services.shelf import Shelf
from app.services.tree_editing import change_tree
from app.services.upgrading import preview_upgrade, upgrade_assessment
from app.services.weight_editing import begin_profile
from app.settings import CHECKOUT
from app.storage.database import Database, Session
from tests.acting import acting
from tests.browser.server import ENGAGEMENT

if TYPE_CHECKING:
    from app.content.library import Library

WHO = "administrator"
FRAMEWORK = "credit-risk"
CUT = "cross-checking-of-records"
PARTS = (Part("call-back", Text("回访核对", "Call-back")), Part("directory-check", Text("名录核对", "Directory check")))


def revise_content(data: Path) -> None:
    """Publish `credit-risk` 2.0.0, upgrade one of two assessments to it, and leave a draft of each kind open."""
    database = Database(f"sqlite:///{data / 'crm-maturity.db'}")
    shelf = Shelf(database, load_library(CHECKOUT))
    with database.begin() as session:
        user = next(one for one in accounts.list_users(session) if one.name == WHO)
        actor = acting(user.id, user.name, user.display_name, user.role)
        assessment_id = _assess(session, shelf.library, actor, "fuzhou")
        _assess(session, shelf.library, actor, "guangzhou")
        _publish(session, shelf, actor)
    with database.begin() as session:
        library = shelf.renew()
        seen = preview_upgrade(session, assessment_id, "2.0.0", library=library).seen
        upgrade_assessment(session, assessment_id, "2.0.0", seen=seen, library=library, actor=actor, clock=system_clock)
        for kind, key in ((ContentKind.FRAMEWORK, FRAMEWORK), (ContentKind.QUESTIONNAIRE, "telecom-crm-interview")):
            draft = drafting.begin_draft(session, kind, key, library=library, actor=actor, clock=system_clock)
            if kind is ContentKind.FRAMEWORK:
                change_tree(session, draft.id, _reweighted, actor=actor, clock=system_clock)
        begin_profile(
            session,
            library.framework("telecom-crm"),
            "service-first",
            Text("服务优先", "Service first"),
            library=library,
            actor=actor,
            clock=system_clock,
        )
    database.dispose()


def _reweighted(files: Mapping[str, str]) -> Mapping[str, str]:
    return weigh(files, {PARTS[0].id: Fraction(2)})


def _assess(session: Session, library: Library, actor: Actor, unit: str) -> int:
    made = create_assessment(
        session,
        get_engagement(session, ENGAGEMENT).id,
        unit=unit,
        round="2003-09",
        framework=library.framework(FRAMEWORK),
        actor=actor,
        clock=system_clock,
    )
    save_agreed(
        session,
        assessment_id=made.id,
        element=CUT,
        mutation_id=uuid.uuid4().hex,
        base_version=0,
        changes={"score": "2.5", "reason": "测试数据"},
        actor=actor,
        clock=system_clock,
    )
    return made.id


def _publish(session: Session, shelf: Shelf, actor: Actor) -> None:
    before = {node.id for node in shelf.library.framework(FRAMEWORK).walk()}
    draft = drafting.begin_draft(
        session, ContentKind.FRAMEWORK, FRAMEWORK, library=shelf.library, actor=actor, clock=system_clock
    )
    change_tree(
        session,
        draft.id,
        lambda files: split_element(files, CUT, PARTS, before=before),
        actor=actor,
        clock=system_clock,
    )
    prepared = prepare_publication(
        session, draft.id, version="2.0.0", note="拆成两项（测试数据）", shelf=shelf, actor=actor
    )
    publish_prepared(session, prepared, actor=actor, clock=system_clock)
