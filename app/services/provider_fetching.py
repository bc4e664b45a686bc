"""Asking an identity provider over HTTPS: short, bounded, and without following it anywhere else.

The operating system's trust store decides whom we believe, so that an authority of the firm works; a proxy of the
environment is used.
"""

# ruff: noqa: PLC0415 - what only a single sign-on needs is loaded then, not at the start of the server

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

SECONDS = 8  # for each step of a connection: a page waits for this
LARGEST = 1024 * 1024  # bytes of an answer

# address, form fields (None: a GET), headers -> status and JSON object
Fetch = Callable[[str, str | None, Mapping[str, str]], tuple[int, dict[str, Any]]]


class Unreachable(Exception):  # noqa: N818 - a state of the world
    """No usable answer: no connection, no certificate that is trusted, too late, too long, not a JSON object."""


def fetch_json(address: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Return status and JSON object that an address answers with; a redirect is an answer like any other.

    Raises Unreachable.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Staying(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    request = Request(  # noqa: S310 - the settings and the metadata check let https and loopback through, nothing else
        address, data=None if body is None else body.encode("ascii"), headers={"Accept": "application/json", **headers}
    )
    try:
        try:
            with build_opener(Staying).open(request, timeout=SECONDS) as answer:
                status, content = answer.status, answer.read(LARGEST + 1)
        except HTTPError as refused:
            with refused:
                status, content = refused.code, refused.read(LARGEST + 1)
    except (OSError, HTTPException) as error:  # URLError, time-outs and TLS faults are OSErrors
        raise Unreachable(type(error).__name__) from error
    return status, _object(content)


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise Unreachable("answer too long")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreachable("answer is not JSON") from error
    if not isinstance(document, dict):
        raise Unreachable("answer is not a JSON object")
    return document
