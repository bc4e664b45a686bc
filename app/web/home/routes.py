"""GET /: on to the engagements."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from app.services.permissions import Action
from app.web.access import requires

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Action.READ)
def start() -> Response:
    """Lead to the list of engagements."""
    return redirect(url_for("engagements.listing"))
