"""How long the wait is: measured on the latest learners taken, or not said."""

from __future__ import annotations

import math
from datetime import timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from api.live import repository
from api.live.desk import LiveDesk

MEASURED_OVER = timedelta(hours=2)
LATEST = 20
LEAST = 5  # fewer waits than that measure nothing


async def wait_minutes(*, session: AsyncSession, live: LiveDesk, team: str, position: int) -> int | None:
    """The wait at this position, in minutes rounded up, None when too few waits were measured lately.

    The median of what the latest learners waited for each place before them, times the places: nobody's shift or
    number of agents has to be known.
    """
    by_place = await repository.seconds_by_place(session, team, live.now - MEASURED_OVER, LATEST)
    if len(by_place) < LEAST:
        return None
    return max(1, math.ceil(median(by_place) * position / 60))
