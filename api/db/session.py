"""Connections to PostgreSQL: one pool a process, one session a request, committed before the response leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import Request
from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from api.db.statements import Statements

CONNECT_TIMEOUT_S = 3
POOL_TIMEOUT_S = 5

Sessions = async_sessionmaker[AsyncSession]


def psycopg_url(url: str) -> URL:
    """The URL with the driver of the service, whatever way it names PostgreSQL."""
    return make_url(url).set(drivername="postgresql+psycopg")


def create_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """A pool that notices dead connections and never puts values in an error message."""
    return _engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)


def create_statements(url: str, *, pool_size: int = 10) -> Statements:
    """What runs single statements, on its own pool: none of its connections is ever in a transaction."""
    options = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None, "pool_use_lifo": True}
    return Statements(_engine(url, pool_size=pool_size, max_overflow=0, **options))


def _engine(url: str, **options: Any) -> AsyncEngine:
    return create_async_engine(
        psycopg_url(url),
        pool_timeout=POOL_TIMEOUT_S,
        hide_parameters=True,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "aiguillage"},
        **options,
    )


def create_sessions(database: AsyncEngine) -> Sessions:
    """The maker of sessions. What was read stays usable after a commit."""
    return async_sessionmaker(database, expire_on_commit=False)


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """The request's session, committed when the route returned. Use as `Depends(get_session, scope="function")`."""
    sessions: Sessions = request.app.state.sessions
    async with sessions() as session:
        yield session
        await session.commit()


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()
