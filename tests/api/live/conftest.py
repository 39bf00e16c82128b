"""A learner and agents, over HTTP: the learner as a program, the agents as a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from api.live.sweep import sweep
from api.operators.signed_in import COOKIE
from tests.api.widget.conftest import check_accessible
from tests.conftest import Account
from tests.fakes import HandClock

Json = dict[str, Any]
PERSON = "je veux parler à quelqu'un"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@dataclass
class Writer:
    """A learner."""

    http: httpx.AsyncClient
    url: str
    headers: dict[str, str]

    async def say(self, text: str, **more: Any) -> list[Json]:
        response = await self.http.post(f"{self.url}/messages", json={"text": text, **more}, headers=self.headers)
        assert response.status_code == 200, response.text
        found: list[Json] = response.json()["messages"]
        return found

    async def live(self) -> Json:
        response = await self.http.get(f"{self.url}/live", headers=self.headers)
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    async def history(self) -> list[Json]:
        response = await self.http.get(f"{self.url}/messages", headers=self.headers)
        found: list[Json] = response.json()["messages"]
        return found


@dataclass
class Agent:
    """A staff member with the page open."""

    http: httpx.AsyncClient
    html: str = ""
    status: int = 0
    path: str = ""

    async def open(self, path: str = "") -> str:
        return self._shown(await self.http.get(f"/console/direct{path}"))

    async def do(self, path: str, **values: str) -> str:
        """Press a button of a form of the page."""
        if not self.html:
            await self.open()
        token = re.search(r'data-jeton="([^"]+)"', self.html)
        assert token
        return self._shown(await self.http.post(f"/console/direct{path}", data={"jeton": token[1], **values}))

    async def online(self, name: str = "Léa", team: str = "crc") -> Agent:
        await self.do("/presence", etat="online", nom=name, equipe=team)
        assert self.status == 200, self.html
        return self

    async def take_first(self) -> int:
        """Take the first of the queue; the number of the discussion."""
        await self.open()
        first = re.search(r'id="attente-(\d+)"', self.html)
        assert first, "nobody in the queue"
        await self.do(f"/{first[1]}/prendre")
        assert self.status == 200, self.html
        return int(first[1])

    def _shown(self, response: httpx.Response) -> str:
        self.html, self.status, self.path = response.text, response.status_code, response.url.path
        if "text/html" in response.headers.get("content-type", "") and self.path.startswith("/console/direct"):
            check_accessible(self.html)
        return self.html


@dataclass
class Scene:
    """The application on a Monday morning, and who comes into it."""

    app: FastAPI
    http: httpx.AsyncClient
    clock: HandClock
    account: Callable[..., Awaitable[Account]]
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def learner(self) -> Writer:
        opened = (await self.http.post("/v1/conversations")).json()
        return Writer(self.http, f"/v1/conversations/{opened['id']}", {"Authorization": f"Bearer {opened['token']}"})

    async def agent(self, login: str = "lea.martin") -> Agent:
        account = await self.account(login=login)
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(
            transport=transport, base_url="http://test", follow_redirects=True, headers={"accept": "text/html"}
        )
        client.cookies.set(COOKIE, account.token)
        self.clients.append(client)
        return Agent(client)

    async def sweep(self) -> None:
        """What the service does every few seconds."""
        async with self.app.state.sessions() as session:
            await sweep(session=session, live=self.app.state.live, replies=self.app.state.replies)
            await session.commit()


@pytest_asyncio.fixture
async def scene(
    app: FastAPI, client: httpx.AsyncClient, clock: HandClock, account: Callable[..., Awaitable[Account]]
) -> Any:
    """Monday, 10 h."""
    clock.at(MONDAY)
    scene = Scene(app, client, clock, account)
    yield scene
    for each in scene.clients:
        await each.aclose()


@pytest.fixture
def rows(session: AsyncSession) -> AsyncSession:
    """To look at the tables."""
    return session
