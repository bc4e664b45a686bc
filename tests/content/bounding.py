"""What stands below a `Bounded` may take so much processor time and hold so much memory, and no more."""

from __future__ import annotations

import re
import time
import tracemalloc
from pathlib import Path

LONGEST_SECONDS = 3.0  # a real file takes hundredths
MOST_MEMORY = 100_000_000  # bytes held at once, were it for a moment
_COUNTING_SLOWS = 5  # times, where memory is counted object by object
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_NEW_PEAK = "5"  # what makes Linux forget the peak of a process so far


class Bounded:
    """Fails where what stands below it takes too long or holds too much memory.

    On Linux the process itself is asked for its peak, which costs nothing and sees what C libraries hold. Elsewhere
    Python counts what it hands out.
    """

    def __enter__(self) -> None:
        self.asks = _forgets_peak()
        if self.asks:
            self.before = _kept("VmRSS")
        else:
            tracemalloc.start()
        self.began = time.process_time()

    def __exit__(self, *error: object) -> None:
        taken = time.process_time() - self.began
        if self.asks:
            held = _kept("VmHWM") - self.before
        else:
            held = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        if error[0] is None:
            assert taken < LONGEST_SECONDS * (1 if self.asks else _COUNTING_SLOWS), f"{taken:.1f} seconds"
            assert held < MOST_MEMORY, f"{held} bytes"


def _forgets_peak() -> bool:
    try:
        _CLEAR.write_text(_NEW_PEAK, "ascii")
    except OSError:
        return False
    return True


def _kept(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", _STATUS.read_text("ascii", "replace"), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024
