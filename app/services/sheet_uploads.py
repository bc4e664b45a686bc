"""Uploaded workbooks between rehearsal and applying: kept under a name of ours, for the user who brought them.

The name is made of two numbers and the content's hash; nothing that a user typed becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.services.refusals import NotFound

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.settings import Settings

FOLDER = "sheets"
DAYS = 7
MOST_OF_A_USER = 20
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The uploads of one user for one interview. `folder` lies in the data folder; other users' are out of reach."""

    folder: Path
    interview_id: int
    user_id: int

    def keep(self, content: bytes, clock: Clock) -> str:
        """Store a workbook and return its checksum; what is older than a week, or too many of a user's, goes."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        checksum = hashlib.sha256(content).hexdigest()
        path = self._path(checksum)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        fresh.replace(path)
        now = clock().timestamp()
        os.utime(path, (now, now))
        self._prune(now)
        return checksum

    def content(self, checksum: str) -> bytes:
        """Return a stored workbook; NotFound where there is none (any more), or not of this user and interview."""
        if not _CHECKSUM.fullmatch(checksum):
            raise NotFound("sheet", checksum)
        try:
            content = self._path(checksum).read_bytes()
        except FileNotFoundError:
            raise NotFound("sheet", checksum) from None
        if hashlib.sha256(content).hexdigest() != checksum:
            raise NotFound("sheet", checksum)
        return content

    def _path(self, checksum: str) -> Path:
        return self.folder / f"{self.user_id}-{self.interview_id}-{checksum}.xlsx"

    def _prune(self, now: float) -> None:
        kept = sorted(self._ages(now, "*"), reverse=True)
        own = sorted(self._ages(now, f"{self.user_id}-*"))
        for age, path in kept:
            if age > DAYS * 86_400:
                path.unlink(missing_ok=True)
        for _, path in own[MOST_OF_A_USER:]:
            path.unlink(missing_ok=True)

    def _ages(self, now: float, pattern: str) -> Iterator[tuple[float, Path]]:
        for path in self.folder.glob(pattern):
            try:
                yield now - path.stat().st_mtime, path
            except FileNotFoundError:  # another request was quicker
                continue


def shelf_of(settings: Settings, interview_id: int, user_id: int) -> Shelf:
    """Return where a user's uploads for an interview are kept."""
    return Shelf(settings.data / FOLDER, interview_id, user_id)
