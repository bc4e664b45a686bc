"""Alembic's entry: runs migrations on the connection that `migrating.upgrade` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from app.storage import editing_tables, report_tables, trust_tables

TABLES = (report_tables.JobRow, editing_tables.DraftRow, trust_tables.MembershipRow)  # one metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES[0].metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
