"""The web application over a small content root, with visitors of every role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.services.drafts import small_root
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings
    from app.storage.database import Database
    from tests.application import Built
    from tests.conftest import FixedClock


@pytest.fixture
def application(settings: Settings, web_database: Database, tmp_path: Path, clock: FixedClock, built: Built) -> Flask:
    from app.jobs.queue import DatabaseQueue
    from app.services.shelf import Shelf
    from app.web.context import Context

    root = small_root(tmp_path / "content", "one-tier", "interviews", "zero-weight")
    return built.over(Context(settings, web_database, Shelf(web_database, root), clock, DatabaseQueue(clock)))


@pytest.fixture
def editor(visit: Callable[[str | None], Visitor]) -> Visitor:
    return visit("editor")
