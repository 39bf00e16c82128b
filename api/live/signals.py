"""Word of a change, to every process: PostgreSQL NOTIFY, sent with the commit of what changed.

Agents' pages listen on the channel `live`, whose payload says whom it is about, never what: a conversation id or "queue".
Learners hear of their own conversation through its stream (`api/conversations/events.py`): the event `live`, without data.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psycopg
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import events
from api.db.models import Handover

logger = logging.getLogger(__name__)
CHANNEL = "live"
LEARNER_EVENT = "live"
_WAITING = select(Handover.conversation_id).where(Handover.status == "waiting")
RETRY_S = 1.0


async def publish(session: AsyncSession, about: object = "queue", *, queue: bool = False) -> None:
    """Tell the staff, and the learner when it is about a conversation. They hear it when the session commits.

    `queue`: places in the queue changed, and all who wait are told.
    """
    await tell_staff(session, about)
    if isinstance(about, uuid.UUID):
        await events.publish(session, about, LEARNER_EVENT)
    if queue:
        for conversation_id in (await session.scalars(_WAITING)).all():
            await events.publish(session, conversation_id, LEARNER_EVENT)


async def tell_staff(session: AsyncSession, about: object) -> None:
    """The same, for what the learner did and knows."""
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
