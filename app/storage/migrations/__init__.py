"""Alembic migrations; run by `app.storage.migrating`."""
