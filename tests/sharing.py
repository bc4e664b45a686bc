"""What is dear to make is made once: files by one process of a run for all, the shipped content once per process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.settings import CHECKOUT

if TYPE_CHECKING:
    from app.content.library import Library

MOST_STATEMENTS = 5000


@cache
def shipped_library() -> Library:
    """Return the shipped content, read once per process; nothing in it can be changed."""
    from app.content.library import load_library

    return load_library(CHECKOUT)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make` filled once for all processes of this run; look, do not change.

    Whoever comes while it is being made waits. A maker that fails leaves the folder to the next one.
    """
    base = factory.getbasetemp()
    # every process of xdist has a folder of its own below that of the run
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / f"once-{name}", shared / f"once-{name}.done"
    with (shared / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


def share_statements(patch: pytest.MonkeyPatch) -> None:
    """Let all engines of this process know the statements that SQLAlchemy compiled for any of them.

    Each engine compiles every statement once, and each test has engines of its own. What is compiled depends on the
    dialect alone, and that is the same SQLite for all.
    """
    from sqlalchemy import create_engine

    from app.storage import database

    module: Any = database
    first: Any = create_engine("sqlite://", module=module.sqlite_module, query_cache_size=MOST_STATEMENTS)
    first.connect().close()  # the dialect asks the first connection what this SQLite can do

    def create(url: str, **options: Any) -> Any:
        engine: Any = create_engine(url, **options)
        if engine.dialect.name == first.dialect.name:
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        return engine

    patch.setattr(module, "create_engine", create)
    first.dispose()
