"""How many examples a law is tried on: few by day, many in `make nightly`. Knows Hypothesis, no test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

DAY = "day"
NIGHTLY = "nightly"
_ALL = 100  # what Hypothesis tries when it is not told otherwise
_BY_DAY = 25


def register_profiles() -> None:
    """Register both profiles and begin with that of the day; machines are busy, so no example has a deadline."""
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile(NIGHTLY, patient, max_examples=_ALL)
    settings.register_profile(DAY, patient, max_examples=_BY_DAY)
    settings.load_profile(DAY)


def examples(by_night: int, *, least: int = 5) -> int:
    """Return how many examples to try of what takes `by_night` in the night, by day at least `least`."""
    return max(min(least, by_night), by_night * settings().max_examples // _ALL)
