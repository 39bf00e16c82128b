"""People who follow their conversation by server-sent events and write to it, at a steady rate, in this process."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.bench.client import HOST, Product
from tests.bench.connection import Connection
from tests.bench.learner import Learner, request
from tests.bench.processes import BenchError

AT_ONCE = 8  # conversations opened at the same time
OPEN_S = 30.0  # for a stream to begin
REPLY_S = 20.0  # after the last message: what did not come by then never will
LONGEST_LINE = 2**20


@dataclass(slots=True)
class Follower:
    """A conversation and its stream. `replies`: milliseconds from when a message was due to its first reply on the stream."""

    port: int
    id: str
    token: str
    replies: asyncio.Queue[float]
    due: deque[float] = field(default_factory=deque)
    awaited: float | None = None  # the message that the stream showed, and whose reply it did not show yet
    ended: bool = False
    writer: asyncio.StreamWriter | None = None

    async def open(self) -> asyncio.Task[None]:
        """The task that reads the stream, once the stream began."""
        async with asyncio.timeout(OPEN_S):
            reader, self.writer = await asyncio.open_connection(HOST, self.port, limit=LONGEST_LINE)
            path = f"/v1/conversations/{self.id}/events"
            lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}:{self.port}", f"Authorization: Bearer {self.token}")
            self.writer.write("\r\n".join((*lines, "", "")).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if head.split()[1] != b"200":
                raise BenchError(f"un flux est refusé : {head.splitlines()[0]!r}")
            await reader.readuntil(b"bonjour\n\n")
        return asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Chunks are whole events, so each line is whole too."""
        while line := await reader.readline():
            if line.startswith(b"data: "):
                self._hear(json.loads(line[6:]).get("author"))
        self.ended = True

    def _hear(self, author: str | None) -> None:
        if author == "learner" and self.due:
            self.awaited = self.due.popleft()
        elif author == "assistant" and self.awaited is not None:
            self.replies.put_nowait((time.perf_counter() - self.awaited) * 1000)
            self.awaited = None


class Crowd:
    """Everybody who follows, until the end of the block."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Connection] = []
        self._readers: list[asyncio.Task[None]] = []
        self._replies: asyncio.Queue[float] = asyncio.Queue()
        self.followers: list[Follower] = []

    async def __aenter__(self) -> Crowd:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for reader in self._readers:
            reader.cancel()
        for follower in self.followers:
            if follower.writer is not None:
                follower.writer.close()
        for connection in self._idle:
            await connection.__aexit__()

    async def warm_up(self, questions: Sequence[str]) -> None:
        """Requests led to their ticket, one after the other: what the first turns load is loaded.

        Raises:
            BenchError: no ticket, so Rasa is not there and the figures would be those of the service alone.
        """
        kinds: list[str] = []
        for question in questions:
            connection = await self._connection()
            opened = await connection.post("/v1/conversations", {})
            learner = Learner(Product(connection, opened["id"], opened["token"]))
            await request(learner, question)
            kinds += learner.kinds
            self._idle.append(connection)
        if "ticket" not in kinds:
            raise BenchError("aucune demande n'a abouti : le dialogue ne fonctionne pas")

    async def open_conversations(self, number: int) -> None:
        """So many conversations, nobody following yet."""

        async def some(count: int) -> None:
            connection = await self._connection()
            for _ in range(count):
                opened = await connection.post("/v1/conversations", {})
                self.followers.append(Follower(self._port, opened["id"], opened["token"], self._replies))
            self._idle.append(connection)

        await asyncio.gather(*(some(len(range(n, number, AT_ONCE))) for n in range(AT_ONCE)))

    async def follow(self) -> None:
        """Open every stream."""
        for follower in self.followers:
            self._readers.append(await follower.open())

    async def write(self, texts: Sequence[str], *, number: int, per_second: float) -> list[float]:
        """Each conversation in turn, whether or not former replies came; milliseconds of the replies that came."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for n in range(number):
                due = began + n / per_second
                await asyncio.sleep(due - time.perf_counter())
                follower = self.followers[n % len(self.followers)]
                follower.due.append(due)
                group.create_task(self._say(follower, texts[n % len(texts)]))
        replied: list[float] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(REPLY_S):
                while len(replied) < number:
                    replied.append(await self._replies.get())
        return replied

    async def _say(self, follower: Follower, text: str) -> None:
        connection = await self._connection()
        await Product(connection, follower.id, follower.token).say(text)
        self._idle.append(connection)

    async def _connection(self) -> Connection:
        return self._idle.pop() if self._idle else await Connection(HOST, self._port).__aenter__()
