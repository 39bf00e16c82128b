"""The clock of working hours: when something is due, and how much was worked between two instants. Pure.

Everything is counted in UTC, so that the hour that summer time adds or takes away changes nothing but what it must.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from knowledge.opening_hours import OpeningHours, school_holidays

HORIZON_DAYS = 3660  # ten years: content that opens less than that never opens
NOTHING = timedelta(0)


class NeverOpen(ValueError):
    """No opening in sight: the content closes everything."""


@dataclass(frozen=True, slots=True)
class WorkingClock:
    """Runs when `hours` is open; stops in the school holidays of `school_zone` (A, B, C) when there is one.

    Instants given carry their zone, whatever it is; those returned are in UTC.
    """

    hours: OpeningHours
    school_zone: str | None = None

    def due(self, start: datetime, hours: float) -> datetime:
        """The first instant at which `hours` of work have passed since `start`; `start` itself for none or fewer.

        Raises:
            NeverOpen: that is more than ten years away.
        """
        return self.after(start, timedelta(hours=hours))

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """The same with a duration."""
        start = start.astimezone(UTC)
        if worked <= NOTHING:
            return start
        for opens, closes in self._openings(start):
            begins = max(opens, start)
            if begins + worked <= closes:
                return begins + worked
            worked -= closes - begins
        raise NeverOpen("aucune heure d'ouverture dans les dix ans")

    def worked_between(self, a: datetime, b: datetime) -> timedelta:
        """The time open from `a` to `b`; nothing when `b` does not come after `a`."""
        a, b = a.astimezone(UTC), b.astimezone(UTC)
        worked = NOTHING
        for opens, closes in self._openings(a, until=b):
            worked += max(NOTHING, min(closes, b) - max(opens, a))
        return worked

    def _openings(self, start: datetime, until: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """The openings that end after `start`, in order, while they begin before `until`."""
        first = start.astimezone(self.hours.zone).date()
        for offset in range(HORIZON_DAYS) if until is None else count():
            day = first + timedelta(days=offset)
            if until is not None and day > until.astimezone(self.hours.zone).date():
                return
            if self.school_zone and day in school_holidays(self.school_zone, day.year):
                continue
            for opens, closes in self.hours.openings_of(day):
                if closes.astimezone(UTC) > start:
                    yield opens.astimezone(UTC), closes.astimezone(UTC)
