"""What happens in a conversation, as it happens, to whoever follows it: another tab, another process, a live agent.

PostgreSQL carries the news (LISTEN/NOTIFY, one connection a process): a trigger announces each new message, and
`publish` announces anything else. News say that something changed; what changed is read from the tables, so that a lost
piece of news loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
import psycopg
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations.errors import UnknownConversation, WrongToken

logger = logging.getLogger(__name__)

CHANNEL = "aiguillage_conversations"
HEARTBEAT_S = 15.0  # proxies close what says nothing for 30 to 60 s
DEAF_S = 3.0  # how often the tables are read while no news can come
RECONNECT_S = 1.0
OVERLAP = 50  # messages of a conversation read again: ids are drawn before commits, which may come in another order
SIGNALS_KEPT = 20
Json = dict[str, Any]
Read = Callable[[int], Awaitable[list[Json]]]


async def publish(session: AsyncSession, conversation_id: uuid.UUID, event: str = "", data: Json | None = None) -> None:
    """Tell those who follow this conversation, when the caller commits; nothing is told if it does not.

    New messages need no call. `event` is for what is not kept (`typing`, `presence`…): one word, sent to streams under
    that name with `data` (at most some hundred bytes). Without it, followers read the conversation again.
    """
    news = f"{conversation_id} {orjson.dumps({'event': event, 'data': data or {}}).decode()}" if event else ""
    await session.execute(select(func.pg_notify(CHANNEL, news or str(conversation_id))))


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that happened and is not kept."""

    event: str
    data: Json


@dataclass(frozen=True, slots=True)
class Update:
    """What is new: messages (public objects with their `id`), signals; nothing of both is a heartbeat.

    `over`: the conversation is no more (erased, or too old), and the stream ends.
    """

    messages: tuple[Json, ...] = ()
    signals: tuple[Signal, ...] = ()
    over: bool = False


@dataclass(slots=True, eq=False)
class Subscription:
    """One who follows a conversation."""

    awake: asyncio.Event = field(default_factory=asyncio.Event)
    signals: deque[Signal] = field(default_factory=lambda: deque(maxlen=SIGNALS_KEPT))

    async def news(self, within_s: float) -> tuple[Signal, ...] | None:
        """The signals since the last call once something happened; None when nothing did in that time."""
        try:
            async with asyncio.timeout(within_s):
                await self.awake.wait()
        except TimeoutError:
            return None
        self.awake.clear()
        signals = tuple(self.signals)
        self.signals.clear()
        return signals


class Hub:
    """The listener of this process, and those who follow. It listens from the first follower on."""

    def __init__(self, database_url: str) -> None:
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._followers: dict[uuid.UUID, set[Subscription]] = {}
        self._task: asyncio.Task[None] | None = None
        self.listening = False
        self.closed = False

    @property
    def followers(self) -> int:
        """How many streams are open in this process."""
        return sum(len(found) for found in self._followers.values())

    def followers_of(self, conversation_id: uuid.UUID) -> int:
        """How many streams of this conversation are open in this process."""
        return len(self._followers.get(conversation_id, ()))

    @contextmanager
    def follow(self, conversation_id: uuid.UUID) -> Iterator[Subscription]:
        """Follow a conversation for the time of the block."""
        if self._task is None and not self.closed:
            self._task = asyncio.create_task(self._listen(), name="conversation news")
        subscription = Subscription()
        self._followers.setdefault(conversation_id, set()).add(subscription)
        try:
            yield subscription
        finally:
            others = self._followers[conversation_id]
            others.discard(subscription)
            if not others:
                del self._followers[conversation_id]

    def close(self) -> None:
        """End every stream: the process stops, and whoever follows connects to another."""
        self.closed = True
        if self._task is not None:
            self._task.cancel()
        self._wake_all()

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except (psycopg.Error, OSError) as error:
                logger.warning("no news of conversations: %s", type(error).__name__)
            finally:
                self.listening = False
            self._wake_all()
            await asyncio.sleep(RECONNECT_S)

    async def _listen_once(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="aiguillage news",
            connect_timeout=3,
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.listening = True
            self._wake_all()  # what happened in between
            async for notify in connection.notifies():
                self._hear(notify.payload)

    def _hear(self, payload: str) -> None:
        written, _, rest = payload.partition(" ")
        with suppress(ValueError):
            conversation_id = uuid.UUID(written)
            signal = Signal(**orjson.loads(rest)) if rest else None
            for subscription in self._followers.get(conversation_id, ()):
                if signal is not None:
                    subscription.signals.append(signal)
                subscription.awake.set()

    def _wake_all(self) -> None:
        for found in self._followers.values():
            for subscription in found:
                subscription.awake.set()


async def follow(hub: Hub, conversation_id: uuid.UUID, read: Read, *, after: int) -> AsyncIterator[Update]:
    """What comes after the message `after`, without end: at once what is already there (maybe nothing), then the news.

    `read(id)` gives the messages after an id, oldest first, and raises UnknownConversation or WrongToken.
    """
    seen: deque[int] = deque(maxlen=OVERLAP)
    with hub.follow(conversation_id) as subscription:
        signals: tuple[Signal, ...] | None = ()
        while not hub.closed:
            if signals is None and hub.listening:
                yield Update()
            else:
                start = min(seen) - 1 if len(seen) == OVERLAP else after
                try:
                    fresh = tuple(m for m in await read(start) if m["id"] not in seen)
                except (UnknownConversation, WrongToken):
                    yield Update(over=True)
                    return
                seen.extend(m["id"] for m in fresh)
                yield Update(fresh, signals or ())
            signals = await subscription.news(HEARTBEAT_S if hub.listening else DEAF_S)
