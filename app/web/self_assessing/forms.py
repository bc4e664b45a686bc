"""The posted form that makes links: how many for which role, with which labels, good for how long."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.i18n import msgid
from app.services.personal_links import MOST_AT_ONCE, USUAL_DAYS, Wanted

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.core.questionnaire import Questionnaire

BETWEEN_LABELS = re.compile(r"[\r\n,，;；、]+")
FORM_ID = re.compile(r"[\w-]{32}", re.ASCII)
NOT_A_COUNT = msgid("份数请填 0 到 %(most)s 的整数。")


@dataclass(frozen=True, slots=True)
class Order:
    """What the form asked for. `faults`: (field id, msgid) of counts that are no numbers."""

    wanted: tuple[Wanted, ...]
    days: int
    faults: tuple[tuple[str, str], ...] = ()


def posted_order(form: MultiDict[str, str], questionnaire: Questionnaire) -> Order:
    """Return what was posted: every label is one link, and a count above the labels adds links without a label."""
    wanted: list[Wanted] = []
    faults = []
    for role in questionnaire.roles:
        labels = [label.strip() for label in BETWEEN_LABELS.split(form.get(f"labels.{role.id}", "")) if label.strip()]
        count = _count(form.get(f"count.{role.id}", ""))
        if count is None:
            faults.append((f"count-{role.id}", NOT_A_COUNT))
            continue
        wanted += [Wanted(role.id, label) for label in labels]
        wanted += [Wanted(role.id)] * (count - len(labels))
    return Order(tuple(wanted), posted_days(form), tuple(faults))


def posted_form_id(form: MultiDict[str, str]) -> str:
    """Return what tells this form from every other: what was posted, else a new one."""
    written = form.get("form", "")
    return written if FORM_ID.fullmatch(written) else secrets.token_urlsafe(24)


def posted_days(form: MultiDict[str, str]) -> int:
    """Return for how many days a link is to be good; the usual number if the form does not say."""
    written = form.get("days", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else USUAL_DAYS


def _count(written: str) -> int | None:
    digits = unicodedata.normalize("NFKC", written).strip()
    if not digits:
        return 0
    if not digits.isascii() or not digits.isdigit() or len(digits) > 4:
        return None
    return int(digits) if int(digits) <= MOST_AT_ONCE else None
