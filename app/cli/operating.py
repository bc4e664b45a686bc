"""What the operating commands share: opening an installation that is ready, and telling refusals with exit code 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from app.cli.main import Factories
from app.cli.output import fail
from app.core.errors import Fault, FaultsFound
from app.services.refusals import Invalid, Refused
from app.settings import SettingsFault

if TYPE_CHECKING:
    from app.storage.database import Database

pass_factories = click.make_pass_decorator(Factories)


@contextmanager
def refusals_told(output: str = "text") -> Iterator[None]:
    """End the command with exit code 1 and every reason when a use case, the settings or the content say no."""
    try:
        yield
    except Refused as refused:
        path = refused.field if isinstance(refused, Invalid) else ""
        fail([Fault(refused.code, str(refused), path)], output)
    except SettingsFault as fault:
        fail([Fault("settings", str(fault))], output)
    except FaultsFound as found:
        fail(found.faults, output)


class NotReady(Refused):
    """The database has no tables yet, or those of another version."""

    def __init__(self) -> None:
        super().__init__("not-ready", "the database is not at this version; run: crm-maturity db upgrade")


class OutOfReach(Refused):
    """The database cannot be opened or written."""

    def __init__(self, error: Exception) -> None:
        super().__init__("database", f"the database cannot be used: {error}")


@contextmanager
def failures_told(database: Database) -> Iterator[None]:
    """Turn a database that cannot be reached into a refusal."""
    try:
        yield
    except database.failures as error:
        raise OutOfReach(error) from error


@contextmanager
def ready_database(factories: Factories) -> Iterator[Database]:
    """Open the database for the length of the block; NotReady unless its schema is this version's."""
    database = factories.database()
    try:
        with failures_told(database):
            is_current = database.is_current()
        if not is_current:
            raise NotReady
        yield database
    finally:
        database.dispose()
