"""What the installation's secret key is used for beside cookies: sealing secrets at rest, and keyed hashes."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):  # noqa: N818 - named like the other faults
    """A sealed secret cannot be opened: the installation has another secret key now."""


class Seal:
    """Keys of one purpose each, derived from the installation's secret key; former keys still open what they closed."""

    def __init__(self, secret_key: str, former: Sequence[str] = ()) -> None:
        self._newest = _box(secret_key)
        self._box = MultiFernet([self._newest, *map(_box, former)])
        self._hash_key = _derived(secret_key, b"crm-maturity keyed hash")

    def close(self, secret: str) -> str:
        """Return `secret` so that nobody without the key can read or change it."""
        return self._box.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed; SealBroken under another key."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken from error

    def renewed(self, sealed: str) -> str | None:
        """Return what a former key sealed under the current one; None where nothing is to be done or can be."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            pass
        else:
            return None
        try:
            return self.close(self.open(sealed))
        except SealBroken:
            return None

    def keyed(self, purpose: str, *values: str) -> str:
        """Return a hash of `values` that nobody without the key can compute or compare."""
        message = "\0".join((purpose, *values)).encode("utf-8", "surrogatepass")
        return hmac.digest(self._hash_key, message, "sha256").hex()


def _box(secret_key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_derived(secret_key, b"crm-maturity second factor")))


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
