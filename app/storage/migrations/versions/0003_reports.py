"""Reports that are kept, the sentences edited in them with their history, and what a rendering was made from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; nothing that is stored is touched."""
    _create_report()
    _create_report_sentence()
    _create_report_sentence_revision()
    _add_columns()
    _refuse_changes("report_sentence_revision")


def _create_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("parameters", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_report_engagement_id_engagement")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_report_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_engagement_id"), "report", ["engagement_id"], unique=False)


def _create_report_sentence() -> None:
    op.create_table(
        "report_sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("slot", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_sentence_report_id_report")),
        sa.ForeignKeyConstraint(["updated_by"], ["user.id"], name=op.f("fk_report_sentence_updated_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_sentence")),
        sa.UniqueConstraint("report_id", "locale", "slot", name=op.f("uq_report_sentence_report_id_locale_slot")),
    )


def _create_report_sentence_revision() -> None:
    op.create_table(
        "report_sentence_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sentence_id"],
            ["report_sentence.id"],
            name=op.f("fk_report_sentence_revision_sentence_id_report_sentence"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_sentence_revision_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_sentence_revision")),
    )
    op.create_index(
        op.f("ix_report_sentence_revision_sentence_id"), "report_sentence_revision", ["sentence_id"], unique=False
    )


def _add_columns() -> None:
    op.add_column(
        "job",
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id", name="fk_job_report_id_report"), nullable=True),
        inline_references=True,
    )
    op.add_column(
        "job",
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("job.id", name="fk_job_parent_id_job"), nullable=True),
        inline_references=True,
    )
    op.add_column("job", sa.Column("content_hash", sa.String(length=64), nullable=True))
    op.add_column("job", sa.Column("pages", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_job_report_id"), "job", ["report_id"], unique=False)
    op.create_index(op.f("ix_job_parent_id"), "job", ["parent_id"], unique=False)
    op.create_index("ix_job_content_hash", "job", ["content_hash"], unique=False)


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
