"""Writing the database file anew after something was erased, so that no unused space in it holds what is gone.

It is owed from before the erasure is committed until it is done: a note of that lies in the data folder. What stands in
its way (a full disk, somebody who reads) undoes no erasure; the worker pays what is owed when it clears the next time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from app.storage.syncing import sync

if TYPE_CHECKING:
    from app.settings import Settings
    from app.storage.database import Database

log = structlog.get_logger(__name__)

FOLDER = "erasing"  # below the data folder: what is still to be done for erasures
OWED = ".compact"


def owe_compaction(settings: Settings) -> None:
    """Note within an erasing transaction that the file is to be written anew; one that is rolled back owes it too."""
    folder = settings.data / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / f"{uuid4().hex}{OWED}").touch(mode=0o600)
    sync(folder)


def compact(database: Database, settings: Settings) -> bool:
    """Do what is owed, outside of any transaction; tell whether nothing is owed any more."""
    owed = list((settings.data / FOLDER).glob(f"*{OWED}"))  # what is erased from here on is noted by itself
    if not owed:
        return True
    try:
        why = None if database.compact() else "somebody reads what was there before"
    except database.failures as failure:
        why = str(failure)
    if why is not None:
        log.warning("database not compacted", reason=why)
        return False
    for note in owed:
        note.unlink(missing_ok=True)
    log.info("database compacted")
    return True
