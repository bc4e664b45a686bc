"""What a database that was brought back must let go of: who was signed in, links that may have been used since."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.storage.tables import SignInRow
from app.storage.trust_tables import AccountLinkRow


def end_sign_ins(session: Session, at: datetime) -> int:
    """End every sign-in that has not ended; return how many."""
    ended = session.execute(update(SignInRow).where(SignInRow.ended_at.is_(None)).values(ended_at=at))
    return cast("CursorResult[object]", ended).rowcount


def end_account_links(session: Session, at: datetime) -> int:
    """End every invitation and reset link that is open; return how many."""
    open_ones = AccountLinkRow.used_at.is_(None), AccountLinkRow.ended_at.is_(None)
    ended = session.execute(update(AccountLinkRow).where(*open_ones).values(ended_at=at, label=None))
    return cast("CursorResult[object]", ended).rowcount
