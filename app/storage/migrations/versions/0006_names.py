"""Names stand in one place, and what was erased is not mistaken for what comes later.

Records of upgrades lose the names of respondents and interviewers that they had copied. SQLite gives the number of a
deleted row out again; tables whose numbers are known outside (trail, links, devices with unsent answers) no longer do.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAMES = ("respondent", "interviewer")
NUMBERED_ONCE = (
    "engagement",
    "assessment",
    "respondent",
    "interview",
    "personal_link",
    "finding",
    "attachment",
    "report",
    "job",
    "account_link",
    "sign_in",
)
NEVER_CHANGED = "upgrade"


def upgrade() -> None:
    """Blank the names in records of upgrades; let no number be used twice."""
    _blank_names()
    if op.get_bind().dialect.name == "sqlite":
        for table in NUMBERED_ONCE:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
                pass


def _blank_names() -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text(f"SELECT id, record FROM {NEVER_CHANGED}")).all()  # noqa: S608 - our own table
    blanked = [(number, text) for number, record in rows if (text := _without_names(record)) != record]
    if not blanked:
        return
    refusal = _take_refusal()
    for number, text in blanked:
        bind.execute(
            sa.text(f"UPDATE {NEVER_CHANGED} SET record = :record WHERE id = :id"),  # noqa: S608
            {"record": text, "id": number},
        )
    _give_back(refusal)


def _without_names(record: str) -> str:
    document = json.loads(record)
    for interview in document.get("interviews", ()):
        for name in NAMES:
            interview.pop(name, None)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _take_refusal() -> str:
    """Let the table be changed; return what refused it (SQLite)."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {NEVER_CHANGED} DISABLE TRIGGER {NEVER_CHANGED}_append_only")
        return ""
    trigger = f"{NEVER_CHANGED}_no_update"
    words = bind.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": trigger}).scalar_one()
    op.execute(f"DROP TRIGGER {trigger}")
    return str(words)


def _give_back(refusal: str) -> None:
    if refusal:
        op.get_bind().exec_driver_sql(refusal)
    else:
        op.execute(f"ALTER TABLE {NEVER_CHANGED} ENABLE TRIGGER {NEVER_CHANGED}_append_only")
