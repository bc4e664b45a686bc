"""Signing in by an OpenID Connect provider: authorization code with PKCE, state and nonce; the ID token checked whole.

Authlib and joserfc do what is security's core; they are loaded at the first sign-in, not at the start of the server.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.oidc_settings import OidcSettings
from app.services.clock import Clock
from app.services.provider_fetching import Fetch, Unreachable, fetch_json
from app.services.provider_metadata import Metadata, Misconfigured, ProviderMetadata
from app.services.token_checking import Identity, Untrusted, check_token

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# in the order of preference; what a provider that names none understands by the standard comes first
CLIENT_AUTHENTICATION = ("client_secret_basic", "client_secret_post")
LONGEST_CODE = 4096


class SignOnRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Single sign-on led nowhere. `code` is stable; `reason` is for the log: our words, never the provider's.

    unreachable, misconfigured, cancelled (by the person), refused (by the provider), stale (not asked for, or too long
    ago), mixed-up (another issuer answers), untrusted (the token does not hold), weak (no second factor), unknown (no
    account), disabled, taken (the identity belongs to another account), linked (the account has one already), another
    (somebody else than the one who is signed in).
    """

    def __init__(self, code: str, reason: str = "") -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code}: {reason}")


@dataclass(frozen=True, slots=True)
class Begun:
    """What this browser must bring back: kept until the provider has answered, for once.

    `since`: when it left, in seconds, where the person was to prove afresh who they are.
    """

    state: str
    nonce: str
    verifier: str
    since: int | None = None


class IdentityProvider:
    """The provider of the settings. One per process; safe to share between threads."""

    def __init__(self, settings: OidcSettings, clock: Clock, fetch: Fetch = fetch_json) -> None:
        self.settings = settings
        self._clock = clock
        self._fetch = fetch
        self._known = ProviderMetadata(settings.issuer, clock, fetch)

    def begin(self, return_to: str, *, afresh: bool = False, locale: str = "zh") -> tuple[str, Begun]:
        """Return the address to send the browser to, and what it must bring back.

        `afresh`: the person is to prove who they are even if the provider knows this browser. Raises SignOnRefused.
        """
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        since = int(self._clock().timestamp()) if afresh else None
        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), since)
        address = prepare_grant_uri(
            self._description()["authorization_endpoint"],
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=return_to,
            scope=" ".join(self.settings.scopes),
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
            acr_values=" ".join(self.settings.acr) or None,
            prompt="login" if afresh else None,
            ui_locales="zh-Hans" if locale == "zh" else "en",
        )
        return str(address), begun

    def finish(self, answer: Mapping[str, str], begun: Begun, return_to: str) -> Identity:
        """Return whom the provider vouches for, by its answer in the address it sent the browser back to.

        Raises SignOnRefused.
        """
        code = self._code_of(answer, begun)
        token = self._exchange(code, begun, return_to)
        try:
            return check_token(
                token, self.settings, self._known, nonce=begun.nonce, since=begun.since, now=self._clock()
            )
        except Untrusted as fault:
            raise SignOnRefused(fault.code, fault.reason) from fault
        except (Unreachable, Misconfigured) as fault:
            raise _refusal(fault) from fault

    def examine(self) -> None:
        """Fetch the provider's description and keys, as a sign-in would. Raises SignOnRefused."""
        self._description()
        try:
            self._known.keys()
        except (Unreachable, Misconfigured) as fault:
            raise _refusal(fault) from fault

    def end_session(self, return_to: str) -> str | None:
        """Return where the browser is signed out of the provider too, coming back to `return_to`; None if nowhere."""
        from authlib.common.urls import add_params_to_uri

        try:
            address = self._known.metadata().end_session
        except (Unreachable, Misconfigured):
            return None
        if address is None:
            return None
        values = {"client_id": self.settings.client_id, "post_logout_redirect_uri": return_to}
        return str(add_params_to_uri(address, list(values.items())))

    def _description(self) -> Metadata:
        try:
            return self._known.metadata()
        except (Unreachable, Misconfigured) as fault:
            raise _refusal(fault) from fault

    def _code_of(self, answer: Mapping[str, str], begun: Begun) -> str:
        """Return the code of an answer that this browser asked this provider for."""
        if not secrets.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SignOnRefused("stale", "state differs")
        issuer = answer.get("iss")
        if issuer != self.settings.issuer and (issuer is not None or self._description().names_itself):
            raise SignOnRefused("mixed-up", "another issuer answers")
        if answer.get("error"):
            raise SignOnRefused("cancelled" if answer["error"] == "access_denied" else "refused", "authorization")
        code = answer.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE:
            raise SignOnRefused("refused", "no code")
        return code

    def _exchange(self, code: str, begun: Begun, return_to: str) -> dict[str, Any]:
        """Trade the code for tokens, as this client and with the proof that we are who asked for it."""
        from authlib.oauth2.auth import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        description = self._description()
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=return_to, code_verifier=begun.verifier
        )
        method = self._client_authentication(description)
        client = ClientAuth(self.settings.client_id, self.settings.client_secret, method)
        address, headers, body = client.prepare("POST", description["token_endpoint"], dict(FORM), body)
        try:
            status, token = self._fetch(address, body, headers)
        except Unreachable as fault:
            raise _refusal(fault) from fault
        if status != 200 or not isinstance(token.get("id_token"), str):
            raise SignOnRefused("refused", f"token endpoint answers {status}")
        return token

    def _client_authentication(self, description: Metadata) -> str:
        if not self.settings.client_secret:
            return "none"
        offered = description.listed("token_endpoint_auth_methods_supported")
        return next((method for method in CLIENT_AUTHENTICATION if method in offered), CLIENT_AUTHENTICATION[0])


def _refusal(fault: Unreachable | Misconfigured) -> SignOnRefused:
    return SignOnRefused("unreachable" if isinstance(fault, Unreachable) else "misconfigured", str(fault))
