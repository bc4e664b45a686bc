"""The content that an installation runs on: its content root, and over it what was published on the web.

Every process has a shelf of its own and looks for new publications at most once a second.
"""

from __future__ import annotations

import threading
import time

import structlog

from app.content.layering import ContentKind, Edition, load_layered_library
from app.content.library import Library, load_library
from app.content.roots import Roots
from app.core.errors import FaultsFound
from app.storage import publications as store
from app.storage.database import Database, Session

LOOKS_EVERY_SECONDS = 1.0

_log = structlog.get_logger("app.services.shelf")


class Shelf:
    """Gives the library of the moment; safe to share between threads.

    Opening it raises FaultsFound when the content cannot be used; `root` is the content root, several, or what was
    read of them already. Later the former library stays when the content root was damaged meanwhile.
    """

    def __init__(self, database: Database, root: Roots | Library) -> None:
        self._database = database
        self._root = root.roots if isinstance(root, Library) else root
        self._lock = threading.Lock()
        self._newest = 0
        self._looked = 0.0
        self._library = self._read(root if isinstance(root, Library) else None)

    @property
    def library(self) -> Library:
        """The library with what was published up to a second ago, and by this process up to now."""
        if time.monotonic() - self._looked >= LOOKS_EVERY_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._library

    def renew(self) -> Library:
        """Look for publications at once: after one was committed."""
        with self._lock:
            self._look()
        return self._library

    def library_with(self, session: Session, candidate: Edition) -> Library:
        """Return the library as it would be with one more edition; raises FaultsFound when it could not be used."""
        return load_layered_library(self._root, [*editions(session), candidate])

    def _look(self) -> None:
        self._looked = time.monotonic()
        with self._database.read() as session:
            newest = store.newest_publication(session)
        if newest != self._newest:
            try:
                self._library = self._read()
            except FaultsFound as found:
                self._newest = newest
                _log.error("content cannot be used; the former stays", faults=[str(fault) for fault in found.errors])

    def _read(self, known: Library | None = None) -> Library:
        self._looked = time.monotonic()
        published: list[Edition] = []
        newest = 0
        if self._database.is_current():  # else there are no tables yet: the command that makes them comes first
            with self._database.read() as session:
                newest, published = store.newest_publication(session), editions(session)
        library = load_layered_library(self._root, published) if published else known or load_library(self._root)
        self._newest = newest
        return library


def editions(session: Session) -> list[Edition]:
    """Return everything that was published on the web, oldest first."""
    return [
        Edition(ContentKind(record.kind), record.key, record.version, record.hash, files)
        for record, files in store.published_files(session)
    ]
