"""Single statements on their shortest way: what every turn of a conversation runs goes straight to the driver.

A session around one statement costs five times the statement (docs/decisions/0014). What belongs together, and anything
off the path of a turn, stays in a session.
"""

from __future__ import annotations

import select
from dataclasses import dataclass, field
from typing import Any, Self

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql import ClauseElement

_DIALECT = dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of SQLAlchemy, written out once: its text, and the values that are always the same."""

    sql: str
    fixed: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, statement: ClauseElement) -> Self:
        """Its `bindparam`s are the values given at each run; JSON ones are given as psycopg's `Jsonb`."""
        compiled = statement.compile(dialect=_DIALECT)
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        return cls(str(compiled), {n: Jsonb(v) if isinstance(v, dict | list) else v for n, v in fixed.items()})


class Statements:
    """Runs statements one at a time, each committed by itself, on connections of its own.

    Errors are psycopg's own; `api/error_handlers.py` knows them.
    """

    def __init__(self, database: AsyncEngine) -> None:
        """`database`: an engine in AUTOCOMMIT whose connections need no reset (api/db/session.py)."""
        self._database = database
        event.listen(database.sync_engine, "checkout", _refuse_dead)

    async def run(self, statement: Statement, values: dict[str, Any]) -> list[TupleRow]:
        """The rows that the statement gives, if any."""
        pooled = await self._database.raw_connection()
        try:
            driver: psycopg.AsyncConnection[TupleRow] = pooled.driver_connection  # type: ignore[assignment]
            cursor = await driver.execute(statement.sql, {**statement.fixed, **values}, prepare=True)
            return await cursor.fetchall() if cursor.description else []
        finally:
            pooled.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._database.dispose()


def _refuse_dead(adapted: Any, _record: Any, _pooled: Any) -> None:
    """A server that stopped has closed its side, which can be seen here without asking it anything; then every idle
    connection is suspect. A statement that was cut short leaves a connection that is not idle.
    """
    connection = adapted.driver_connection.pgconn
    if connection.transaction_status != TransactionStatus.IDLE:
        raise InvalidatePoolError
    waiting = select.poll()
    waiting.register(connection.socket, select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError
