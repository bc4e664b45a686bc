"""What every page of drafts shares: the blueprint, the frame, kinds in addresses, downloads."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from app.content.layering import ContentKind
from app.content.proofing import Content
from app.core.text import Text
from app.services.file_names import file_name
from app.web.forms import whole
from app.web.shell import Shell

blueprint = Blueprint("drafting", __name__)
SHELL = Shell(section="drafts")
ZIP = "application/zip"


def kind_of(written: str) -> ContentKind:
    """Return the kind of content that an address or form names; 404 for another word."""
    try:
        return ContentKind(written)
    except ValueError:
        abort(404)


def name_of(content: Content | None, key: str) -> Text:
    """Return the name of content, its key where it cannot be read."""
    return content.name if content is not None else Text(zh=key, en=key)


def posted_number(field: str) -> int:
    """Return a number of a hidden field; 0 for anything else, which no version is."""
    return whole(request.form.get(field, ""))


def versions_url(kind: ContentKind, key: str) -> str:
    """Return the address of the versions of one content."""
    return url_for("drafting.versions", kind=kind.value, content_key=key)


def download(content: bytes, name: str) -> Response:
    """Send an archive under a name."""
    return Response(
        content,
        content_type=ZIP,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(name, '.zip'))}",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
