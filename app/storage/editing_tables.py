"""The tables of living content: drafts, publications, upgrades of assessments. Same rules as `tables`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables import KEY, Base

CONTENT_KEY = 2 * KEY + 1  # a weight profile is named `framework/profile`


class DraftRow(Base):
    """What an editor is revising: one open draft per editor and content. `kind`: framework, questionnaire, weights.

    `key` is the content's id (of weights `framework/profile`); `base_version` and `base_hash` are what it was begun
    from (None: from nothing); `version` counts saves, for conditional ones. `outcome`: published, discarded; None
    while it is open.
    """

    __tablename__ = "draft"
    __table_args__ = (
        Index(
            "ix_draft_open",
            "kind",
            "key",
            "owner_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(CONTENT_KEY))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    base_version: Mapped[str | None] = mapped_column(String(40))
    base_hash: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))


class DraftFileRow(Base):
    """A file of a draft as it stands; `name` is a plain file name, its text is kept as typed, faults and all."""

    __tablename__ = "draft_file"
    __table_args__ = (UniqueConstraint("draft_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]


class DraftRevisionRow(Base):
    """What a file of a draft said before and after a change. Append-only. `kind`: typed, form, import, conflict-lost.

    Typing is kept as one step per minute and file; `text` None: the file was removed.
    """

    __tablename__ = "draft_revision"
    __table_args__ = (Index("ix_draft_revision_draft", "draft_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class PublicationRow(Base):
    """A version of content published on the web: its files as they were, and the hash of what they say. Append-only.

    `step`: patch, minor, major, or first; `based_on` the version that it came after. Weight profiles, which have no
    version of their own, are numbered 1, 2, 3.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("kind", "key", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(CONTENT_KEY))
    version: Mapped[str] = mapped_column(String(40))
    hash: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, Any]]
    note: Mapped[str]
    step: Mapped[str] = mapped_column(String(10))
    based_on: Mapped[str | None] = mapped_column(String(40))
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CheckedTranslationRow(Base):
    """Somebody read an English text beside its Chinese and found that it still fits, both known by hash."""

    __tablename__ = "checked_translation"
    __table_args__ = (UniqueConstraint("kind", "key", "place", "zh_hash", "en_hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(CONTENT_KEY))
    place: Mapped[str] = mapped_column(String(300))
    zh_hash: Mapped[str] = mapped_column(String(64))
    en_hash: Mapped[str] = mapped_column(String(64))
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checked_at: Mapped[datetime]


class UpgradeRow(Base):
    """An assessment went to another framework version, or back (`reverses_id`). Append-only.

    `record` is the assessment as it was before, whole and in its own version; `preview` what was shown and confirmed.
    """

    __tablename__ = "upgrade"
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    from_snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    to_snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("upgrade.id"))
    record: Mapped[str]
    preview: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CarriedScoreRow(Base):
    """A score that an upgrade proposes for an element of the new version. `state`: proposed, confirmed, changed,
    declined, withdrawn (the upgrade was taken back).

    `origins` are the elements of the old version; `steps` the proposal, None where nothing was scored there.
    """

    __tablename__ = "carried_score"
    __table_args__ = (UniqueConstraint("upgrade_id", "element"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    upgrade_id: Mapped[int] = mapped_column(ForeignKey("upgrade.id"))
    element: Mapped[str] = mapped_column(String(KEY))
    origins: Mapped[dict[str, Any]]
    steps: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
