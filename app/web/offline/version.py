"""Which version of the pages this is: the service worker never mixes two of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flask import current_app

KINDS = {".js", ".css", ".html", ".svg"}


def page_version() -> str:
    """Return a hash of every script, style sheet and template as they were when this process first asked."""
    return _version_of(str(current_app.root_path))


@lru_cache(maxsize=4)
def _version_of(root: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(_files(Path(root))):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(root: Path) -> Iterator[Path]:
    for folder in ("static", "templates"):
        yield from (path for path in (root / folder).rglob("*") if path.suffix in KINDS and path.is_file())
