"""What scripts post: JSON, or nothing that could be meant."""

from __future__ import annotations

from flask import request


def posted_json() -> object:
    """Return the JSON of this request; None for anything else, and for what is nested without end."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None
