"""Alembic, driven from the program: no alembic.ini, no command of its own. Knows revisions, not tables.

Alembic takes as long to load as the rest of storage, and whoever starts on a current database needs none of it: it is
loaded to migrate.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"
TABLE = "alembic_version"  # where Alembic keeps the revision


def _config(scripts: Path = SCRIPTS) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection, *, scripts: Path = SCRIPTS, to: str = "head") -> None:
    """Run the missing migrations in the open transaction of `connection`; the caller commits."""
    from alembic import command

    config = _config(scripts)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revision(connection: Connection) -> str | None:
    """Return the revision at which the database stands, None without any."""
    if not inspect(connection).has_table(TABLE):
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {TABLE}").scalar_one_or_none()  # noqa: S608
    return found


def heads() -> tuple[str, ...]:
    """Return the newest revisions as Alembic finds them; more than one is a fault of the code."""
    from alembic.script import ScriptDirectory

    return tuple(ScriptDirectory.from_config(_config()).get_heads())


@cache
def head() -> str:
    """Return the newest revision: files of migrations begin with theirs."""
    return max(file.name.partition("_")[0] for file in (SCRIPTS / "versions").glob("[0-9]*_*.py"))
