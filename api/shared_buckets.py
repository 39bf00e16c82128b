"""Buckets that hold across processes, kept in PostgreSQL: for what is rare, and what somebody may try in great numbers.

One row a key, and one number in it (GCRA): when the bucket will be full again. A refusal writes nothing, so a flood that is
refused costs a look at one row. See docs/decisions/0010.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from api.db.statements import Statement, Statements

logger = logging.getLogger(__name__)
CLEAN_EVERY_S = 60.0
_TAKE = Statement(
    "INSERT INTO rate_buckets AS b (key, full_at) VALUES (%(key)s, now() + %(one)s) "
    "ON CONFLICT (key) DO UPDATE SET full_at = greatest(b.full_at, now()) + %(one)s "
    "WHERE greatest(b.full_at, now()) + %(one)s <= now() + %(all)s RETURNING key"
)
_WAIT = Statement(
    "SELECT extract(epoch FROM full_at + %(one)s - now() - %(all)s)::float8 FROM rate_buckets WHERE key = %(key)s"
)
_CLEAN = Statement("DELETE FROM rate_buckets WHERE full_at < now()")  # a full bucket and none are the same


class SharedBuckets:
    """One bucket a key: `per_minute` tokens come back, up to as many at once. Zero or less: no limit.

    A database that does not answer refuses nobody here: it refuses them further on.
    """

    def __init__(self, name: str, per_minute: int, statements: Callable[[], Statements]) -> None:
        """`statements`: those of the running application."""
        self._name, self._statements = name, statements
        self._one = timedelta(seconds=60 / per_minute) if per_minute > 0 else None
        self._all = self._one * per_minute if self._one else None
        self._cleaned = time.monotonic()

    async def take(self, key: str) -> int:
        """0 when a token was there, else how many seconds until the next one; a refusal costs nothing."""
        if self._one is None:
            return 0
        try:
            await self._clean()
            taken = await self._statements().run(_TAKE, self._values(key))
        except (psycopg.Error, SQLAlchemyError, OSError) as error:
            logger.warning("rates %s were not looked at: %s", self._name, type(error).__name__)
            return 0
        return 0 if taken else max(1, await self.wait(key))

    async def wait(self, key: str) -> int:
        """0 when a token is there, else how many seconds until the next one. Takes nothing."""
        if self._one is None:
            return 0
        try:
            found = await self._statements().run(_WAIT, self._values(key))
        except (psycopg.Error, SQLAlchemyError, OSError) as error:
            logger.warning("rates %s were not looked at: %s", self._name, type(error).__name__)
            return 0
        return max(0, math.ceil(found[0][0])) if found else 0

    def _values(self, key: str) -> dict[str, object]:
        """The key is hashed: no address of anybody is kept, and not for longer than its bucket fills."""
        hashed = hashlib.blake2b(f"{self._name} {key}".encode(), digest_size=16).hexdigest()
        return {"key": hashed, "one": self._one, "all": self._all}

    async def _clean(self) -> None:
        if time.monotonic() - self._cleaned > CLEAN_EVERY_S:
            self._cleaned = time.monotonic()
            await self._statements().run(_CLEAN, {})
