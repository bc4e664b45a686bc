"""Two engagements with things of every kind, on the disk, to be erased and exported; copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from app.core.text import Text
from app.services import account_links, accounts, interviewing
from app.services.engagements import get_engagement, rename_engagement
from app.services.permissions import Actor, Part
from app.storage.database import Database
from app.storage.report_tables import ReportSentenceRevisionRow, ReportSentenceRow
from app.storage.tables import AcceptedWarningRow, AnswerRow, EvidenceNoteRow, PresenceRow, PublishedFigureRow
from app.storage.trust_tables import IssuedReportRow, PublishedResultRow
from tests.conftest import FixedClock
from tests.web.conftest import NOON
from tests.web.walls.world import FIRM, build

if TYPE_CHECKING:
    from app.services.jobs import Queue
    from app.settings import Settings
    from app.storage.database import Session

NAME = "李经理"  # who was asked in the firm
PLACE = "五四路李经理办公室"
CLIENT = "南海移动有限公司"  # what the firm is called


@dataclass
class House:
    """An installation with two engagements. `ids`: a thing of every kind of the firm."""

    database: Database
    settings: Settings
    clock: FixedClock
    ids: dict[str, Any]
    engagement_id: int

    @property
    def chief(self) -> Actor:
        """An administrator."""
        with self.database.read() as session:
            return actor_of(session, "administrator")

    def member(self, part: Part) -> Actor:
        """A member of the firm, acting there."""
        with self.database.read() as session:
            found = actor_of(session, part.value)
        return replace(found, memberships={self.engagement_id: part}).within(self.engagement_id)


def furnish(demo: Path, settings: Settings, content: Path, queue: Queue) -> House:
    """Make everything, in the data folder of the settings."""
    clock = FixedClock(NOON)
    world = build(demo, settings, content, clock, queue)
    world.database.dispose()
    database = Database(settings.database_url)
    ids = dict(world.open)
    with database.begin() as session:
        engagement_id = get_engagement(session, FIRM).id
        _complete(session, engagement_id, ids, clock)
    return House(database, settings, clock, ids, engagement_id)


def _complete(session: Session, engagement_id: int, ids: dict[str, Any], clock: FixedClock) -> None:
    """Add what a world of walls has no use for, so that no table of an engagement is empty."""
    rename_engagement(session, FIRM, Text(CLIENT))
    particulars = interviewing.Particulars(NAME, "顾问甲", date(2026, 3, 2), NOON + timedelta(days=1), PLACE)
    interviewing.describe_interview(session, ids["interview_id"], particulars)
    chief = actor_of(session, "administrator")
    account_links.invite_member(session, engagement_id, Part.EXECUTIVE, days=7, actor=chief, clock=clock, label="赵总")
    of_assessment = {"assessment_id": ids["assessment_id"]}
    of_answer = select(AnswerRow.id).where(AnswerRow.interview_id == ids["interview_id"]).limit(1)
    sentence = {"locale": "zh", "slot": "s", "text": "t", "machine": "m", "version": 1, "updated_at": NOON}
    hashes = {"hash": "0" * 64, "framework_hash": "0" * 64}
    rows: list[tuple[Any, dict[str, Any]]] = [
        (PresenceRow, {"interview_id": ids["interview_id"], "user_id": chief.user_id, "seen_at": NOON}),
        (PublishedFigureRow, {**of_assessment, "node": "kept", "figure": "1.5"}),
        (AcceptedWarningRow, {**of_assessment, "code": "c", "element": "", "reason": "人手不够", "accepted_at": NOON}),
        (
            PublishedResultRow,
            {**of_assessment, **hashes, "revision": 1, "document": "{}", "program": "1", "published_at": NOON},
        ),
        (
            IssuedReportRow,
            {
                "engagement_id": engagement_id,
                "code": "c",
                "data_hash": "0" * 64,
                "results": {},
                "program": "1",
                "issued_at": NOON,
            },
        ),
        (EvidenceNoteRow, {"answer_id": session.execute(of_answer).scalar_one(), "key": "k", "tick": "seen"}),
        (ReportSentenceRow, {"report_id": ids["report_id"], **sentence}),
    ]
    for table, values in rows:
        session.execute(insert(table).values(**values))
    sentence_id = session.execute(select(ReportSentenceRow.id)).scalars().first()
    worded = {"sentence_id": sentence_id, "version": 1, "machine": "m", "at": NOON}
    session.execute(insert(ReportSentenceRevisionRow).values(**worded))


def actor_of(session: Session, name: str) -> Actor:
    """Return an account of the world as who asks, outside of engagements."""
    user = accounts.get_user(session, name)
    return Actor(user.id, user.name, user.display_name, user.role)


def moved(house: House, data: Path) -> Iterator[House]:
    """Copy a house into another data folder, for one test."""
    house.database.dispose()
    shutil.copytree(house.settings.data, data)
    settings = replace(house.settings, data=data, database_url=f"sqlite:///{data / 'crm-maturity.db'}")
    database = Database(settings.database_url)
    yield House(database, settings, FixedClock(NOON), house.ids, house.engagement_id)
    database.dispose()
