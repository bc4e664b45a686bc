"""The tables of trust: who belongs to which engagement, second factors, links, the trail, what was published.

Same rules as `tables`. The trail and what was published are append-only; they hold ids, never names.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables import KEY, Base


class MembershipRow(Base):
    """What a user is in an engagement. `part`: lead, consultant, observer, executive."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "engagement_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    part: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SecondFactorRow(Base):
    """A user's time-based one-time codes. `last_step`: the newest time step whose code was used (each works once)."""

    __tablename__ = "second_factor"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    secret: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None]


class RecoveryCodeRow(Base):
    """A code that stands in once for the second factor; this row holds its hash."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class IdentityRow(Base):
    """Who a user is to an OpenID Connect provider: the pair of issuer and subject, never the e-mail address."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(400))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountLinkRow(Base):
    """A link by which somebody makes an account (`kind` invitation) or chooses a new password (reset), once.

    This row holds the token's hash. `role` is that of the account to be made, `part` what it will be in
    `engagement_id`; `user_id` is whose password is reset, or who came of the invitation. `label` says whom it is for
    and is blanked when the link is used or ended.
    """

    __tablename__ = "account_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str | None]
    role: Mapped[str | None] = mapped_column(String(20))
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    part: Mapped[str | None] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SignInAttemptRow(Base):
    """A failed sign-in, for throttling. Name and address stand as keyed hashes; old rows are removed."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
        Index("ix_sign_in_attempt_at", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AuditEventRow(Base):
    """Something that must be answered for. Append-only; ids without references, so that it outlives what it names.

    `kind`: what happened, in dotted words (`sign-in.failed`). `details`: ids, codes, numbers; no names, no texts.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_engagement", "engagement_id", "id"),
        Index("ix_audit_event_assessment", "assessment_id", "element", "id"),
        Index("ix_audit_event_user", "user_id", "id"),
        Index("ix_audit_event_kind", "kind", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None]
    engagement_id: Mapped[int | None]
    assessment_id: Mapped[int | None]
    element: Mapped[str | None] = mapped_column(String(KEY))
    object_kind: Mapped[str | None] = mapped_column(String(20))
    object_id: Mapped[int | None]
    details: Mapped[dict[str, Any] | None]
    request: Mapped[str | None] = mapped_column(String(16))


class PublishedResultRow(Base):
    """What an assessment said when it was published. Append-only.

    `document`: canonical JSON of the result (judgements, figures of every node, coverage, method, weights); `hash` its
    SHA-256; `program`: the version that computed it.
    """

    __tablename__ = "published_result"
    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), unique=True)
    revision: Mapped[int]
    document: Mapped[str]
    hash: Mapped[str] = mapped_column(String(64), index=True)
    framework_hash: Mapped[str] = mapped_column(String(64))
    program: Mapped[str] = mapped_column(String(40))
    note: Mapped[str | None]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class IssuedReportRow(Base):
    """A file of a report as it was handed out. Append-only.

    `code` is printed in it; `data_hash` stands for the figures and words that it shows, `file_hash` for the file itself
    (None where the file cannot know its own hash yet). `results`: assessment, revision, state and result hash of each.
    """

    __tablename__ = "issued_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    job_id: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(40), index=True)
    data_hash: Mapped[str] = mapped_column(String(64), index=True)
    file_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    results: Mapped[dict[str, Any]]
    program: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime]


class ErasureRow(Base):
    """An engagement that was erased. While a row is open (`closed_at` None) histories may lose rows, else never.

    The row is opened and closed in the transaction that erases; it names no client. `counts`: rows erased, by table.
    """

    __tablename__ = "erasure"
    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None]
