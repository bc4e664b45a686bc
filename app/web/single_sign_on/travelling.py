"""Sending a browser to the provider, and the address it comes back to."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.services.identity_provider import IdentityProvider
from app.web.context import context, locale
from app.web.single_sign_on.pending import Journey, Purpose, remember_journey


def provider() -> IdentityProvider:
    """Return the provider of the settings; 404 where there is none."""
    return context().provider or abort(404)


def return_address(endpoint: str = "single_sign_on.come_back") -> str:
    """Return a whole address of ours, as it is registered with the provider."""
    address = context().settings.address
    return f"{address}{url_for(endpoint)}" if address else url_for(endpoint, _external=True)


def depart(purpose: Purpose, *, user_id: int | None = None, target: str | None = None) -> Response:
    """Send this browser to the provider. Raises SignOnRefused when there is no way there now."""
    address, begun = provider().begin(return_address(), afresh=purpose is not Purpose.SIGN_IN, locale=locale())
    remember_journey(Journey(begun, purpose, user_id, target))
    response = redirect(address)
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse_other_sites() -> None:
    """Refuse a link that another site has made a signed-in browser follow."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
