"""How long a team took to answer lately: measured on what happened, never promised, and not said without enough answers.

Measured from time to time by whichever process comes first, and kept: who opens a request only reads one row.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from psycopg import Error as PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.session import Sessions
from api.settings import Settings
from api.tickets import measured_delays_repository
from api.tickets.statuses import TO_TAKE
from knowledge.replies import Replies

logger = logging.getLogger(__name__)
GOOD_FOR = timedelta(days=1)  # an older measure is not said
HOUR, DAY, WEEK = 3600, 86400, 7 * 86400
AWAITED = (*TO_TAKE, "assigne")  # somebody should answer: the delay says something


async def measured_delay(*, session: AsyncSession, replies: Replies, team: str) -> str | None:
    """The sentence that says it, None when too little is known."""
    seconds = await measured_delays_repository.seconds_of(session, team, since=datetime.now(UTC) - GOOD_FOR)
    return None if seconds is None else replies.say("delai_constate", delai=say_delay(seconds))


def say_delay(seconds: float) -> str:
    """A length of time in plain words, days being those of the calendar."""
    if seconds < HOUR:
        return "moins d'une heure"
    if (hours := round(seconds / HOUR)) < 24:
        return f"{hours} heure{'s' if hours > 1 else ''} environ"
    if (days := round(seconds / DAY)) < 14:
        return f"{days} jour{'s' if days > 1 else ''} environ"
    return f"{round(seconds / WEEK)} semaines environ"


async def refresh(*, session: AsyncSession, settings: Settings) -> None:
    """Measure again, unless another process just did. The caller commits."""
    now = datetime.now(UTC)
    latest = await measured_delays_repository.latest_measure(session)
    if latest is None or now - latest >= timedelta(seconds=settings.delay_every_s) / 2:
        since = now - timedelta(weeks=settings.delay_weeks)
        await measured_delays_repository.measure(session, since=since, least=settings.delay_answers)


@asynccontextmanager
async def measuring(app: FastAPI) -> AsyncIterator[None]:
    """Measure again and again while the application runs."""
    settings: Settings = app.state.settings
    tasks = [asyncio.create_task(_for_ever(app.state.sessions, settings))] if settings.delay_every_s else []
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _for_ever(sessions: Sessions, settings: Settings) -> None:
    while True:
        try:
            async with sessions() as session:
                await refresh(session=session, settings=settings)
                await session.commit()
        except (SQLAlchemyError, PostgresError, OSError) as error:
            logger.warning("delays were not measured: %s", type(error).__name__)
        await asyncio.sleep(settings.delay_every_s)  # between two measures
