"""One conversation for a first message, however many times it is sent: a double click, a retry after a cut.

The first message comes without a cookie, so its own random id is what tells that it is the same one. Kept in this
process: with several processes, send those who have no cookie yet to the same one.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from fastapi import Request

from api.widget.visitor import Visitor

KEPT = 2048
KEPT_S = 600.0


class Openings:
    """The conversations opened lately, by the id of their first message."""

    def __init__(self) -> None:
        self._opened: OrderedDict[str, tuple[float, Visitor]] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def once(self, message_id: str, open_one: Callable[[], Awaitable[Visitor]]) -> Visitor:
        """The conversation that this first message opened, opened now if it did not yet."""
        lock = self._locks.setdefault(message_id, asyncio.Lock())
        async with lock:
            self._drop_old()
            if (kept := self._opened.get(message_id)) is not None:
                return kept[1]
            visitor = await open_one()
            self._opened[message_id] = (time.monotonic(), visitor)
            return visitor

    def of(self, message_id: str) -> Visitor | None:
        """The conversation that this message opened lately."""
        kept = self._opened.get(message_id)
        return kept[1] if kept else None

    def forget(self, message_id: str, visitor: Visitor) -> None:
        """This conversation is no more: the next `once` opens another."""
        if self.of(message_id) == visitor:
            del self._opened[message_id]

    def _drop_old(self) -> None:
        limit = time.monotonic() - KEPT_S
        while self._opened and (len(self._opened) >= KEPT or next(iter(self._opened.values()))[0] < limit):
            self._opened.popitem(last=False)


def get_openings(request: Request) -> Openings:
    """Those of this process."""
    state = request.app.state
    if getattr(state, "openings", None) is None:
        state.openings = Openings()
    openings: Openings = state.openings
    return openings
