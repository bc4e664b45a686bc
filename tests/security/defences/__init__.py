"""Which defences are switched off by night, and which tests have to notice it: the table, by what they defend."""

from __future__ import annotations

from tests.security.defences import answers, content, files, inputs, pages, serving, signing
from tests.security.defences.rows import Defence

ROWS: tuple[Defence, ...] = (
    *content.ROWS,
    *files.ROWS,
    *pages.ROWS,
    *serving.ROWS,
    *signing.ROWS,
    *answers.ROWS,
    *inputs.ROWS,
)
