"""What the consultants' pages of self-assessments show: links as they are handed out, and differences as a drawing."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import segno
from flask import request, url_for

from app.core.text import Text
from app.exports.tables_csv import written_cell
from app.web.context import locale, translate
from app.web.templating import day

if TYPE_CHECKING:
    from app.core.framework import Framework
    from app.core.self_assessment import Difference, Differences
    from app.services.personal_links import NewLink

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class HandOut:
    """One link to hand out: its address, and the same as a picture to photograph."""

    key: str
    role: Text
    label: str | None
    address: str
    picture: str
    until: str


def hand_out(link: NewLink, role: Text) -> HandOut:
    """Return a link as it is shown once, right after it was made."""
    address = url_for("responding.enter", token=link.token, _external=True)
    return HandOut(link.key, role, link.label, address, _picture(address), day(link.expires_at.astimezone()))


def _picture(address: str) -> str:
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2))


def as_csv(links: Sequence[HandOut]) -> str:
    """Return the links as a CSV file inside an address, so that nothing secret is stored for the download."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([translate("编号"), translate("角色"), translate("代称"), translate("链接"), translate("有效期至")])
    for link in links:
        row = (link.key, link.role.in_locale(locale()), link.label or "", link.address, link.until)
        rows.writerow([written_cell(cell) for cell in row])
    return "data:text/csv;charset=utf-8;base64," + b64encode(("\ufeff" + text.getvalue()).encode()).decode()


def only_here() -> bool:
    """Tell whether this site was opened by an address that only this computer understands."""
    return (request.host.rpartition(":")[0] or request.host) in LOOPBACK or request.host in LOOPBACK


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of differences; `own_at`, `consultants_at`: places on the drawing, 0 to 100."""

    difference: Difference
    depth: int
    own_at: float | None
    consultants_at: float | None


def rows(framework: Framework, found: Differences) -> tuple[Row, ...]:
    """Return the whole and everything above the elements, in the order of the framework."""
    inner = [_row(framework, one, len(framework.ancestors(one.node or ""))) for one in found.above]
    return (_row(framework, found.overall, 0), *inner)


def element_rows(framework: Framework, found: Differences) -> tuple[Row, ...]:
    """Return the elements that both sides have scored, the largest difference first."""
    return tuple(_row(framework, one, 0) for one in found.elements)


def _row(framework: Framework, difference: Difference, depth: int) -> Row:
    shown = difference.by is not None
    return Row(
        difference,
        depth,
        _place(framework, difference.own) if shown else None,
        _place(framework, difference.consultants) if shown else None,
    )


def _place(framework: Framework, value: Fraction | None) -> float | None:
    if value is None:
        return None
    scale = framework.scale
    return round(float((value - scale.minimum) / (scale.maximum - scale.minimum) * 100), 2)
