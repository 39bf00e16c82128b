"""What hand-overs need besides the database: the clock, the opening hours, and after how long somebody is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.settings import Settings
from knowledge.opening_hours import OpeningHours

CRC = "crc"  # the team that learners are queued for
Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class LiveDesk:
    """One a process."""

    clock: Clock
    hours: OpeningHours
    lost_after: timedelta
    learner_gone_after: timedelta
    forget_after: timedelta
    nobody_after: timedelta

    @property
    def now(self) -> datetime:
        """The instant."""
        return self.clock()

    @property
    def agents_seen_since(self) -> datetime:
        """An agent heard of before that is gone."""
        return self.now - self.lost_after


def live_desk(settings: Settings, hours: OpeningHours, clock: Clock = real_clock) -> LiveDesk:
    """The desk of a process."""
    return LiveDesk(
        clock=clock,
        hours=hours,
        lost_after=timedelta(seconds=settings.live_lost_after_s),
        learner_gone_after=timedelta(seconds=settings.live_learner_gone_after_s),
        forget_after=timedelta(seconds=settings.live_forget_after_s),
        nobody_after=timedelta(seconds=settings.live_nobody_after_s),
    )
