"""Alembic's entry: runs migrations on the connection that `migrating.upgrade` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from app.storage.report_tables import JobRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=JobRow.metadata,  # of every table: report_tables builds upon tables
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
