"""The tables of reports and of the jobs that render them. Same rules as `tables`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables import KEY, Base


class ReportRow(Base):
    """A report of an engagement, as asked for: template, assessments, benchmark, weights, method. Language and file
    format are those of each rendering (a job).
    """

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    template: Mapped[str] = mapped_column(String(KEY))
    parameters: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    archived_at: Mapped[datetime | None]


class ReportSentenceRow(Base):
    """A sentence of a report that somebody wrote in place of the machine's; `text` None: the machine's stands again.

    `slot` names its place in the report; `machine` is what the machine said there when it was edited.
    """

    __tablename__ = "report_sentence"
    __table_args__ = (UniqueConstraint("report_id", "locale", "slot"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    locale: Mapped[str] = mapped_column(String(5))
    slot: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None]
    machine: Mapped[str]
    version: Mapped[int]
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ReportSentenceRevisionRow(Base):
    """Every wording that a sentence of a report ever had. Append-only."""

    __tablename__ = "report_sentence_revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    sentence_id: Mapped[int] = mapped_column(ForeignKey("report_sentence.id"), index=True)
    version: Mapped[int]
    before: Mapped[str | None]
    after: Mapped[str | None]
    machine: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class JobRow(Base):
    """Work done in the background. `state`: queued, running, done, failed, cancelled; `progress` 0 to 100.

    A running job is leased to a worker until `leased_until`; `attempt` counts claims and fences a former worker off.
    `report_id` is the report that it renders, `parent_id` the batch that it is a part of, `content_hash` what its
    file was made from, `pages` how many pages that has.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state", "state", "id"), Index("ix_job_content_hash", "content_hash"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    parameters: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20))
    progress: Mapped[int]
    stage: Mapped[str | None] = mapped_column(String(40))
    attempt: Mapped[int]
    leased_until: Mapped[datetime | None]
    failure: Mapped[str | None]
    result: Mapped[str | None]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), index=True)
    content_hash: Mapped[str | None] = mapped_column(String(64))
    pages: Mapped[int | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
