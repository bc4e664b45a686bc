"""What an identity provider says of itself: its addresses and its keys, fetched when needed and kept for an hour."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.oidc_settings import is_safe_address
from app.services.clock import Clock
from app.services.provider_fetching import Fetch, Unreachable

FRESH = timedelta(hours=1)
AFTER_FAILURE = timedelta(seconds=15)  # so long nobody waits for a provider that has just not answered
KEYS_AGAIN = timedelta(seconds=30)  # a signature by an unknown key makes us look again no more often than this
WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Misconfigured(Exception):  # noqa: N818 - a state of the world
    """The provider answers, but not what the settings name or what we need."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The provider's own description, looked through."""

    document: Mapping[str, Any]

    def __getitem__(self, name: str) -> str:
        return str(self.document[name])

    @property
    def end_session(self) -> str | None:
        """Where a browser can be signed out of the provider too; None where it offers no such address."""
        address = self.document.get("end_session_endpoint")
        return str(address) if is_safe_address(address) else None

    @property
    def names_itself(self) -> bool:
        """Tell whether every answer of it carries its issuer (RFC 9207)."""
        return self.document.get("authorization_response_iss_parameter_supported") is True

    def listed(self, name: str) -> tuple[str, ...]:
        """Return a list of words, empty where it is missing."""
        values = self.document.get(name)
        return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()


class ProviderMetadata:
    """Fetches and keeps description and keys of one provider; safe to share between threads."""

    def __init__(self, issuer: str, clock: Clock, fetch: Fetch) -> None:
        self._issuer = issuer
        self._clock = clock
        self._fetch = fetch
        self._turn = threading.Lock()
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, Mapping[str, Any]] | None = None
        self._failed: datetime | None = None

    def metadata(self) -> Metadata:
        """Return the description. Raises Unreachable, Misconfigured."""
        with self._turn:
            if self._metadata and self._clock() < self._metadata[0] + FRESH:
                return self._metadata[1]
            found = checked(self._get(self._issuer.rstrip("/") + WELL_KNOWN), self._issuer)
            self._metadata = (self._clock(), found)
            return found

    def keys(self, *, again: bool = False) -> Mapping[str, Any]:
        """Return the provider's keys; `again` asks it anew unless that was done a moment ago."""
        address = self.metadata()["jwks_uri"]
        with self._turn:
            kept_for = KEYS_AGAIN if again else FRESH
            if self._keys and self._clock() < self._keys[0] + kept_for:
                return self._keys[1]
            self._keys = (self._clock(), self._get(address))
            return self._keys[1]

    def _get(self, address: str) -> dict[str, Any]:
        if self._failed and self._clock() < self._failed + AFTER_FAILURE:
            raise Unreachable("did not answer a moment ago")
        try:
            document = _got(self._fetch, address)
        except Unreachable:
            self._failed = self._clock()
            raise
        self._failed = None
        return document


def _got(fetch: Fetch, address: str) -> dict[str, Any]:
    status, document = fetch(address, None, {})
    if status != 200:
        raise Unreachable(f"status {status}")
    return document


def checked(document: Mapping[str, Any], issuer: str) -> Metadata:
    """Return the description of exactly that issuer; Misconfigured if it cannot be used with all safeguards."""
    metadata = Metadata(document)
    if document.get("issuer") != issuer:
        raise Misconfigured("issuer differs from the settings")
    unusable = [name for name in ENDPOINTS if not is_safe_address(document.get(name))]
    if unusable:
        raise Misconfigured(f"no https address in {', '.join(unusable)}")
    if "code" not in (metadata.listed("response_types_supported") or ("code",)):
        raise Misconfigured("no authorization code flow")
    if "S256" not in (metadata.listed("code_challenge_methods_supported") or ("S256",)):
        raise Misconfigured("no PKCE with S256")
    return metadata
