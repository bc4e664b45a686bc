"""Fixtures for every test: the real content, a fresh database file, a clock that stands still."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.settings import CHECKOUT, Settings
from tests.sharing import made_once, share_statements, shipped_library
from tests.trying import register_profiles

if TYPE_CHECKING:  # loaded by the fixtures that need them, so that tests of pure values start at once
    from argon2 import PasswordHasher

    from app.content.library import Library
    from app.core.report import ReportDefinition
    from app.storage.database import Database, Session

# content, reports and layouts are large and live long: to look for garbage after every 700 values is a tenth of a run
gc.set_threshold(100_000, 50, 100)
register_profiles()

# folders whose files take longest: handed out first, so that no process sits over one of them while the others are done
LONGEST_FIRST = ("browser", "reports", "exports", "services")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders that take longest first."""
    here = Path(__file__).parent
    order = {here / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: min((order.get(folder, len(order)) for folder in item.path.parents), default=0))


class FixedClock:
    """A clock that shows one moment until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self.moment += by


@pytest.fixture(scope="session", autouse=True)
def shipped_hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """Hash passwords with less work than the product does, since tests sign in hundreds of times.

    Returns what makes the product's own hasher, for the tests of that.
    """
    from argon2 import PasswordHasher

    from app.services import passwords

    shipped = passwords._hasher
    quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: quick)
        yield shipped


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped content."""
    return shipped_library()


@pytest.fixture
def short_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut every report down to its message and its overview, for tests that word the same one again and again."""
    from app.content.library import Library
    from app.core.report import SectionKind

    whole = Library.report

    def short(library: Library, report_id: str) -> ReportDefinition:
        found = whole(library, report_id)
        kept = tuple(part for part in found.sections if part.kind in {SectionKind.MESSAGE, SectionKind.OVERVIEW})
        return replace(found, sections=kept)

    monkeypatch.setattr(Library, "report", short)


@pytest.fixture
def clock() -> FixedClock:
    """Noon of a day in 2026."""
    return FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of its own in a temporary folder, on the shipped content."""
    data = tmp_path / "data"
    return Settings(
        content=CHECKOUT,
        data=data,
        database_url=f"sqlite:///{data / 'crm-maturity.db'}",
        host="127.0.0.1",
        port=0,
        locale="zh",
        secure_cookies=False,
        secret_key="a key for tests, long enough to be accepted",
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where all processes of this run keep the templates of pages that they compiled."""
    return made_once(tmp_path_factory, "templates", lambda folder: None)


@pytest.fixture(scope="session")
def shared_statements() -> Iterator[None]:
    """Compile statements once for all tests of this process."""
    with pytest.MonkeyPatch.context() as patch:
        share_statements(patch)
        yield


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory, shared_statements: None) -> Path:
    """A database file at the newest revision, without a row; copied, never opened by a test."""
    from app.storage.database import Database

    def make(folder: Path) -> None:
        database = Database(f"sqlite:///{folder / 'crm-maturity.db'}")
        database.upgrade()
        database.dispose()

    return made_once(tmp_path_factory, "empty", make) / "crm-maturity.db"


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory, empty_file: Path, library: Library) -> Path:
    """A database file that holds the engagement of 2003; copied, never opened by a test."""
    from app.services.demo import load_demo
    from app.storage.database import Database

    def make(folder: Path) -> None:
        shutil.copy(empty_file, folder / "crm-maturity.db")
        database = Database(f"sqlite:///{folder / 'crm-maturity.db'}")
        with database.begin() as session:
            load_demo(session, library, FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)))
        database.dispose()

    return made_once(tmp_path_factory, "demo", make) / "crm-maturity.db"


@pytest.fixture
def database(settings: Settings, empty_file: Path) -> Iterator[Database]:
    """A database of its own, without a row."""
    yield from _copied(settings, empty_file)


@pytest.fixture
def demo_database(settings: Settings, demo_file: Path) -> Iterator[Database]:
    """A database of its own with the engagement of 2003."""
    yield from _copied(settings, demo_file)


def _copied(settings: Settings, file: Path) -> Iterator[Database]:
    from app.storage.database import Database

    settings.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, settings.data / "crm-maturity.db")
    database = Database(settings.database_url)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction over the empty database."""
    with database.begin() as session:
        yield session


@pytest.fixture
def demo_session(demo_database: Database) -> Iterator[Session]:
    """One writing transaction over the engagement of 2003."""
    with demo_database.begin() as session:
        yield session


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB that is gone after the test; skips where none can be made."""
    place = tmp_path / "small"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(["mount", *options], check=False, capture_output=True).returncode:
        pytest.skip("only root, where file systems may be mounted, can make a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
