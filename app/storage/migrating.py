"""Alembic, driven from the program: no alembic.ini, no command of its own. Knows revisions, not tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"


def _config(scripts: Path = SCRIPTS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection, *, scripts: Path = SCRIPTS, to: str = "head") -> None:
    """Run the missing migrations in the open transaction of `connection`; the caller commits."""
    config = _config(scripts)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revision(connection: Connection) -> str | None:
    """Return the revision at which the database stands, None without any."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def heads() -> tuple[str, ...]:
    """Return the newest revisions; more than one is a fault of the code."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


def head() -> str:
    """Return the newest revision."""
    (newest,) = heads()
    return newest
