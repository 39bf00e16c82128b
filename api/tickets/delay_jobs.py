"""The round that looks at delays, as a periodic job of the worker: every minute, once however many workers there are."""

from __future__ import annotations

import logging

import procrastinate

from api.db.session import Sessions
from api.tickets.distributing import reassign_absent
from api.tickets.reminding import remind

logger = logging.getLogger(__name__)
DELAYS = "delays"
EVERY_MINUTE = "* * * * *"


def add_delay_task(jobs: procrastinate.App, sessions: Sessions) -> None:
    """Make the worker look at delays. A round that waits to run is not queued a second time."""

    @jobs.periodic(cron=EVERY_MINUTE)
    @jobs.task(name="tickets.delays", queue=DELAYS, queueing_lock="tickets.delays", lock="tickets.delays")
    async def look_at_delays(timestamp: int) -> None:
        told, moved = await remind(sessions), await reassign_absent(sessions)
        if told or moved:
            logger.info("delays: %s told, %s tickets of absent people given to others", told, moved)
