"""GET /healthz: the process answers and its database can be read."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from app.services import accounts
from app.services.permissions import Action
from app.web.access import requires
from app.web.context import context

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@requires(Action.ENTER)
def healthz() -> Response:
    """Answer `ok`; a database that cannot be read is an error 500."""
    with context().database.read() as session:
        accounts.administrators(session)
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})
