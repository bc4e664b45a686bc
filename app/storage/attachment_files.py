"""The folder in which the files of attachments lie, under names that we make. Knows bytes and names, no row.

A file is written aside, brought to the disk and only then given its name: whoever finds the name finds all of it.
Nothing here is ever deleted but what was just written and has no row.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from app.storage.syncing import sync

FOLDER = "attachments"
PREVIEW = "-small.jpg"
NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|png|pdf)")
PART = re.compile(r"\.[0-9a-f]{32}\.part")


@dataclass(frozen=True, slots=True)
class AttachmentFolder:
    """The attachments below a data folder."""

    data: Path

    @property
    def path(self) -> Path:
        """Where the files lie."""
        return self.data / FOLDER

    def file(self, stored_as: str) -> Path:
        """Return the path of a stored file; ValueError for a name that is not one of ours."""
        if not NAME.fullmatch(stored_as):
            raise ValueError(f"{stored_as!r} is no name of a stored file")
        return self.path / stored_as

    def preview(self, stored_as: str) -> Path:
        """Return the path of the small picture of a stored image."""
        file = self.file(stored_as)
        return file.with_name(f"{file.stem}{PREVIEW}")

    def write(self, content: bytes, suffix: str, preview: bytes | None = None) -> str:
        """Store a file (0600), with its preview, for good; return its name. OSError leaves nothing behind."""
        name = f"{secrets.token_hex(16)}.{suffix}"
        file = self.file(name)
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            if preview is not None:
                self._put(self.preview(name), preview)
            self._put(file, content)
            sync(self.path)
        except OSError:
            self.remove(name)
            raise
        return name

    def duplicate(self, stored_as: str) -> str | None:
        """Give a stored file, with its preview, a further name for good; None where the file is missing."""
        name = f"{secrets.token_hex(16)}{Path(stored_as).suffix}"
        pairs = ((self.preview(stored_as), self.preview(name)), (self.file(stored_as), self.file(name)))
        if not self.file(stored_as).is_file():
            return None
        try:
            for former, further in pairs:
                if former.is_file():
                    os.link(former, further)  # stored files are never written again
            sync(self.path)
        except OSError:
            self.remove(name)
            raise
        return name

    def remove(self, stored_as: str) -> None:
        """Delete a file that has no row, with its preview; missing is fine."""
        for path in (self.file(stored_as), self.preview(stored_as)):
            with contextlib.suppress(OSError):
                path.unlink()

    def without_row(self, known: frozenset[str]) -> tuple[str, ...]:
        """Return the names of files that no row names: what a crash between file and row leaves behind."""
        if not self.path.is_dir():
            return ()
        own = known | {f"{Path(name).stem}{PREVIEW}" for name in known}
        return tuple(sorted(path.name for path in self.path.iterdir() if path.name not in own))

    def missing(self, known: frozenset[str]) -> tuple[str, ...]:
        """Return the names that rows give and the folder does not have."""
        return tuple(sorted(name for name in known if not self.file(name).is_file()))

    def _put(self, target: Path, content: bytes) -> None:
        part = target.with_name(f".{secrets.token_hex(16)}.part")
        try:
            with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
