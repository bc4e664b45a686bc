"""CRM Maturity: capability assessment of telecom carriers. The rooms and their order: docs/architecture.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> Flask:
    """Build the web application, for `flask --app app` and other servers."""
    from app.bootstrap import create_application  # noqa: PLC0415 - nothing that only needs a room loads the whole house

    return create_application()
