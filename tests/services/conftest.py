"""What tests of services share: a database as the first version of the program left it."""

from __future__ import annotations

import lzma
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.services.people import House

SCHEMAS = Path(__file__).parents[1] / "storage" / "schemas"


@pytest.fixture
def earlier_file(tmp_path: Path) -> Path:
    """A database file as the first version of the program left it."""
    file = tmp_path / "earlier.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(lzma.decompress((SCHEMAS / "0001.sql.xz").read_bytes()).decode())
    return file


@pytest.fixture(scope="session")
def furnished(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation with two engagements that hold things of every kind; copied, never changed by a test."""
    from app.jobs.queue import DatabaseQueue
    from app.settings import CHECKOUT, Settings
    from tests.conftest import FixedClock
    from tests.services.people import furnish
    from tests.web.conftest import NOON

    folder = tmp_path_factory.mktemp("furnished")
    settings = Settings(
        content=CHECKOUT,
        data=folder / "data",
        database_url=f"sqlite:///{folder / 'data' / 'crm-maturity.db'}",
        host="127.0.0.1",
        port=0,
        locale="zh",
        secure_cookies=False,
        secret_key="a key for tests, long enough to be accepted",
    )
    return furnish(demo_file, settings, folder / "content", DatabaseQueue(FixedClock(NOON)))


@pytest.fixture
def house(furnished: House, tmp_path: Path) -> Iterator[House]:
    """Such an installation of one's own."""
    from tests.services.people import moved

    yield from moved(furnished, tmp_path / "house")
