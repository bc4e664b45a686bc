"""GET /trust: what the certificate authority is and how each kind of device takes it in; also served over plain HTTP.

The page stands alone: it sets no cookie (over plain HTTP none would be kept) and takes its language from the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from app.core.text import Locale
from app.i18n import as_locale
from app.services.certificates import FOLDER, Certificate, Pair, is_address, kept
from app.services.permissions import Action
from app.web.access import requires
from app.web.context import context, locale

blueprint = Blueprint("trusting", __name__)

FILE_NAME = "crm-maturity-authority.crt"
FINGERPRINT_PARTS = 8  # pairs of digits in one line, so that people can compare them


@dataclass(frozen=True, slots=True)
class TrustPage:
    """What the page shows: the authority's name, fingerprint in lines, end; the addresses; a QR code of this page."""

    name: str
    fingerprint: tuple[str, ...]
    ends_at: datetime
    addresses: tuple[str, ...]
    here: str
    qr_code: str


@blueprint.get("/trust")
@requires(Action.ENTER)
def page() -> Response:
    """Explain how a device comes to trust this installation."""
    language: Locale = as_locale(request.args.get("language")) or locale()
    pair = _pair()
    shown = None if pair is None else _page(pair)
    response = make_response(render_template("trusting/page.html", page=shown, language=language))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(f"/trust/{FILE_NAME}")
@requires(Action.ENTER)
def authority() -> Response:
    """Send the certificate of the authority (never its key), as devices take it in."""
    pair = _pair()
    if pair is None:
        abort(404)
    response = Response(pair.authority.der, mimetype="application/x-x509-ca-cert")
    response.headers["Content-Disposition"] = f"attachment; filename={FILE_NAME}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _pair() -> Pair | None:
    settings = context().settings
    return kept(settings.data / FOLDER) if settings.tls else None


def _page(pair: Pair) -> TrustPage:
    settings = context().settings
    hosts = _hosts(pair.server)
    asked = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdigit() else request.host
    host = hosts[0] if asked in ("localhost", "127.0.0.1", "[::1]") and hosts else asked
    here = f"http://{host}:{settings.port}/trust"
    digits = pair.authority.fingerprint.split(":")
    return TrustPage(
        name=pair.authority.body.subject.rfc4514_string().removeprefix("CN="),
        fingerprint=tuple(
            " ".join(digits[start : start + FINGERPRINT_PARTS]) for start in range(0, len(digits), FINGERPRINT_PARTS)
        ),
        ends_at=pair.authority.ends_at,
        addresses=tuple(f"https://{name}:{settings.tls_port}/" for name in dict.fromkeys((host, *hosts))),
        here=here,
        qr_code=segno.make(here, error="m").svg_data_uri(scale=4, border=2),
    )


def _hosts(server: Certificate) -> list[str]:
    """Return where other devices find this machine: addresses first, since every network knows those."""
    away = [name for name in server.names if name not in ("localhost", "127.0.0.1", "::1")]
    addresses = [name for name in away if is_address(name) and ":" not in name]
    return [*addresses, *(name for name in away if not is_address(name))]
