"""Circles among things that point at each other: prerequisites, conditions, units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def circles(pointers: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Return every circle that a walk in order of the keys closes, as its members with the first repeated at the end.

    Each pointer is followed once, so no circle is reported twice; a long chain does not use up the stack.
    """
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in pointers:
        if start in done:
            continue
        trail = {start: 0}  # insertion order is the order of the walk
        pending = [iter(pointers.get(start, ()))]
        while pending:
            following = next(pending[-1], None)
            if following is None:
                pending.pop()
                done.add(trail.popitem()[0])
            elif following in trail:
                found.append((*list(trail)[trail[following] :], following))
            elif following not in done:
                trail[following] = len(trail)
                pending.append(iter(pointers.get(following, ())))
    return found
