"""What every response carries and every request must show: headers, same-site checks, cookies, static versions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

from app.web.hosts import OWN_HOSTS, own_hosts, refuse_other_hosts

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
ALONE = "default-src 'none'; sandbox"  # policy of what is kept as a file: opened all the same, it can do nothing
ONE_YEAR = 31_536_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_FORM = 1024 * 1024  # what any view takes
LARGEST_BODY = 4 * 1024 * 1024  # what a view takes that gets files: one of content is at most 2 MiB (formats.md)
AFTER_SIGN_IN = 86_400  # a form that is posted after its sign-in has ended still shows that it is ours
PERSONAL_LINK = re.compile(r"^/(self|link)/[^/]{20,}.*")
ACCOUNT = re.compile(r"^/users/[^/]+/")
BODY = "takes"  # attribute of a view that takes more than a form
FILES, EVIDENCE = "files", "evidence"  # its values

View = TypeVar("View", bound=Callable[..., Any])


def protect(app: Flask, settings: Settings) -> None:
    """Set cookie flags, limits, CSRF and the checks and headers of every request."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SECRET_KEY_FALLBACKS=list(settings.former_keys),
        PERMANENT_SESSION_LIFETIME=int(settings.sign_in_longest.total_seconds()) + AFTER_SIGN_IN,
        SESSION_REFRESH_EACH_REQUEST=False,  # a sign-in ends after so many days in any case: nothing to prolong
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        **{OWN_HOSTS: own_hosts(settings)},
    )
    app.before_request(refuse_other_hosts)
    app.before_request(refuse_other_sites)
    app.before_request(lambda: _take_more(settings.largest_attachment))
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


def takes_files(view: View) -> View:
    """Let a view take files of content or workbooks, or their text as a field. Stands below the route."""
    setattr(view, BODY, FILES)
    return view


def takes_upload(view: View) -> View:
    """Let a view take a body as large as an attachment may be (and half as much, to say kindly that it is too large).

    Stands below the route, above `requires`.
    """
    setattr(view, BODY, EVIDENCE)
    return view


def largest_upload(largest_attachment: int) -> int:
    """Return how many bytes the largest body has that any view takes."""
    return max(LARGEST_BODY, largest_attachment + largest_attachment // 2)


def _take_more(largest_attachment: int) -> None:
    """Raise the limits before anything reads the body (the CSRF check reads the form)."""
    takes = getattr(current_app.view_functions.get(request.endpoint or ""), BODY, None)
    if takes == FILES:
        request.max_content_length = request.max_form_memory_size = LARGEST_BODY
    elif takes == EVIDENCE:
        request.max_content_length = largest_upload(largest_attachment)


def signing_keys() -> list[str]:
    """Return the keys that signatures are made and checked with, the oldest first: the last one signs."""
    return [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), str(current_app.secret_key)]


def logged_path() -> str:
    """Return the address of this request for the log: without personal links, which are secrets, and account names."""
    return ACCOUNT.sub("/users/…/", PERSONAL_LINK.sub(r"/\1/…", request.path))


def _with_headers(response: Response, *, strict_transport: bool) -> Response:
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        response.headers["Content-Security-Policy"] = ALONE
        response.headers.setdefault("Cache-Control", "no-store")
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
