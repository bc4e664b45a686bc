"""Colours as `#rrggbb`: how light they are, and how well one is seen on another."""

from __future__ import annotations

TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2), 0 black to 1 white."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
