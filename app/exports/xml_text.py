"""What somebody typed, as XML may hold it: no control characters, no half characters; nothing else is changed."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def content(text: str) -> str:
    """Return a text as it stands between tags."""
    return escape(allowed(text))


def attribute(text: str) -> str:
    """Return a text as the value of an attribute, in quotes."""
    return quoteattr(allowed(text))
