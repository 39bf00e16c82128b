"""A circuit breaker: after some failures in a row, stop waiting for what doesn't answer; try again now and then."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Closed: everything passes. Open: nothing passes until the pause is over, then one attempt decides.

    `threshold` failures in a row open it; each failed attempt doubles the pause, from `pause_s` to `longest_pause_s`.
    """

    def __init__(
        self,
        *,
        threshold: int = 3,
        pause_s: float = 1.0,
        longest_pause_s: float = 8.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threshold = threshold
        self._first_pause_s = pause_s
        self._longest_pause_s = longest_pause_s
        self._clock = clock
        self._failures = 0
        self._pause_s = pause_s
        self._open_until = 0.0

    @property
    def failures(self) -> int:
        """Failures in a row."""
        return self._failures

    def allows(self) -> bool:
        """True when an attempt may be made now. After a pause one attempt passes: others wait for its outcome."""
        if self._failures < self._threshold:
            return True
        if self._clock() < self._open_until:
            return False
        self._open_until = self._clock() + self._pause_s
        return True

    def succeeded(self) -> None:
        """The attempt worked: close."""
        self._failures = 0
        self._pause_s = self._first_pause_s

    def failed(self) -> None:
        """The attempt failed."""
        self._failures += 1
        if self._failures >= self._threshold:
            self._open_until = self._clock() + self._pause_s
            self._pause_s = min(self._pause_s * 2, self._longest_pause_s)
