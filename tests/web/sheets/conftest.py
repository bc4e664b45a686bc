"""The open interview in Fuzhou, for the pages about its paper and workbooks."""

from __future__ import annotations

from tests.web.interviews.conftest import ann, held, reader, stranger

__all__ = ["ann", "held", "reader", "stranger"]
