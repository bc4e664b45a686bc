"""What interviews of version 0.2 hold beside answers: appointments, presence, personal links, findings with sources,
attachments, accepted warnings, and agreed scores that can be replayed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; nothing that is stored is touched."""
    _add_columns()
    _create_finding_tables()
    _create_attachment()
    _create_accepted_warning()
    _create_presence()
    _create_personal_link()
    _refuse_changes("finding_revision")


def _add_columns() -> None:
    op.add_column("assessment", sa.Column("minimum_roles", sa.Integer(), nullable=True))
    op.add_column("assessment", sa.Column("shows_previous", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("agreed_score_revision", sa.Column("mutation_id", sa.String(length=64), nullable=True))
    op.add_column("agreed_score_revision", sa.Column("base_version", sa.Integer(), nullable=True))
    op.add_column("agreed_score_revision", sa.Column("result", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_agreed_score_revision_mutation_id", "agreed_score_revision", ["mutation_id"], unique=True)
    op.add_column("finding", sa.Column("strength", sa.Integer(), nullable=True))
    op.add_column("finding", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("finding", sa.Column("archived_at", sa.DateTime(), nullable=True))
    op.add_column("interview", sa.Column("starts_at", sa.DateTime(), nullable=True))
    op.add_column("interview", sa.Column("place", sa.Text(), nullable=True))
    op.add_column("interview", sa.Column("opens_with", sa.String(length=64), nullable=True))
    op.add_column("interview", sa.Column("request", sa.Text(), nullable=True))


def _create_finding_tables() -> None:
    op.create_table(
        "finding_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_source_finding_id_finding")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_finding_source_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_source")),
        sa.UniqueConstraint("finding_id", "interview_id", name=op.f("uq_finding_source_finding_id_interview_id")),
    )
    op.create_index(op.f("ix_finding_source_interview_id"), "finding_source", ["interview_id"], unique=False)
    op.create_table(
        "finding_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_revision_finding_id_finding")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_finding_revision_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_revision")),
    )
    op.create_index(op.f("ix_finding_revision_finding_id"), "finding_revision", ["finding_id"], unique=False)


def _create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_attachment_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_attachment_interview_id_interview")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_attachment_finding_id_finding")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_attachment_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_attachment_stored_as")),
    )
    op.create_index("ix_attachment_element", "attachment", ["assessment_id", "element"], unique=False)


def _create_accepted_warning() -> None:
    op.create_table(
        "accepted_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_accepted_warning_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_accepted_warning_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["user.id"], name=op.f("fk_accepted_warning_accepted_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accepted_warning")),
    )
    op.create_index(
        "ix_accepted_warning_assessment", "accepted_warning", ["assessment_id", "interview_id"], unique=False
    )


def _create_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_presence_interview_id_interview")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_presence_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("interview_id", "user_id", name=op.f("uq_presence_interview_id_user_id")),
    )


def _create_personal_link() -> None:
    op.create_table(
        "personal_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_personal_link_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_personal_link_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_link_token_hash")),
    )
    op.create_index(op.f("ix_personal_link_interview_id"), "personal_link", ["interview_id"], unique=False)


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
