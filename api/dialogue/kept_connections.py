"""Kept HTTP/1.1 connections to one address: a POST with a JSON body, its status and its body back.

Every turn goes through here, so there is nothing but uvicorn's own parser (httptools) and the transport: a general
client costs a fifteenth of a turn's CPU.
"""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlsplit

import httptools

CONNECT_S = 1.0


class ConnectionLost(Exception):
    """The other side can't be reached, closed before its reply was whole, or sent something else than HTTP."""


class KeptConnections:
    """Connections wait for the next request for `idle_s` at most: less than the other side keeps them."""

    def __init__(self, url: str, *, idle_s: float) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "https"
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or (443 if self._tls else 80)
        self._head = (
            f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\n"
            "Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: "
        ).encode("ascii")
        self._idle_s = idle_s
        self._idle: list[_Exchange] = []

    async def post(self, body: bytes, *, timeout_s: float) -> tuple[int, bytes]:
        """The status and the body of the reply.

        Raises:
            ConnectionLost, TimeoutError: no whole reply within `timeout_s`, of which a new connection may take a second.
        """
        async with asyncio.timeout(timeout_s), await self._connection() as connection:
            return await connection.exchange(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))

    async def close(self) -> None:
        """Close those that wait."""
        while self._idle:
            self._idle.pop().close()

    def give_back(self, connection: _Exchange) -> None:
        """Keep it for the next request."""
        connection.idle_since = time.monotonic()
        self._idle.append(connection)

    async def _connection(self) -> _Exchange:
        while self._idle:
            kept = self._idle.pop()  # the latest used: the others grow old and are closed
            if kept.is_open and time.monotonic() - kept.idle_since < self._idle_s:
                return kept
            kept.close()
        try:
            async with asyncio.timeout(CONNECT_S):
                loop = asyncio.get_running_loop()
                made = loop.create_connection(lambda: _Exchange(self), self._host, self._port, ssl=self._tls or None)
                return (await made)[1]
        except OSError as error:
            raise ConnectionLost(type(error).__name__) from error


class _Exchange(asyncio.Protocol):
    """One connection: an exchange at a time. As a context it goes back to the others, or is closed after a failure."""

    def __init__(self, owner: KeptConnections) -> None:
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._reply: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._lasts = False  # the other side keeps the connection after this reply
        self.idle_since = 0.0

    @property
    def is_open(self) -> bool:
        """False once either side closed it."""
        return self._transport is not None and not self._transport.is_closing()

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send, and wait for the whole reply."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionLost("closed")
        self._parser, self._body = httptools.HttpResponseParser(self), []
        self._reply = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._reply

    def close(self) -> None:
        """Close, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        if kind is None and self.is_open and self._lasts:
            self._owner.give_back(self)
        else:
            self.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is open."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without saying so

    def data_received(self, data: bytes) -> None:
        """asyncio: some of the reply."""
        if self._reply is None or self._reply.done():
            self.close()  # nobody asked
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(type(error).__name__)

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: the other side, or this one, closed."""
        self._fail("closed")

    def on_body(self, data: bytes) -> None:
        """httptools: some of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """httptools: the reply is whole."""
        self._lasts = self._parser.should_keep_alive()
        if self._reply is not None and not self._reply.done():
            self._reply.set_result((self._parser.get_status_code(), b"".join(self._body)))

    def _fail(self, why: str) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(ConnectionLost(why))
        self.close()
