"""Is this ID token the provider's, for us, for this very sign-in, and still good? Then it says who signs in."""

# ruff: noqa: PLC0415 - joserfc and Authlib are loaded at the first sign-in, not at the start of the server

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.oidc_settings import OidcSettings
from app.services.provider_metadata import ProviderMetadata

if TYPE_CHECKING:
    from joserfc.jwk import KeySet
    from joserfc.jwt import Token

# Signatures that only the holder of a private key can make: never "none", never one with the shared client secret.
ALGORITHMS = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
    *("EdDSA", "Ed25519"),
)
KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
LEEWAY = 60  # seconds by which clocks may differ
LONGEST_SUBJECT = 255
LONGEST_TOKEN = 64 * 1024
LONGEST_NAME = 80


class Untrusted(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """The token does not hold (`code` untrusted), or shows no second factor where one is asked for (weak)."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for: issuer and subject. The names are suggestions for a new account, nothing more.

    `strong`: the provider was asked for a second factor and has shown one.
    """

    issuer: str
    subject: str
    strong: bool = False
    name: str = ""
    display_name: str = ""


def check_token(
    answer: Mapping[str, Any],
    settings: OidcSettings,
    known: ProviderMetadata,
    *,
    nonce: str,
    now: datetime,
    since: int | None = None,
) -> Identity:
    """Return who signs in, by the answer of the token endpoint.

    `since`: a provider that says when the person proved who they are must not name an earlier time (in seconds). Raises
    Untrusted, and Unreachable or Misconfigured where the provider's keys cannot be had.
    """
    from joserfc.errors import ClaimError, JoseError

    written = str(answer["id_token"])
    if len(written) > LONGEST_TOKEN:
        raise Untrusted("untrusted", "token too long")
    try:
        token = _signed_token(written, known)
        _check_claims(token, answer, settings, nonce=nonce, now=now)
    except ClaimError as fault:
        raise Untrusted("untrusted", f"{type(fault).__name__} {fault.claim}") from fault
    except (JoseError, ValueError, TypeError) as fault:
        raise Untrusted("untrusted", type(fault).__name__) from fault
    if since is not None and token.claims.get("auth_time", since) < since - LEEWAY:
        raise Untrusted("untrusted", "auth_time")
    return _identity(token.claims, settings)


def _signed_token(written: str, known: ProviderMetadata) -> Token:
    """Return the token if a key of the provider signed it; an unknown key makes us ask once more for its keys."""
    from joserfc.errors import InvalidKeyIdError

    offered = known.metadata().listed("id_token_signing_alg_values_supported")
    algorithms = [name for name in ALGORITHMS if not offered or name in offered]
    try:
        return _decoded(written, known.keys(), algorithms)
    except InvalidKeyIdError:
        return _decoded(written, known.keys(again=True), algorithms)


def _decoded(written: str, keys: Mapping[str, Any], algorithms: list[str]) -> Token:
    from joserfc import jwt
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    return jwt.decode(written, _signing_keys(keys), registry=registry)


def _signing_keys(keys: Mapping[str, Any]) -> KeySet:
    """Return the keys that can sign; what a provider lists for other ends, or of a kind we do not know, is left out."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, KeySet

    listed, found = keys.get("keys"), []
    for key in listed if isinstance(listed, list) else []:
        if isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig":
            try:
                found.append(JWKRegistry.import_key(key))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    return KeySet(found)


def _check_claims(
    token: Token, answer: Mapping[str, Any], settings: OidcSettings, *, nonce: str, now: datetime
) -> None:
    """Hold the claims against what OpenID Connect Core 3.1.3.7 asks for."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import InvalidClaimError

    expected = {
        "iss": {"essential": True, "value": settings.issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "values": [settings.client_id]},
    }
    context = {"nonce": nonce, "client_id": settings.client_id, "access_token": answer.get("access_token")}
    CodeIDToken(token.claims, token.header, expected, context).validate(int(now.timestamp()), LEEWAY)
    subject = token.claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise InvalidClaimError("sub")


def _identity(claims: Mapping[str, Any], settings: OidcSettings) -> Identity:
    methods = claims.get("amr")
    shown = {method for method in methods if isinstance(method, str)} if isinstance(methods, list) else set()
    if settings.acr and claims.get("acr") not in settings.acr:
        raise Untrusted("weak", "acr")
    if settings.amr and not shown & set(settings.amr):
        raise Untrusted("weak", "amr")
    return Identity(
        issuer=settings.issuer,
        subject=str(claims["sub"]),
        strong=settings.vouches_for_second_factor,
        name=_suggestion(claims.get("preferred_username")),
        display_name=_suggestion(claims.get("name")),
    )


def _suggestion(value: object) -> str:
    if not isinstance(value, str):
        return ""
    plain = unicodedata.normalize("NFC", value).strip()
    return plain[:LONGEST_NAME] if plain.isprintable() else ""
