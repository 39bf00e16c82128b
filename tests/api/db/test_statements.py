"""Single statements: each is committed by itself, and a server that went away is noticed before it is asked anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import bindparam, func, select, types

from api.db.session import create_statements
from api.db.statements import Statement, Statements

PID = Statement("SELECT pg_backend_pid()")
ECHO = Statement.of(select(bindparam("said", type_=types.Text), bindparam("fixed", 7), func.length(bindparam("said"))))


@pytest_asyncio.fixture
async def statements(empty_database_url: str) -> AsyncIterator[Statements]:
    """On a database of their own, two connections at most."""
    statements = create_statements(empty_database_url, pool_size=2)
    yield statements
    await statements.close()


def others_end(url: str) -> None:
    """The server ends every other connection to this database, as when it stops."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_values_are_given_at_each_run_and_fixed_ones_once(statements: Statements) -> None:
    assert await statements.run(ECHO, {"said": "été"}) == [("été", 7, 3)]
    assert await statements.run(ECHO, {"said": "%(said)s"}) == [("%(said)s", 7, 8)]


async def test_each_statement_is_committed(statements: Statements, empty_database_url: str) -> None:
    assert await statements.run(Statement("CREATE TABLE kept (n int)"), {}) == []
    await statements.run(Statement("INSERT INTO kept VALUES (%(n)s)"), {"n": 1})
    with psycopg.connect(empty_database_url.replace("postgresql+psycopg", "postgresql")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]


async def test_a_connection_is_kept(statements: Statements) -> None:
    assert await statements.run(PID, {}) == await statements.run(PID, {})


async def test_more_at_once_than_connections_wait_their_turn(statements: Statements) -> None:
    slow = Statement("SELECT 1 FROM pg_sleep(0.02)")
    assert await asyncio.gather(*(statements.run(slow, {}) for _ in range(8))) == [[(1,)]] * 8


async def test_connections_that_the_server_ended_are_replaced_without_a_failure(
    statements: Statements, empty_database_url: str
) -> None:
    before = await asyncio.gather(statements.run(PID, {}), statements.run(PID, {}))
    await asyncio.to_thread(others_end, empty_database_url)
    after = await asyncio.gather(statements.run(PID, {}), statements.run(PID, {}))
    assert not {pid for [(pid,)] in before} & {pid for [(pid,)] in after}


async def test_a_refused_value_leaves_the_connection_usable(statements: Statements) -> None:
    [(before,)] = await statements.run(PID, {})
    with pytest.raises(psycopg.DataError):
        await statements.run(ECHO, {"said": "a\0b"})
    with pytest.raises(psycopg.errors.DivisionByZero):
        await statements.run(Statement("SELECT 1 / %(zero)s"), {"zero": 0})
    assert await statements.run(PID, {}) == [(before,)]


async def test_a_statement_cut_short_never_gives_its_rows_to_the_next(statements: Statements) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await statements.run(Statement("SELECT 'late' FROM pg_sleep(30)"), {})
    assert await statements.run(ECHO, {"said": "next"}) == [("next", 7, 4)]
