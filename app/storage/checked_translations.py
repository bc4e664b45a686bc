"""Pairs of texts that somebody read side by side and found to say the same, known by the hashes of both."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.storage.editing_tables import CheckedTranslationRow

Pair = tuple[str, str, str]  # place, hash of the Chinese, hash of the English


def checked_pairs(session: Session, *, kind: str, key: str) -> frozenset[Pair]:
    """Return every pair of one content that was checked."""
    row = CheckedTranslationRow
    wanted = select(row.place, row.zh_hash, row.en_hash).where(row.kind == kind, row.key == key)
    return frozenset((place, zh, en) for place, zh, en in session.execute(wanted))


def insert_checked(session: Session, pair: Pair, *, kind: str, key: str, user_id: int, at: datetime) -> None:
    """Store that a pair was checked; the same pair must not be stored yet."""
    place, zh_hash, en_hash = pair
    session.execute(
        insert(CheckedTranslationRow).values(
            kind=kind, key=key, place=place, zh_hash=zh_hash, en_hash=en_hash, checked_by=user_id, checked_at=at
        )
    )
