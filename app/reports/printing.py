"""Typescript in, PDF out, by a child process that is fed everything it may use."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from app.reports.enclosing import Enclosure
from app.reports.typesetting import Typescript

TIMEOUT = 600.0
PAGES = "pages"
WRITING = "writing"
_LINE = re.compile(r"^progress (?:page (\d+)|(writing))$")

Progress = Callable[[str, int], None]  # stage, pages so far


class PrintingFailed(Exception):  # noqa: N818 - named like the other refusals
    """The PDF could not be made; the message says why in one sentence."""


@dataclass
class _Told:
    """What the child has said."""

    last: list[str] = field(default_factory=list)


def print_pdf(
    typescript: Typescript,
    *,
    enclosure: Enclosure | None = None,
    progress: Progress | None = None,
    timeout: float = TIMEOUT,
) -> bytes:
    """Return the PDF of a typescript, with an enclosed file as PDF/A-3.

    Raises PrintingFailed when the child dies, is too slow or writes no PDF.
    """
    order = json.dumps(
        {
            "html": typescript.html,
            "assets": {
                name: (kind, base64.b64encode(body).decode()) for name, (kind, body) in typescript.assets.items()
            },
            "enclosure": enclosure and {**asdict(enclosure), "content": base64.b64encode(enclosure.content).decode()},
        }
    )
    with tempfile.TemporaryFile() as feed, tempfile.TemporaryFile() as sheet:
        feed.write(order.encode())
        feed.seek(0)
        told = _run(feed, sheet, progress, timeout)
        sheet.seek(0)
        written = sheet.read()
    if not written.startswith(b"%PDF-"):
        raise PrintingFailed(f"the report could not be printed: {' '.join(told.last[-1:]) or 'no PDF was written'}")
    return written


def _run(feed: IO[bytes], sheet: IO[bytes], progress: Progress | None, timeout: float) -> _Told:
    child = subprocess.Popen(
        [sys.executable, "-m", "app.reports.pressing"],
        stdin=feed,
        stdout=sheet,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        env={name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
    )
    told = _Told()
    alarm = threading.Timer(timeout, child.kill)
    alarm.start()
    try:
        with child:
            assert child.stderr is not None
            for line in child.stderr:
                _heard(line.rstrip(), told, progress)
    finally:
        alarm.cancel()
    if child.returncode:
        raise PrintingFailed(_reason(child.returncode, told))
    return told


def _heard(line: str, told: _Told, progress: Progress | None) -> None:
    found = _LINE.match(line)
    if found is None:
        if line.strip():
            told.last = [*told.last[-20:], line.strip()]
    elif progress is not None:
        progress(WRITING if found[2] else PAGES, int(found[1] or 0))


def _reason(code: int, told: _Told) -> str:
    if -code in (signal.SIGKILL, signal.SIGXCPU):
        return "the report took too long or too much memory to print; choose fewer assessments"
    if any("MemoryError" in line for line in told.last):
        return "the report needs more memory than printing may use; choose fewer assessments"
    return f"the report could not be printed: {told.last[-1] if told.last else f'exit code {code}'}"
