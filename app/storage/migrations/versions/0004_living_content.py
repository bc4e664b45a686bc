"""Living content: drafts with their history, publications, upgrades of assessments and what they propose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables; nothing that is stored is touched."""
    _create_draft()
    _create_draft_file()
    _create_draft_revision()
    _create_publication()
    _create_checked_translation()
    _create_upgrade()
    _create_carried_score()
    _refuse_changes("draft_revision")
    _refuse_changes("publication")
    _refuse_changes("upgrade")


def _create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=129), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.String(length=40), nullable=True),
        sa.Column("base_hash", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_draft_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(
        "ix_draft_open",
        "draft",
        ["kind", "key", "owner_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_draft_owner_id"), "draft", ["owner_id"], unique=False)


def _create_draft_file() -> None:
    op.create_table(
        "draft_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_file_draft_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_file")),
        sa.UniqueConstraint("draft_id", "name", name=op.f("uq_draft_file_draft_id_name")),
    )


def _create_draft_revision() -> None:
    op.create_table(
        "draft_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_revision_draft_id_draft")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_draft_revision_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_revision")),
    )
    op.create_index("ix_draft_revision_draft", "draft_revision", ["draft_id", "version"], unique=False)


def _create_publication() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=129), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("based_on", sa.String(length=40), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_publication_published_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("kind", "key", "version", name=op.f("uq_publication_kind_key_version")),
    )


def _create_checked_translation() -> None:
    op.create_table(
        "checked_translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=129), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("zh_hash", sa.String(length=64), nullable=False),
        sa.Column("en_hash", sa.String(length=64), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by"], ["user.id"], name=op.f("fk_checked_translation_checked_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checked_translation")),
        sa.UniqueConstraint(
            "kind",
            "key",
            "place",
            "zh_hash",
            "en_hash",
            name=op.f("uq_checked_translation_kind_key_place_zh_hash_en_hash"),
        ),
    )


def _create_upgrade() -> None:
    op.create_table(
        "upgrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("from_snapshot_id", sa.Integer(), nullable=False),
        sa.Column("to_snapshot_id", sa.Integer(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("preview", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_upgrade_assessment_id_assessment")),
        sa.ForeignKeyConstraint(
            ["from_snapshot_id"], ["snapshot.id"], name=op.f("fk_upgrade_from_snapshot_id_snapshot")
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["upgrade.id"], name=op.f("fk_upgrade_reverses_id_upgrade")),
        sa.ForeignKeyConstraint(["to_snapshot_id"], ["snapshot.id"], name=op.f("fk_upgrade_to_snapshot_id_snapshot")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_upgrade_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upgrade")),
    )
    op.create_index(op.f("ix_upgrade_assessment_id"), "upgrade", ["assessment_id"], unique=False)


def _create_carried_score() -> None:
    op.create_table(
        "carried_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("upgrade_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("origins", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_carried_score_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_carried_score_decided_by_user")),
        sa.ForeignKeyConstraint(["upgrade_id"], ["upgrade.id"], name=op.f("fk_carried_score_upgrade_id_upgrade")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_score")),
        sa.UniqueConstraint("upgrade_id", "element", name=op.f("uq_carried_score_upgrade_id_element")),
    )
    op.create_index(op.f("ix_carried_score_assessment_id"), "carried_score", ["assessment_id"], unique=False)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for action in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
