"""A small content root of its own, a shelf over it, editors, and drafts of theirs to test with."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.content.layering import ContentKind
from app.services import accounts, drafting, publishing
from app.services.permissions import Actor, Role
from app.services.shelf import Shelf

if TYPE_CHECKING:
    from app.services.drafting import DraftView
    from app.services.publishing import Preview, Published
    from app.storage.database import Database
    from tests.conftest import FixedClock

LIBRARY = Path(__file__).parents[1] / "library"
FRAMEWORK, QUESTIONNAIRE, WEIGHTS = ContentKind.FRAMEWORK, ContentKind.QUESTIONNAIRE, ContentKind.WEIGHTS
FILE = "framework.yaml"


def small_root(folder: Path, *names: str) -> Path:
    """Copy frameworks of the test library (and the guide of `interviews`) into a content root of its own."""
    for name in names:
        shutil.copytree(LIBRARY / "frameworks" / name, folder / "frameworks" / name)
    (folder / "questionnaires").mkdir(parents=True, exist_ok=True)
    if "interviews" in names:
        shutil.copy(LIBRARY / "questionnaires" / "interviews-guide.yaml", folder / "questionnaires")
    return folder


def editor_named(database: Database, clock: FixedClock, name: str, role: Role = Role.EDITOR) -> Actor:
    """Add a user."""
    with database.begin() as session:
        user = accounts.add_user(
            session, name=name, password="seven lamps over Fuzhou harbour", role=role, clock=clock, display_name=name
        )
        return Actor(user.id, user.name, user.display_name, user.role)


@dataclass(frozen=True)
class Desk:
    """An editor at work."""

    database: Database
    shelf: Shelf
    actor: Actor
    clock: FixedClock

    def of(self, actor: Actor) -> Desk:
        """Return the same for another editor."""
        return replace(self, actor=actor)

    def begin(self, key: str, kind: ContentKind = FRAMEWORK) -> DraftView:
        """Begin or open a draft."""
        with self.database.begin() as session:
            return drafting.begin_draft(
                session, kind, key, library=self.shelf.library, actor=self.actor, clock=self.clock
            )

    def edit(self, draft_id: int, changes: Mapping[str, str], name: str = FILE) -> None:
        """Replace words in a file of a draft; each must be there."""
        draft = self.draft(draft_id)
        text = draft.files[name]
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        with self.database.begin() as session:
            drafting.save_file(
                session, draft_id, name, text, base_version=draft.version, actor=self.actor, clock=self.clock
            )

    def draft(self, draft_id: int) -> DraftView:
        """Return a draft as it stands."""
        with self.database.read() as session:
            return drafting.get_draft(session, draft_id, self.actor)

    def preview(self, draft_id: int) -> Preview:
        """Return what publishing would do."""
        with self.database.read() as session:
            return publishing.preview_publication(session, draft_id, shelf=self.shelf, actor=self.actor)

    def publish(self, draft_id: int, version: str = "", note: str = "why") -> Published:
        """Publish a draft and renew the shelf."""
        with self.database.read() as session:
            prepared = publishing.prepare_publication(
                session, draft_id, version=version, note=note, shelf=self.shelf, actor=self.actor
            )
        with self.database.begin() as session:
            published = publishing.publish_prepared(session, prepared, actor=self.actor, clock=self.clock)
        self.shelf.renew()
        return published

    def revise(
        self, key: str, changes: Mapping[str, str], version: str = "", kind: ContentKind = FRAMEWORK
    ) -> Published:
        """Begin, edit and publish in one."""
        draft = self.begin(key, kind)
        self.edit(draft.id, changes, next(iter(draft.files)))
        return self.publish(draft.id, version)
