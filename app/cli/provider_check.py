"""Does single sign-on work? What `doctor` says of the identity provider of the settings."""

from __future__ import annotations

from collections.abc import Iterable

from app.cli.checks import Check
from app.services.clock import system_clock
from app.services.identity_provider import IdentityProvider, SignOnRefused
from app.services.provider_fetching import Fetch, fetch_json
from app.settings import Settings

NAME = "single-sign-on"


def provider_check(settings: Settings, fetch: Fetch = fetch_json) -> Iterable[Check]:
    """Ask the provider for its description and its keys; says nothing without one in the settings."""
    if settings.oidc is None:
        return
    issuer = settings.oidc.issuer
    try:
        IdentityProvider(settings.oidc, system_clock, fetch).examine()
    except SignOnRefused as refused:
        said = f"{issuer} is {refused.code}: {refused.reason}; passwords work; see docs/single-sign-on.md"
        yield Check(NAME, "warning" if refused.code == "unreachable" else "error", said)
        return
    if not settings.address:
        yield Check(NAME, "warning", f"{issuer} answers; set address, so that it always sends browsers to the same one")
    elif not settings.oidc.vouches_for_second_factor and settings.second_factor != "off":
        yield Check(NAME, "ok", f"{issuer} answers; without acr or amr, roles with a second factor use passwords")
    else:
        yield Check(NAME, "ok", f"{issuer} answers")
