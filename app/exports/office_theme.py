"""The theme of an Office file: its fonts and colours by their names, so that an editor changes each in one place."""

from __future__ import annotations

import re
from typing import Any

from app.exports.office_look import Look
from app.exports.xml_text import attribute


def themed(owner: Any, look: Look, name: str) -> None:
    """Write colours and fonts of the look into the theme that a part (a master, a text) refers to."""
    theme = next(rel.target_part for rel in owner.rels.values() if rel.reltype.endswith("/theme"))
    theme._blob = _dressed(theme.blob.decode(), look, name).encode()


def _dressed(xml: str, look: Look, name: str) -> str:
    colours = {"dk1": look.ink, "lt1": "FFFFFF", "dk2": look.muted, "lt2": look.wash, "accent1": look.accent,
               "accent2": "0072B2", "accent3": "D55E00", "accent4": "009E73", "accent5": "CC79A7", "accent6": "E69F00",
               "hlink": look.accent, "folHlink": look.muted}  # fmt: skip
    inside = "".join(f"<a:{key}><a:srgbClr val='{value}'/></a:{key}>" for key, value in colours.items())
    xml = re.sub(
        r"<a:clrScheme.*?</a:clrScheme>",
        lambda _m: f"<a:clrScheme name={attribute(name)}>{inside}</a:clrScheme>",
        xml,
        flags=re.DOTALL,
    )
    fonts = f"<a:majorFont>{_family(look.heading_font)}</a:majorFont><a:minorFont>{_family(look.font)}</a:minorFont>"
    return re.sub(
        r"<a:fontScheme.*?</a:fontScheme>",
        lambda _m: f"<a:fontScheme name={attribute(name)}>{fonts}</a:fontScheme>",
        xml,
        flags=re.DOTALL,
    )


def _family(font: str) -> str:
    named = attribute(font)
    return (
        f"<a:latin typeface={named}/><a:ea typeface={named}/><a:cs typeface=''/>"
        f"<a:font script='Hans' typeface={named}/><a:font script='Hant' typeface={named}/>"
    )
