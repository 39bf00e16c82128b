"""The connections to Rasa: kept from a turn to the next, and never the reply of one turn for another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from api.dialogue.kept_connections import ConnectionLost, KeptConnections

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server on a free port that answers as it is told; counts its connections and keeps the heads it received."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.connections = 0
        self.heads: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                length = int(head.lower().partition("content-length: ")[2].split()[0])
                await self.answer(await reader.readexactly(length), writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@asynccontextmanager
async def serving(answer: Answer, *, idle_s: float = 3.0) -> AsyncIterator[tuple[Server, KeptConnections]]:
    """The server, and connections to it."""
    server = Server(answer)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    connections = KeptConnections(f"http://127.0.0.1:{server.port}/webhooks/rest/webhook", idle_s=idle_s)
    try:
        yield server, connections
    finally:
        await connections.close()
        listening.close()


async def echo(body: bytes, writer: asyncio.StreamWriter) -> None:
    """The body, back."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


async def test_a_connection_serves_one_request_after_another() -> None:
    async with serving(echo) as (server, connections):
        for n in range(5):
            assert await connections.post(b"%d" % n, timeout_s=2) == (200, b"%d" % n)
    assert server.connections == 1
    assert server.heads[0].startswith("POST /webhooks/rest/webhook HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n" in server.heads[0]


async def test_requests_at_once_have_a_connection_each() -> None:
    together = asyncio.Barrier(3)

    async def all_three(body: bytes, writer: asyncio.StreamWriter) -> None:
        await together.wait()
        await echo(body, writer)

    async with serving(all_three) as (server, connections):
        replies = await asyncio.gather(*(connections.post(b"%d" % n, timeout_s=2) for n in range(3)))
        assert replies == [(200, b"0"), (200, b"1"), (200, b"2")]
        assert server.connections == 3


async def test_a_reply_in_pieces_of_any_kind_is_read_whole() -> None:
    async def in_pieces(body: bytes, writer: asyncio.StreamWriter) -> None:
        for piece in (
            b"HTTP/1.1 500 Oops\r\nTransfer-Enc",
            b"oding: chunked\r\n\r\n2\r\nab",
            b"\r\n3\r\ncde\r\n0\r\n\r\n",
        ):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    async with serving(in_pieces) as (_, connections):
        assert await connections.post(b"{}", timeout_s=2) == (500, b"abcde")
        assert await connections.post(b"{}", timeout_s=2) == (500, b"abcde")


async def test_a_connection_that_the_server_closed_is_not_used_again() -> None:
    async def once(body: bytes, writer: asyncio.StreamWriter) -> None:
        await echo(body, writer)
        writer.close()
        await writer.wait_closed()
        closed.set()

    closed = asyncio.Event()
    async with serving(once) as (server, connections):
        assert await connections.post(b"1", timeout_s=2) == (200, b"1")
        await closed.wait()
        while server.connections < 2:  # until the end of the first one is seen here
            try:
                assert await connections.post(b"2", timeout_s=2) == (200, b"2")
            except ConnectionLost:
                continue


async def test_a_server_that_says_close_is_believed() -> None:
    async def closing(body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")

    async with serving(closing) as (server, connections):
        await connections.post(b"1", timeout_s=2)
        await connections.post(b"2", timeout_s=2)
        assert server.connections == 2


async def test_an_old_idle_connection_is_not_used_again() -> None:
    async with serving(echo, idle_s=0.0) as (server, connections):
        await connections.post(b"1", timeout_s=2)
        await connections.post(b"2", timeout_s=2)
        assert server.connections == 2


async def test_a_reply_that_comes_too_late_is_never_the_reply_of_the_next_request() -> None:
    let_go = asyncio.Event()

    async def first_waits(body: bytes, writer: asyncio.StreamWriter) -> None:
        if body == b"first":
            await let_go.wait()
        await echo(body, writer)

    async with serving(first_waits) as (server, connections):
        with pytest.raises(TimeoutError):
            await connections.post(b"first", timeout_s=0.05)
        let_go.set()
        assert await connections.post(b"second", timeout_s=2) == (200, b"second")
        assert server.connections == 2


@pytest.mark.parametrize(
    "reply", [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", b"this is not HTTP\r\n\r\n", b""]
)
async def test_a_reply_cut_short_or_that_is_no_reply_is_a_lost_connection(reply: bytes) -> None:
    async def cut(body: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)
        await writer.drain()
        writer.close()

    async with serving(cut) as (_, connections):
        with pytest.raises(ConnectionLost):
            await connections.post(b"{}", timeout_s=2)


async def test_nobody_listens() -> None:
    async with serving(echo) as (server, _):
        port = server.port
    with pytest.raises(ConnectionLost):
        await KeptConnections(f"http://127.0.0.1:{port}/", idle_s=3).post(b"{}", timeout_s=2)
