"""What every kind of background work tells of one of its jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.permissions import Action


@dataclass(frozen=True, slots=True)
class About:
    """What a job makes. `title` names it; `facts` are (label, value) in the reader's language.

    `back` is the page it was asked from (label, address), `engagement` that one's key, `page` the entry of its
    navigation; `file_name` what the download is called. `action` is what somebody must be allowed to do who fetches it,
    `looked_at_by` what who follows how far it is.
    """

    title: str
    file_name: str
    media_type: str
    facts: Sequence[tuple[str, str]] = ()
    back: tuple[str, str] | None = None
    engagement: str | None = None
    page: str | None = None
    help_page: str = "reports"
    action: Action = Action.REPORT
    looked_at_by: Action = Action.REPORT
