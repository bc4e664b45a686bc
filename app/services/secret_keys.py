"""A new secret key for an installation, in two steps at none of which anybody is signed out or locked out.

First a new key signs and the former ones are still believed; when nothing needs them any more (cookies last for
`sign_in_days`), what is sealed in the database is sealed anew and the former ones are forgotten. All keys lie in one
file, the current one first, so that backups, permissions and restoring stay those of one file.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from app.services.refusals import Refused
from app.services.sealing import Seal
from app.settings import MOST_FORMER_KEYS, SECRET_KEY_FILE, kept_secret_keys
from app.storage import second_factors as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.settings import Settings
    from app.storage.database import Database


class KeyElsewhere(Refused):
    """The environment gives the key: whoever sets it changes it."""

    def __init__(self) -> None:
        told = "SECRET_KEY of the environment is the key: put it into SECRET_KEY_FALLBACKS and a new one in its place"
        super().__init__("key-elsewhere", told)


def rotate(settings: Settings, environ: Mapping[str, str] | None = None) -> int:
    """Put a new key before those that there are; return how many former ones are still believed."""
    path = _file(settings, environ)
    keys = kept_secret_keys(path)[:MOST_FORMER_KEYS]
    _write(path, (secrets.token_urlsafe(48), *keys))
    return len(keys)


def forget_former(database: Database, settings: Settings, environ: Mapping[str, str] | None = None) -> int:
    """Seal anew what a former key sealed, then forget the former keys; return how many secrets were sealed anew.

    A secret that no key opens any more stays as it is. The server must have been started since `rotate`.
    """
    path = _file(settings, environ)
    current, *former = kept_secret_keys(path)
    seal = Seal(current, former)
    with database.begin() as session:
        changed = {
            user_id: anew
            for user_id, sealed in store.sealed_secrets(session).items()
            if (anew := seal.renewed(sealed)) is not None
        }
        store.replace_sealed_secrets(session, changed)
    _write(path, (current,))
    return len(changed)


def _file(settings: Settings, environ: Mapping[str, str] | None) -> Path:
    if (os.environ if environ is None else environ).get("SECRET_KEY") is not None:
        raise KeyElsewhere
    return settings.data / SECRET_KEY_FILE


def _write(path: Path, keys: Sequence[str]) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write("\n".join(keys))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
