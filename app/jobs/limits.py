"""What one job may use. Knows rlimits; the job's own process sets them on itself before it loads anything."""

from __future__ import annotations

import resource
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Memory (address space, bytes), processor time and elapsed time (seconds) of one attempt.

    A report of 62 pages takes 300 MB and 9 s (docs/decisions); these leave room for ten times as much time.
    """

    memory: int = 3 * 512 * 1024 * 1024
    cpu: int = 120
    elapsed: int = 600


def apply(limits: Limits) -> None:
    """Limit this process; beyond the processor time it gets SIGXCPU, beyond the memory MemoryError."""
    _limit(resource.RLIMIT_AS, limits.memory, limits.memory)
    _limit(resource.RLIMIT_CPU, limits.cpu, limits.cpu + 5)
    _limit(resource.RLIMIT_CORE, 0, 0)


def _limit(what: int, soft: int, hard: int) -> None:
    _, allowed = resource.getrlimit(what)
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(what, (soft, hard))
