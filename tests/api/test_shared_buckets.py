"""Limits that hold across processes: two pools of one database stand for two processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api import shared_buckets
from api.db.session import create_statements
from api.shared_buckets import SharedBuckets


@pytest_asyncio.fixture
async def two(app: FastAPI, database_url: str) -> AsyncIterator[tuple[SharedBuckets, SharedBuckets]]:
    """Six a minute, seen from two processes."""
    other = create_statements(database_url, pool_size=5)
    yield SharedBuckets("t", 6, lambda: app.state.statements), SharedBuckets("t", 6, lambda: other)
    await other.close()


async def test_what_one_process_takes_the_other_has_not(two: tuple[SharedBuckets, SharedBuckets]) -> None:
    taken = [await two[n % 2].take("a") for n in range(7)]
    assert taken[:6] == [0] * 6
    assert 8 <= taken[6] <= 10
    assert [await each.wait("a") for each in two] == [taken[6], taken[6]]
    assert await two[1].take("b") == 0, "another address"
    assert await SharedBuckets("u", 6, two[0]._statements).take("a") == 0, "another limit"


async def test_at_once(two: tuple[SharedBuckets, SharedBuckets]) -> None:
    taken = await asyncio.gather(*(two[n % 2].take("a") for n in range(20)))
    assert taken.count(0) == 6


async def test_it_fills_again_and_a_refusal_costs_nothing(
    two: tuple[SharedBuckets, SharedBuckets], session: AsyncSession
) -> None:
    for _ in range(30):
        await two[0].take("a")
    await session.execute(text("UPDATE rate_buckets SET full_at = full_at - interval '10 seconds'"))
    await session.commit()
    assert await two[1].wait("a") == 0
    assert await two[1].take("a") == 0
    assert await two[0].take("a") > 0
    await session.execute(text("UPDATE rate_buckets SET full_at = full_at - interval '1 hour'"))
    await session.commit()
    assert [await two[0].take("a") for _ in range(7)].count(0) == 6, "never more than a full bucket"


async def test_nothing_of_an_address_is_kept(
    two: tuple[SharedBuckets, SharedBuckets], session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two[0].take("192.0.2.7")
    assert "192.0.2.7" not in str((await session.execute(text("SELECT * FROM rate_buckets"))).all())
    await session.execute(text("UPDATE rate_buckets SET full_at = now() - interval '1 second'"))
    await session.commit()
    monkeypatch.setattr(shared_buckets, "CLEAN_EVERY_S", -1.0)
    await two[0].take("192.0.2.8")
    assert await session.scalar(text("SELECT count(*) FROM rate_buckets")) == 1, "a bucket that is full again is gone"


@pytest.mark.parametrize("per_minute", [0, -1])
async def test_no_limit(app: FastAPI, per_minute: int) -> None:
    buckets = SharedBuckets("t", per_minute, lambda: app.state.statements)
    assert not any([await buckets.take("a") for _ in range(20)])
    assert await buckets.wait("a") == 0


async def test_a_database_that_does_not_answer_refuses_nobody() -> None:
    nowhere = create_statements("postgresql://postgres@127.0.0.1:9/nowhere")
    buckets = SharedBuckets("t", 1, lambda: nowhere)
    assert [await buckets.take("a") for _ in range(2)] == [0, 0]
    assert await buckets.wait("a") == 0
    await nowhere.close()
