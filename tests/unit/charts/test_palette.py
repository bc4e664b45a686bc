"""Colours that survive black-and-white print and low sight."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from app.charts.palette import ACCENT, BAND, FALL, INK, MUTED, RISE, carrier_styles, ramp, text_on
from app.charts.palette import unit_styles as styles_of
from app.core.colour import contrast, luminance
from app.settings import CHECKOUT

SHARES = [place / 200 for place in range(201)]


def test_the_ramp_grows_darker_in_grey_all_the_way() -> None:
    greys = [luminance(ramp(share)) for share in SHARES]
    assert all(earlier >= later for earlier, later in pairwise(greys))
    assert all(earlier > later for earlier, later in pairwise(greys[::4]))  # every tenth of a point on 0 to 5
    assert ramp(-1) == ramp(0)
    assert ramp(2) == ramp(1)


@pytest.mark.parametrize("share", SHARES[::5])
def test_figures_can_be_read_on_every_tone(share: float) -> None:
    assert contrast(text_on(ramp(share)), ramp(share)) >= 4.5


def test_marks_stand_out_from_paper() -> None:
    ids = [str(place) for place in range(16)]
    for style in (*styles_of(ids).values(), *carrier_styles(ids).values()):
        assert contrast(style.outline, "#ffffff") >= 3


def test_words_and_bars_stand_out_from_paper() -> None:
    for colour in (INK, MUTED, ACCENT, RISE, FALL):
        assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(INK, BAND) >= 4.5


def test_the_ramp_is_that_of_the_style_sheet() -> None:
    sheet = (CHECKOUT / "app/web/static/css/base.css").read_text("utf-8")
    tones = dict(re.findall(r"--tone-(\d+): (#[0-9a-f]{6})", sheet))
    assert {number: ramp(int(number) / 10) for number in tones} == tones
