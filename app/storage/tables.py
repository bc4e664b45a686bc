"""The tables. Scores stand as whole steps above the scale's minimum; exact decimals as text; times in UTC.

Computed figures are never stored. Names of respondents live in `respondent` alone. Revisions are append-only
(triggers in the migrations refuse UPDATE and DELETE).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEY = 64  # longest id that a content file may use


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: aware on both sides, stored as naive UTC so that SQLite and PostgreSQL agree."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must know its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware time in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, date: Date, dict[str, Any]: JSON(none_as_null=True), str: Text}  # noqa: RUF012


class UserRow(Base):
    """Someone who signs in. `role`: administrator, consultant, editor, reader.

    `password_hash` is empty where only a single sign-on lets the user in. `password_until`: when a password that its
    user did not choose runs out; None for one that lasts.
    """

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    password_until: Mapped[datetime | None]


class SignInRow(Base):
    """One signed-in browser; the cookie holds the token, this row its hash.

    `device`: a short name of browser and system. `factors`: password, password+code, password+recovery, oidc.
    `proved_at`: when the user last proved who they are (for what asks for that again).
    """

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str | None] = mapped_column(String(80))
    factors: Mapped[str | None] = mapped_column(String(40))
    proved_at: Mapped[datetime | None]


class SnapshotRow(Base):
    """A framework or questionnaire version as it was when first used; never changed."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("kind", "hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(KEY))
    version: Mapped[str] = mapped_column(String(40))
    hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[str]
    created_at: Mapped[datetime]


class EngagementRow(Base):
    """A client's units, rounds and assessments: the wall between clients."""

    __tablename__ = "engagement"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY), unique=True)
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    archived_at: Mapped[datetime | None]


class UnitRow(Base):
    """An organisation in the unit tree of an engagement."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("engagement_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    key: Mapped[str] = mapped_column(String(KEY))
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    kind: Mapped[str | None] = mapped_column(String(KEY))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    size: Mapped[str | None] = mapped_column(String(40))
    position: Mapped[int]
    archived_at: Mapped[datetime | None]


class RoundRow(Base):
    """A round of assessments in an engagement."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("engagement_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    key: Mapped[str] = mapped_column(String(KEY))
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    date: Mapped[date | None]
    position: Mapped[int]
    archived_at: Mapped[datetime | None]


class AssessmentRow(Base):
    """A unit in a round, pinned to a framework snapshot. A re-import is a further `revision`; the highest is current.

    `state`: draft, in-progress, review, published. `source` holds the case's source, keys as in formats.md.
    `correction`: why this revision was begun after the one before it was published.
    """

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("unit_id", "round_id", "framework_key", "revision"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    framework_key: Mapped[str] = mapped_column(String(KEY))
    revision: Mapped[int]
    key: Mapped[str] = mapped_column(String(KEY))
    framework_snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    questionnaire_reference: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20))
    source: Mapped[dict[str, Any] | None]
    published_decimals: Mapped[int | None]
    minimum_roles: Mapped[int | None]  # None: as the framework says
    shows_previous: Mapped[bool] = mapped_column(server_default=true())
    correction: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    archived_at: Mapped[datetime | None]


