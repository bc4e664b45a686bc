"""What a room asks for again and again, made once: answers about the newest versions of assessments, per process.

A version changes with everything that such an answer shows, so nothing kept is ever out of date; it is only forgotten.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from flask import current_app

Value = TypeVar("Value")

EXTENSION = "agreeing-kept"
MOST = 64


class Kept:
    """The last values that were made, by key; whoever asks for one that is just being made waits for it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.RLock()  # making one value may ask for another
        self._values: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of `key`, from `make` where it is not kept. A key stands for one kind of value."""
        with self._lock:
            if key not in self._values:
                self._values[key] = make()
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
            self._values.move_to_end(key)
            return cast("Value", self._values[key])


def kept() -> Kept:
    """Return what this application keeps."""
    found: Kept = current_app.extensions.setdefault(EXTENSION, Kept())
    return found
