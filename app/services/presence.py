"""Who else is in an interview: told by their pages every half minute, forgotten when they fall silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.services.refusals import NotFound
from app.storage import interviews, presence

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Database

STALE_AFTER = timedelta(seconds=70)  # two pings that did not come, and a little
FRESH_ENOUGH = timedelta(seconds=20)  # a page opened right after another writes nothing
LONGEST_ELEMENT = 120


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody else in the same interview and the element that is open there."""

    name: str
    element: str | None


def tell_presence(
    database: Database, *, interview_id: int, element: str | None, actor: Actor, clock: Clock
) -> tuple[Editor, ...]:
    """Note where a user is in an interview; return the others. Raises NotFound.

    A database that cannot be written just now changes nothing: presence is worth no error.
    """
    now = clock()
    with database.read() as session:
        if interviews.interview(session, interview_id) is None:
            raise NotFound("interview", interview_id)
        seen = presence.present(session, interview_id, now - STALE_AFTER)
    own = next((one for one in seen if one.user_id == actor.user_id), None)
    if element is not None and len(element) > LONGEST_ELEMENT:
        element = None
    if own is None or own.element != element or now - own.seen_at > FRESH_ENOUGH:
        _note(database, interview_id, element, actor, clock)
    return tuple(Editor(one.user_name, one.element) for one in seen if one.user_id != actor.user_id)


def _note(database: Database, interview_id: int, element: str | None, actor: Actor, clock: Clock) -> None:
    now = clock()
    try:
        with database.begin() as session:
            presence.set_presence(session, interview_id=interview_id, user_id=actor.user_id, element=element, at=now)
    except database.failures:
        return
