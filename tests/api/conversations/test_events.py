"""What happens in a conversation reaches those who follow it: through PostgreSQL, in order, once, and after a cut."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import psycopg
import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import event_routes, events
from api.conversations.events import Hub, publish
from tests.journeys.conftest import free_port

Json = dict[str, Any]
SOON_S = 10


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, never for a time."""
    async with asyncio.timeout(SOON_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a real server: streams need one."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    event_routes.close_streams(app)
    app.state.hub = None
    server.should_exit = True
    await serving


class Follower:
    """Reads a stream event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.lines = response.aiter_lines()

    async def next(self) -> tuple[str, str | None, Json]:
        """Name, id and data of the next event; comments are passed over."""
        name, id_, data = "", None, b""
        async with asyncio.timeout(SOON_S):
            async for line in self.lines:
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("id: "):
                    id_ = line[4:]
                elif line.startswith("data: "):
                    data = line[6:].encode()
                elif not line and name:
                    return name, id_, orjson.loads(data)
        raise AssertionError("the stream ended")


@asynccontextmanager
async def following(address: str, opened: Json, last: str = "") -> AsyncIterator[Follower]:
    headers = {"Authorization": f"Bearer {opened['token']}"} | ({"Last-Event-ID": last} if last else {})
    async with (
        httpx.AsyncClient(base_url=address, timeout=SOON_S) as http,
        http.stream("GET", f"/v1/conversations/{opened['id']}/events", headers=headers) as response,
    ):
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Follower(response)


@pytest_asyncio.fixture
async def opened(client: httpx.AsyncClient) -> Json:
    found: Json = (await client.post("/v1/conversations")).json()
    return found


async def say(client: httpx.AsyncClient, opened: Json, said: str, **more: str) -> list[Json]:
    response = await client.post(
        f"/v1/conversations/{opened['id']}/messages",
        json={"text": said, **more},
        headers={"Authorization": f"Bearer {opened['token']}"},
    )
    assert response.status_code == 200
    found: list[Json] = response.json()["messages"]
    return found


async def test_two_followers_get_each_message_once_and_in_order(
    address: str, client: httpx.AsyncClient, opened: Json
) -> None:
    async with following(address, opened) as one, following(address, opened) as other:
        replies = await say(client, opened, "Quels sont vos horaires ?", client_message_id="a")
        for follower in (one, other):
            name, id_, own = await follower.next()
            assert (name, own["author"], own["client_message_id"]) == ("message", "learner", "a")
            assert id_ == str(own["id"])
            _, _, reply = await follower.next()
            assert reply["article"] == replies[0]["article"]
            assert reply["id"] > own["id"]
        await say(client, opened, "bonjour")
        assert (await one.next())[2]["text"] == "bonjour"


async def test_a_client_that_comes_back_misses_nothing_and_gets_nothing_twice(
    address: str, client: httpx.AsyncClient, opened: Json
) -> None:
    async with following(address, opened) as follower:
        await say(client, opened, "Quels sont vos horaires ?")
        _, last, _ = await follower.next()
    await say(client, opened, "une pizza")
    async with following(address, opened, last=str(last)) as follower:
        texts = [(await follower.next())[2]["author"] for _ in range(3)]
    assert texts == ["assistant", "learner", "assistant"]


async def test_another_process_is_heard(address: str, opened: Json, database_url: str) -> None:
    """A message that a live agent writes through another process, and a signal that is not kept."""
    async with following(address, opened) as follower:
        async with await psycopg.AsyncConnection.connect(database_url) as other:
            await other.execute(
                "INSERT INTO messages (conversation_id, author, kind, text, payload) VALUES (%s, %s, %s, %s, '{}')",
                (opened["id"], "operator", "message", "Bonjour, je suis Léa."),
            )
            await other.commit()
        assert (await follower.next())[2]["text"] == "Bonjour, je suis Léa."


async def test_a_signal_reaches_followers_when_its_transaction_commits(
    address: str, app: FastAPI, opened: Json, session: AsyncSession
) -> None:
    async with following(address, opened) as follower:
        await until(lambda: app.state.hub.listening)  # signals are not kept: who does not listen yet misses them
        await publish(session, uuid.UUID(opened["id"]), "typing", {"who": "operator"})
        await session.rollback()
        await publish(session, uuid.UUID(opened["id"]), "presence", {"who": "operator"})
        await session.commit()
        assert (await follower.next())[::2] == ("presence", {"who": "operator"})


async def test_nothing_of_another_conversation(address: str, client: httpx.AsyncClient, opened: Json) -> None:
    another = (await client.post("/v1/conversations")).json()
    async with following(address, opened) as follower:
        await say(client, another, "un secret")
        await say(client, opened, "bonjour")
        assert (await follower.next())[2]["text"] == "bonjour"


async def test_a_message_committed_late_under_a_smaller_id_is_not_missed(
    address: str, client: httpx.AsyncClient, opened: Json, database_url: str
) -> None:
    async with following(address, opened) as follower, await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute(
            "INSERT INTO messages (conversation_id, author, kind, text, payload) "
            "VALUES (%s, 'operator', 'message', 'tard', '{}')",
            (opened["id"],),
        )
        await say(client, opened, "bonjour")
        assert [(await follower.next())[2]["author"] for _ in range(2)] == ["learner", "assistant"]
        await other.commit()
        assert (await follower.next())[2]["text"] == "tard"


async def test_the_connection_that_listens_is_lost(
    address: str, client: httpx.AsyncClient, opened: Json, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "RECONNECT_S", 0.05)
    async with following(address, opened) as follower:
        await say(client, opened, "bonjour")
        await follower.next()
        await follower.next()
        await session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aiguillage news'")
        )
        await say(client, opened, "une pizza")
        assert (await follower.next())[2]["text"] == "une pizza"


async def test_a_follower_that_leaves_is_forgotten(address: str, app: FastAPI, opened: Json) -> None:
    async with following(address, opened):
        hub: Hub = app.state.hub
        await until(lambda: hub.followers == 1)
        assert hub.followers_of(uuid.UUID(opened["id"])) == 1
    await until(lambda: hub.followers == 0)
    assert hub.followers_of(uuid.UUID(opened["id"])) == 0, "nothing is kept of the conversation either"


async def test_closing_ends_the_streams_at_once(address: str, app: FastAPI, opened: Json) -> None:
    async with following(address, opened) as follower:
        await until(lambda: app.state.hub.followers == 1)
        event_routes.close_streams(app)
        with pytest.raises(AssertionError, match="ended"):
            await follower.next()


@pytest.mark.parametrize(("id_", "token", "status"), [("", "faux", 401), ("", "", 401), (str(uuid.uuid4()), "x", 404)])
async def test_who_may_not_follow(client: httpx.AsyncClient, opened: Json, id_: str, token: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = await client.get(f"/v1/conversations/{id_ or opened['id']}/events", headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    query = await client.get(f"/v1/conversations/{opened['id']}/events?token={opened['token']}")
    assert query.status_code == 401


async def test_too_many_streams_of_one_conversation(
    address: str, client: httpx.AsyncClient, opened: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_routes, "STREAMS", 1)
    async with following(address, opened) as follower:
        await say(client, opened, "bonjour")
        await follower.next()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        response = await client.get(f"/v1/conversations/{opened['id']}/events", headers=headers)
        assert response.status_code == 429
        assert response.headers["retry-after"] == "30"


@pytest.mark.parametrize("last", ["-1", "abc", "9" * 30, "²"])
async def test_a_last_event_id_that_is_none_gives_everything(
    address: str, client: httpx.AsyncClient, opened: Json, last: str
) -> None:
    await say(client, opened, "bonjour")
    headers = {"Authorization": f"Bearer {opened['token']}", "Last-Event-ID": last.encode("utf-8")}
    async with (
        httpx.AsyncClient(base_url=address) as http,
        http.stream("GET", f"/v1/conversations/{opened['id']}/events", headers=headers) as response,
    ):
        assert (await Follower(response).next())[2]["text"] == "bonjour"


async def test_erasing_ends_the_streams_and_says_so(address: str, client: httpx.AsyncClient, opened: Json) -> None:
    headers = {"Authorization": f"Bearer {opened['token']}"}
    async with following(address, opened) as follower:
        await say(client, opened, "bonjour")
        assert (await follower.next())[0] == "message"
        assert (await follower.next())[0] == "message"
        assert (await client.delete(f"/v1/conversations/{opened['id']}", headers=headers)).status_code == 204
        assert (await follower.next())[0] == "erased"
        with pytest.raises(AssertionError, match="ended"):
            await follower.next()
