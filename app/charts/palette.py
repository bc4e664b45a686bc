"""Colours, dashes and marker shapes: the same unit looks the same everywhere, in grey print too.

Units take the Okabe-Ito set, dark ones first; carriers a quieter family, so that a client's units stand in front.
Knows no chart and no score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from app.core.colour import MARK_CONTRAST, contrast
from app.core.report import Colours

_HOUSE = Colours()
INK, MUTED, HAIRLINE, WASH, ACCENT = _HOUSE.ink, _HOUSE.muted, _HOUSE.hairline, _HOUSE.wash, _HOUSE.accent
PAPER = "#ffffff"
BAND = "#c3cad2"
RISE = "#0072B2"
FALL = "#B4530A"

Marker = Literal["circle", "square", "diamond", "triangle-up", "triangle-down", "star", "hexagon"]
Dash = Literal["solid", "dash", "dot", "dashdot", "longdash"]

MARKERS: tuple[Marker, ...] = ("circle", "square", "diamond", "triangle-up", "triangle-down", "star", "hexagon")
DASHES: tuple[Dash, ...] = ("longdash", "dash", "dot", "dashdot")
_OKABE_ITO = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
_QUIET = ("#6B5B95", "#8C6A1D", "#4A6B8A", "#9A4F57", "#4F7350", "#7A7A7A", "#3E5C5E")
# the same eleven tones as the style sheet of the screen
_TONES = (
    "#f4ead2",
    "#e5e1ca",
    "#d6d8c1",
    "#bfccbc",
    "#a0beb9",
    "#7fb0b5",
    "#619aab",
    "#377b98",
    "#25678b",
    "#1b537b",
    "#103a66",
)
_RAMP = tuple(tuple(int(tone[start : start + 2], 16) for start in (1, 3, 5)) for tone in _TONES)


@dataclass(frozen=True, slots=True)
class Style:
    """How one column is drawn wherever it appears. `outline` is dark where `colour` alone is too light on white.

    `dash` is how its line is drawn when it is not the unit in question (that one is solid and heavy).
    """

    colour: str
    marker: Marker
    dash: Dash
    outline: str

    def variant(self, number: int) -> Style:
        """Return the style for the same unit in another round: same colour, another marker and dash."""
        if number == 0:
            return self
        return replace(
            self,
            marker=MARKERS[(MARKERS.index(self.marker) + number) % len(MARKERS)],
            dash=DASHES[(DASHES.index(self.dash) + number) % len(DASHES)],
        )


def _styles(ids: Sequence[str], colours: Sequence[str], shift: int) -> dict[str, Style]:
    return {
        key: Style(
            colour=(colour := colours[place % len(colours)]),
            marker=MARKERS[(place + shift + place // len(colours)) % len(MARKERS)],
            dash=DASHES[(place + place // len(DASHES)) % len(DASHES)],
            outline=colour if contrast(colour, PAPER) >= MARK_CONTRAST else INK,  # too light alone
        )
        for place, key in enumerate(ids)
    }


def unit_styles(ids: Sequence[str], colours: Sequence[str] = ()) -> dict[str, Style]:
    """Return a style for each unit, by its place in `ids` (all units of the engagement, in their stable order).

    `colours` are a client's own; the house's follow where they do not suffice.
    """
    own = {colour.lower() for colour in colours}
    return _styles(ids, (*colours, *(colour for colour in _OKABE_ITO if colour.lower() not in own)), 0)


def carrier_styles(ids: Sequence[str]) -> dict[str, Style]:
    """Return a style for each benchmark carrier, by its place in `ids` (all entries of the set, in its order)."""
    return _styles(ids, _QUIET, 5)  # shapes that the first units do not have, nor the median


@lru_cache(maxsize=1024)
def ramp(share: float) -> str:
    """Return the colour of a score, 0 (pale sand) to 1 (deep blue); darker in grey as the score rises."""
    place = min(max(share, 0.0), 1.0) * (len(_RAMP) - 1)
    low = min(int(place), len(_RAMP) - 2)
    parts = (round(a + (b - a) * (place - low)) for a, b in zip(_RAMP[low], _RAMP[low + 1], strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


@lru_cache(maxsize=1024)
def text_on(background: str) -> str:
    """Return a text colour that has at least 4.5:1 on `background`."""
    return next(colour for colour in (INK, PAPER, "#000000") if contrast(colour, background) >= 4.5)
