"""The web application as tests have it: built once (routes, templates), then put over the parts of test after test.

Applications over different parts differ in nothing but these and the key that signs cookies.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.web.context import Context


@dataclass
class Built:
    """One application. `compiled` is a folder for compiled templates, which other processes of the run read too.

    With `logs_requests` it writes a line about each request, as the product does.
    """

    compiled: Path | None = None
    logs_requests: bool = False
    application: Flask | None = None

    def over(self, parts: Context) -> Flask:
        """Return it over these parts, which differ from others in nothing that limits and hosts depend on."""
        from app.web.agreeing.kept import EXTENSION as KEPT
        from app.web.context import EXTENSION

        if self.application is None:
            self.application = self._build(parts)
        self.application.extensions[EXTENSION] = parts
        self.application.extensions.pop(KEPT, None)  # what was made from other parts
        self.application.secret_key = parts.settings.secret_key
        return self.application

    def _build(self, parts: Context) -> Flask:
        from jinja2 import FileSystemBytecodeCache

        from app.bootstrap import log_requests
        from app.web.application import create_web

        application = create_web(parts)
        if self.compiled:
            application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(self.compiled))
        if self.logs_requests:
            log_requests(application)
        return application
