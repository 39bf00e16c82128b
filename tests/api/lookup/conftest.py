"""A signed-in agent, and tables of the look-up emptied after each test."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from api.operators.signed_in import COOKIE
from tests.conftest import Account

MakeAccount = Callable[..., Awaitable[Account]]


def form_token(html: str) -> str:
    """The value that the forms of a page carry."""
    found = re.search(r'name="jeton" value="(\w+)"', html)
    assert found
    return found[1]


@pytest_asyncio.fixture
async def agent(client: httpx.AsyncClient, account: MakeAccount, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser where somebody is signed in."""
    client.cookies.set(COOKIE, (await account()).token)
    yield client
    async with app.state.sessions() as session:
        await session.execute(text("TRUNCATE gaps, lookup_counts"))
        await session.commit()


@pytest_asyncio.fixture
async def token(agent: httpx.AsyncClient) -> str:
    """What the forms of this agent carry."""
    return form_token((await agent.get("/crc")).text)
