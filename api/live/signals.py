"""Word of a change, to every process: PostgreSQL NOTIFY on the channel `live`, sent with the commit of what changed.

The payload says whom it is about, never what: `{"about": conversation id or "queue"}`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncSession

logger = logging.getLogger(__name__)
CHANNEL = "live"
RETRY_S = 1.0


async def publish(session: AsyncSession, about: object = "queue") -> None:
    """Tell who listens that something changed. They hear it when the session commits."""
    await session.execute(text("SELECT pg_notify(:channel, :about)"), {"channel": CHANNEL, "about": str(about)})


class Signals:
    """The listeners of this process, on one connection of its own."""

    def __init__(self, database_url: str) -> None:
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._listeners: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def listen(self) -> Iterator[asyncio.Event]:
        """An event that is set at each change; whoever waits for it clears it before reading again."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._relay())
        changed = asyncio.Event()
        self._listeners.add(changed)
        try:
            yield changed
        finally:
            self._listeners.discard(changed)

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _relay(self) -> None:
        while True:
            try:
                async with self._connection() as connection:
                    self._wake()  # what was said while nobody listened
                    async for _ in connection.notifies():
                        self._wake()
            except psycopg.Error as error:
                logger.warning("live notifications stopped: %s", type(error).__name__)
            await asyncio.sleep(RETRY_S)  # before connecting again

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection]:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=3, application_name="aiguillage live"
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            yield connection

    def _wake(self) -> None:
        for changed in self._listeners:
            changed.set()
