"""What every response carries and every request must show: headers, same-site checks, cookies, static versions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

if TYPE_CHECKING:
    from app.settings import Settings

# plotly.js writes one empty <style>; this is the hash of nothing (decisions.md, Screen)
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {EMPTY_STYLE}",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 31_536_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 4 * 1024 * 1024  # a case file is at most 2 MiB (formats.md); a form adds little
LARGEST_FORM = 1024 * 1024
SESSION_DAYS = 7
PERSONAL_LINK = re.compile(r"^/self/[^/]{20,}.*")
UPLOAD = "takes_upload"  # attribute of a view that takes files

View = TypeVar("View", bound=Callable[..., Any])


def protect(app: Flask, settings: Settings) -> None:
    """Set cookie flags, limits, CSRF and the checks and headers of every request."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_DAYS * 86_400,
        SESSION_REFRESH_EACH_REQUEST=False,  # a sign-in ends after so many days in any case: nothing to prolong
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    app.before_request(refuse_other_sites)
    app.before_request(lambda: _take_upload(settings.largest_attachment))
    CSRFProtect(app)
    # Under an authority of our own a device that does not trust it yet must still reach the page that explains how
    # (decision 0014): there HSTS would lock it out.
    strict = settings.secure_cookies and not settings.tls
    app.after_request(lambda response: _with_headers(response, strict_transport=strict))


def refuse_other_sites() -> None:
    """Refuse unsafe requests that a browser says come from another site (old browsers say nothing: CSRF stays)."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def takes_upload(view: View) -> View:
    """Let a view take a body as large as an attachment may be (and half as much, to say kindly that it is too large).

    Stands below the route, above `requires`.
    """
    setattr(view, UPLOAD, True)
    return view


def _take_upload(largest: int) -> None:
    """Raise the limit before anything reads the body (the CSRF check reads the form)."""
    if request.endpoint and getattr(current_app.view_functions.get(request.endpoint), UPLOAD, False):
        request.max_content_length = max(LARGEST_BODY, largest + largest // 2)


def logged_path() -> str:
    """Return the address of this request for the log; a personal link is a secret, and so is left out."""
    return PERSONAL_LINK.sub("/self/…", request.path)


def _with_headers(response: Response, *, strict_transport: bool) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if strict_transport:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "private, no-cache"
    elif request.endpoint == "static":
        response.headers["Cache-Control"] = static_caching(versioned="v" in request.args)
    return response


def static_caching(*, versioned: bool) -> str:
    """Return how long a static file may be kept: for good under its hash, else only when asked again."""
    return f"public, max-age={ONE_YEAR}, immutable" if versioned else "no-cache"


def version_static_files(app: Flask) -> None:
    """Add `?v=<hash of the content>` to every URL of a static file."""
    folder = Path(str(app.static_folder))
    known: dict[str, tuple[float, str]] = {}

    def version_of(filename: str) -> str | None:
        path = folder / filename
        try:
            changed = path.stat().st_mtime
        except OSError:
            return None
        if filename not in known or known[filename][0] != changed:
            known[filename] = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:12])
        return known[filename][1]

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values and "v" not in values:
            version = version_of(values["filename"])
            if version:
                values["v"] = version