class PublishedFigureRow(Base):
    """A figure printed by the source, kept apart from what is computed; exact decimal text."""

    __tablename__ = "published_figure"
    __table_args__ = (UniqueConstraint("assessment_id", "node"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    node: Mapped[str] = mapped_column(String(KEY))
    figure: Mapped[str] = mapped_column(String(40))


SCORED = "(state IN ('scored', 'inferred')) = (steps IS NOT NULL)"


class AgreedScoreRow(Base):
    """The agreed judgement of one element of an assessment."""

    __tablename__ = "agreed_score"
    __table_args__ = (UniqueConstraint("assessment_id", "element"), CheckConstraint(SCORED, name="scored"))
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    element: Mapped[str] = mapped_column(String(KEY))
    state: Mapped[str] = mapped_column(String(20))
    steps: Mapped[int | None]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    method: Mapped[str | None] = mapped_column(String(KEY))
    confidence: Mapped[str | None] = mapped_column(String(10))
    version: Mapped[int]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime]


class AgreedScoreRevisionRow(Base):
    """Every value an agreed score ever had. Append-only."""

    __tablename__ = "agreed_score_revision"
    __table_args__ = (
        Index("ix_agreed_score_revision_element", "assessment_id", "element"),
        Index("ix_agreed_score_revision_mutation_id", "mutation_id", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    element: Mapped[str] = mapped_column(String(KEY))
    version: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    kind: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    mutation_id: Mapped[str | None] = mapped_column(String(64))
    base_version: Mapped[int | None]
    result: Mapped[dict[str, Any] | None]


class FindingRow(Base):
    """One finding about an element of an assessment, in order. `strength` of its evidence: 0 to 3."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_element", "assessment_id", "element"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    element: Mapped[str] = mapped_column(String(KEY))
    position: Mapped[int]
    text_zh: Mapped[str | None]
    text_en: Mapped[str | None]
    strength: Mapped[int | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    archived_at: Mapped[datetime | None]


class FindingSourceRow(Base):
    """Who said what a finding says: a link to an interview. Never shown to executives."""

    __tablename__ = "finding_source"
    __table_args__ = (UniqueConstraint("finding_id", "interview_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)


class FindingRevisionRow(Base):
    """Every wording a finding ever had, its order, its sources. Append-only.

    `kind`: normal, conflict-lost, archived, restored.
    """

    __tablename__ = "finding_revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class AttachmentRow(Base):
    """A file that shows something about an element of an assessment. `stored_as` is its name in the data folder.

    `label` is what the user's file was called; it names nothing on our disk. `size` in bytes.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_element", "assessment_id", "element"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    element: Mapped[str] = mapped_column(String(KEY))
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interview.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    stored_as: Mapped[str] = mapped_column(String(80), unique=True)
    label: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    archived_at: Mapped[datetime | None]


class AcceptedWarningRow(Base):
    """A warning at the end of an interview, or of an assessment, that somebody accepted with a reason.

    `element` is empty where the warning is about the whole; `interview_id` is None where it is about the assessment.
    """

    __tablename__ = "accepted_warning"
    __table_args__ = (Index("ix_accepted_warning_assessment", "assessment_id", "interview_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interview.id"))
    code: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(KEY))
    reason: Mapped[str]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class RespondentRow(Base):
    """Who was interviewed: the only place that holds a respondent's label."""

    __tablename__ = "respondent"
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    label: Mapped[str | None]


class InterviewRow(Base):
    """One respondent in one role. `state`: draft, in-progress, submitted, changes-requested, closed.

    An appointment is an interview in state draft with `starts_at`. `opens_with`: the first-tier capability that is
    asked first (None: the questionnaire's order). `request`: what a reviewer wants changed.
    """

    __tablename__ = "interview"
    __table_args__ = (UniqueConstraint("assessment_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    key: Mapped[str] = mapped_column(String(KEY))
    questionnaire_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"))
    questionnaire_reference: Mapped[str | None] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(KEY))
    respondent_id: Mapped[int] = mapped_column(ForeignKey("respondent.id"))
    interviewer: Mapped[str | None]
    date: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    place: Mapped[str | None]
    opens_with: Mapped[str | None] = mapped_column(String(KEY))
    request: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    archived_at: Mapped[datetime | None]


class AnswerRow(Base):
    """What one interview says of one element; no row is open. `version` counts saves, for conditional updates."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("interview_id", "element"), CheckConstraint(SCORED, name="scored"))
    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    element: Mapped[str] = mapped_column(String(KEY))
    state: Mapped[str] = mapped_column(String(20))
    steps: Mapped[int | None]
    suggested: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None]
    note: Mapped[str | None]
    confidence: Mapped[str | None] = mapped_column(String(10))
    evidence_strength: Mapped[int | None]
    questions: Mapped[dict[str, Any] | None]
    version: Mapped[int]
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class EvidenceNoteRow(Base):
    """One piece of evidence ticked in an answer: told or seen."""

    __tablename__ = "evidence_note"
    __table_args__ = (UniqueConstraint("answer_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    key: Mapped[str] = mapped_column(String(KEY))
    tick: Mapped[str] = mapped_column(String(10))


class AnswerRevisionRow(Base):
    """Every save of an answer, the losing side of a conflict too. Append-only; a mutation id stands once.

    `kind`: normal, parallel, conflict-lost, import.
    """

    __tablename__ = "answer_revision"
    __table_args__ = (Index("ix_answer_revision_element", "interview_id", "element"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    element: Mapped[str] = mapped_column(String(KEY))
    mutation_id: Mapped[str] = mapped_column(String(64), unique=True)
    base_version: Mapped[int]
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class PresenceRow(Base):
    """Who has an interview open, and where: kept fresh by the page, stale after a minute."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("interview_id", "user_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    element: Mapped[str | None] = mapped_column(String(KEY))
    seen_at: Mapped[datetime]


class PersonalLinkRow(Base):
    """A link by which a respondent fills in a self-assessment without an account; this row holds the token's hash."""

    __tablename__ = "personal_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
