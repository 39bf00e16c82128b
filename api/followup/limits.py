"""How often one address may ask for follow-up pages: enough for a person, too little for a program."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from fastapi import Request

from api.errors import TooMany

ASKED, FAILED = 120, 20  # pages of any kind, unknown links: each by minute and address, in one process
WINDOW_S = 60.0
ADDRESSES = 10_000


class TooManyPages(TooMany):
    """This address asks for more pages than a person reads."""

    detail = "Trop de demandes en peu de temps depuis votre connexion. Réessayez dans une minute."


class Limiter:
    """At most `most` events in `WINDOW_S` for each key. The oldest keys are let go beyond `ADDRESSES`."""

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def full(self, key: str) -> bool:
        """True when this key had all it may have."""
        times = self._times(key)
        return len(times) >= self._most

    def note(self, key: str) -> None:
        """One more."""
        times = self._times(key)
        times.append(self._clock())
        self._seen[key] = times
        self._seen.move_to_end(key)
        while len(self._seen) > ADDRESSES:
            self._seen.popitem(last=False)

    def _times(self, key: str) -> deque[float]:
        times = self._seen.get(key, deque())
        while times and times[0] < self._clock() - WINDOW_S:
            times.popleft()
        return times


class Limits:
    """One a process."""

    def __init__(self) -> None:
        self._asked, self._failed = Limiter(ASKED), Limiter(FAILED)

    def check(self, request: Request) -> None:
        """Count a page.

        Raises:
            TooManyPages: this address asked for too many.
        """
        key = _address(request)
        if self._asked.full(key) or self._failed.full(key):
            raise TooManyPages(retry_after_s=int(WINDOW_S))
        self._asked.note(key)

    def failed(self, request: Request) -> None:
        """The link was unknown."""
        self._failed.note(_address(request))


def limits_of(request: Request) -> Limits:
    """Those of this process."""
    if not hasattr(request.app.state, "followup_limits"):
        request.app.state.followup_limits = Limits()
    limits: Limits = request.app.state.followup_limits
    return limits


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
