"""Files that somebody uploads are parsed in a process of their own: with little memory, little time and no secrets.

Whatever a file does to a parser (hang, swallow memory, crash it, or worse) it does to a process that holds nothing,
may write no file, and is gone a moment later. Run as a program, this module is that process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import Any

from app.services.inspecting import FIELD, Inspected, inspect, refuse_at_sight
from app.services.refusals import Invalid

MEMORY = 3 * 512 * 1024 * 1024  # bytes of address space, as for a report
CPU = 20  # seconds of processor time; the largest picture takes three
ELAPSED = 60.0  # seconds, on a machine that is busy with other things
KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
COMMAND = (sys.executable, "-m", "app.services.confining")
_ONE_AT_A_TIME = threading.Lock()  # a decoded picture may need 200 MB


def inspect_apart(content: bytes, *, name: str, largest: int) -> Inspected:
    """Do what `inspect` does, in a process of its own; raises Invalid as it does.

    A file that takes too much of anything is refused as unreadable.
    """
    refuse_at_sight(content, largest)
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    asked = json.dumps({"name": name, "largest": largest}).encode() + b"\n" + content
    try:
        with _ONE_AT_A_TIME:
            done = subprocess.run(  # noqa: S603 - our own argv
                COMMAND, input=asked, env=environment, capture_output=True, timeout=ELAPSED, check=False
            )
    except subprocess.TimeoutExpired as late:
        raise _too_costly(content) from late
    if done.returncode != 0:
        raise _too_costly(content)
    return _read(done.stdout)


def _too_costly(content: bytes) -> Invalid:
    code = "pdf-unreadable" if content.startswith(b"%PDF-") else "image-unreadable"
    return Invalid(FIELD, code, "reading the file took too much time or memory, or ended the process that read it")


def _read(answer: bytes) -> Inspected:
    line, _, rest = answer.partition(b"\n")
    told = json.loads(line)
    if "code" in told:
        raise Invalid(FIELD, told["code"], told["message"], **told["values"])
    size = told["size"]
    return Inspected(told["media_type"], told["label"], rest[:size], rest[size:] if told["preview"] else None)


def _answer(asked: bytes) -> bytes:
    line, _, content = asked.partition(b"\n")
    told = json.loads(line)
    try:
        found = inspect(content, name=told["name"], largest=told["largest"])
    except Invalid as refused:
        refusal = {"code": refused.code, "message": str(refused), "values": dict(refused.values)}
        return json.dumps(refusal).encode() + b"\n"
    head: dict[str, Any] = {
        "media_type": found.media_type,
        "label": found.label,
        "size": len(found.content),
        "preview": found.preview is not None,
    }
    return json.dumps(head).encode() + b"\n" + found.content + (found.preview or b"")


def _confine() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows; there the time alone is limited
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, allowed = resource.getrlimit(what)
        least = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(what, (least, least))


if __name__ == "__main__":
    _confine()
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))
