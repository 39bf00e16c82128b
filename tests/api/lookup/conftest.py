"""A signed-in agent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest_asyncio

from api.operators.signed_in import COOKIE
from tests.conftest import Account

MakeAccount = Callable[..., Awaitable[Account]]


def form_token(html: str) -> str:
    """The value that the forms of a page carry."""
    found = re.search(r'name="jeton" value="(\w+)"', html)
    assert found
    return found[1]


@pytest_asyncio.fixture
async def agent(client: httpx.AsyncClient, account: MakeAccount) -> httpx.AsyncClient:
    """A browser where somebody is signed in."""
    client.cookies.set(COOKIE, (await account()).token)
    return client


@pytest_asyncio.fixture
async def token(agent: httpx.AsyncClient) -> str:
    """What the forms of this agent carry."""
    return form_token((await agent.get("/crc")).text)
