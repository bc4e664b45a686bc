"""For whoever watches the installation: GET /healthz (the process answers), GET /readyz (all of it can do its work)."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from app.services import accounts
from app.services.permissions import Action
from app.services.readiness import readiness
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


@blueprint.get("/readyz")
@requires(Action.ENTER)
def readyz() -> Response:
    """Say what works: 200 when the database can be written, the worker lives and the disk has room, else 503."""
    parts = context()
    found = readiness(parts.database, parts.settings, parts.clock)
    said: Response = jsonify(
        ready=found.ready, **{name: "ok" if good else "failed" for name, good in asdict(found).items()}
    )
    said.status_code = 200 if found.ready else 503
    said.headers["Cache-Control"] = "no-store"
    return said
