"""How words stand on a line: gaps between Chinese and Latin, punctuation set close, no last line of one character.

Only markup is added; the text itself, and so what is copied or searched, stays as it is.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_HANZI = r"\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LATIN = r"A-Za-z0-9"
_OPENING = "“‘（《〈「『【"
_CLOSING = "，。、；：）》〉」』】”’"
_COUNT = re.compile(r"\bn = ")
_SIGN = re.compile(r"^([*†‡○–]) ")  # a note explains a sign
_COUNTER = re.compile(rf"[{_HANZI}](?![{_OPENING}])")
_CHINESE = re.compile(f"[{_HANZI}]")
# a full-width sign keeps half its width before another one, an opening one also after another and where a text begins
_MARKED = re.compile(
    rf"(?P<gap>(?<=[{_HANZI}])(?=[{_LATIN}])|(?<=[{_LATIN}%])(?=[{_HANZI}]))"
    rf"|(?P<tight>[{_CLOSING}](?=[{_OPENING}{_CLOSING}])|(?:^|(?<=[{_OPENING}]))[{_OPENING}])"
)
_GAP = Markup('<span class="gap"></span>')
_TIGHT = Markup('<span class="tight">{}</span>')
_LAST = re.compile(rf"[{_HANZI}]{{2}}[{_HANZI}][{_CLOSING}！？]*$|\S+ \S+$")
_LONGEST_LAST = 24
_TAIL = Markup('{}<span class="tail">{}</span>')


def spaced(text: object) -> Markup:
    """Escape a text, put a thin gap between Chinese and Latin and set runs of full-width punctuation close."""
    said = _COUNT.sub("n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}", str(text))
    said = _SIGN.sub("\\1\N{NO-BREAK SPACE}", said)
    if not _CHINESE.search(said):
        return escape(said)
    parts, start = [], 0
    for found in _MARKED.finditer(said):
        parts.append(escape(said[start : found.start()]))
        parts.append(_GAP if found["gap"] is not None else _TIGHT.format(found["tight"]))
        start = found.end()
    parts.append(escape(said[start:]))
    return Markup("").join(parts)


def counter(text: str) -> str:
    """Return the character that a number before this text stays on one line with: 分, 项, 家; empty for none."""
    found = _COUNTER.match(text)
    return found[0] if found else ""


def closing(text: str) -> Markup:
    """Return the end of a sentence as `spaced` does, its last characters or words kept on one line."""
    found = _LAST.search(text)
    if found is None or found.start() == 0 or len(found[0]) > _LONGEST_LAST:
        return spaced(text)
    return _TAIL.format(spaced(text[: found.start()]), spaced(found[0]))
