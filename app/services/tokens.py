"""Random tokens: a browser or a link holds one, the database its hash."""

from __future__ import annotations

import hashlib


def token_hash(token: str) -> str:
    """Return what the database keeps of a token. (A random token of 256 bits needs no slow hash.)"""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
