"""Word of a change reaches who listens, after the commit, and still does once PostgreSQL cut the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.live.signals import Signals, publish

SOON_S = 10.0


@pytest_asyncio.fixture
async def signals(app: FastAPI) -> AsyncIterator[Signals]:
    signals = Signals(app.state.settings.database_url)
    yield signals
    await signals.close()


async def heard(changed: asyncio.Event) -> None:
    await asyncio.wait_for(changed.wait(), SOON_S)
    changed.clear()


async def test_heard_after_the_commit_and_not_before(signals: Signals, session: AsyncSession) -> None:
    with signals.listen() as one, signals.listen() as two:
        await heard(one)  # connected: what was missed until then is to be read
        two.clear()
        await publish(session)
        assert not one.is_set()
        await session.commit()
        await heard(one)
        await heard(two)


async def test_nothing_is_said_of_what_is_given_up(signals: Signals, session: AsyncSession) -> None:
    with signals.listen() as changed:
        await heard(changed)
        await publish(session, "abandon")
        await session.rollback()
        await publish(session)
        await session.commit()
        await heard(changed)
        assert not changed.is_set()


async def test_listening_again_after_a_cut(signals: Signals, session: AsyncSession) -> None:
    with signals.listen() as changed:
        await heard(changed)
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'aiguillage live'"
        assert await session.scalar(text(cut))
        await session.commit()
        await heard(changed)  # connected again
        await publish(session)
        await session.commit()
        await heard(changed)
