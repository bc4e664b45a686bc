"""An identity provider in this process: answers as one does, and as one does not, with tokens minted at will."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from app.oidc_settings import OidcSettings
from app.services.identity_provider import Begun, IdentityProvider
from app.services.provider_fetching import Unreachable
from tests.conftest import FixedClock

ISSUER = "https://id.example.com/realm"
RETURN = "https://crm.example.com/single-sign-on/return"
SETTINGS = OidcSettings(issuer=ISSUER, client_id="crm", label="Example ID", client_secret="swordfish of the client")
ACCESS_TOKEN = "an access token"


@cache
def key(name: str) -> ECKey:
    """Return a key pair of that name."""
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"}, private=True)


def half_hash(text: str) -> str:
    """Return what `at_hash` says of a token."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def unsigned(claims: Mapping[str, Any]) -> str:
    """Return a token of the algorithm "none"."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, dict(claims))]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


@dataclass
class Provider:
    """What the provider says; every part may be replaced by a test."""

    clock: FixedClock
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [dict(key("first").as_dict(private=False))])
    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    token: str | None = None  # instead of one that is minted
    signed_by: str = "first"
    down: bool = False
    token_status: int = 200
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    nonce: str = ""

    def description(self) -> dict[str, Any]:
        """Return its metadata."""
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["ES256", "none", "HS256"],
            **self.metadata,
        }

    def minted(self) -> str:
        """Return an ID token."""
        now = self.clock()
        claims = {
            "iss": ISSUER,
            "sub": "248289761001",
            "aud": "crm",
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "iat": int(now.timestamp()),
            "nonce": self.nonce,
            "at_hash": half_hash(ACCESS_TOKEN),
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if name not in self.without}
        header = {"alg": "ES256", "kid": self.signed_by}
        return jwt.encode(header, claims, key(self.signed_by))

    def fetch(self, address: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Answer a request."""
        self.asked.append(address)
        if self.down:
            raise Unreachable("ConnectionRefusedError")
        if address.endswith("/openid-configuration"):
            return 200, self.description()
        if address.endswith("/keys"):
            return 200, {"keys": self.keys}
        self.bodies.append(dict(parse_qsl(body or "")))
        self.headers.append(dict(headers))
        if self.token_status != 200:
            return self.token_status, {"error": "invalid_grant", "error_description": "secret words"}
        token = self.minted() if self.token is None else self.token
        return 200, {"id_token": token, "access_token": ACCESS_TOKEN, "token_type": "Bearer"}


@dataclass
class Browser:
    """Somebody who goes to the provider and comes back."""

    provider: Provider
    ours: IdentityProvider
    begun: Begun = field(init=False)
    address: str = ""

    def leave(self, **options: Any) -> dict[str, str]:
        """Go; return what the address asks the provider."""
        self.address, self.begun = self.ours.begin(RETURN, **options)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.address).query).items()}
        self.provider.nonce = asked["nonce"]
        return asked

    def come_back(self, **answer: str) -> Any:
        """Come back with a code (or what `answer` says instead); return the identity."""
        values = {"code": "the code", "state": self.begun.state, **answer}
        return self.ours.finish({name: value for name, value in values.items() if value}, self.begun, RETURN)


def browser(clock: FixedClock, **settings: Any) -> Browser:
    """Return a browser before a provider with these settings."""
    provider = Provider(clock)
    return Browser(provider, IdentityProvider(replace(SETTINGS, **settings), clock, provider.fetch))
