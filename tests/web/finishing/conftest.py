"""The fixtures of the interview pages: an open interview in Fuzhou and its visitors."""

from __future__ import annotations

from tests.web.interviews.conftest import ann, held, reader, stranger

__all__ = ["ann", "held", "reader", "stranger"]
