"""What is due and when, kept on the ticket at each event: derived from its events, never set by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.tickets import repository
from api.tickets.clock import WorkingClock
from api.tickets.delays import Clock, Delays, Targets, delays_of
from api.tickets.statuses import OVER
from knowledge.delays import DelayRules, load_delays
from knowledge.opening_hours import OpeningHours, load_hours
from knowledge.service_types import Catalogue, load_catalogue

FIRST = datetime(1970, 1, 1, tzinfo=UTC)  # safety: before everything
URGENT_UNDATED = datetime(9998, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 1, 1, tzinfo=UTC)
SAFETY, URGENT = 0, 1


@dataclass(frozen=True, slots=True)
class DelayDesk:
    """The content that delays rest on."""

    catalogue: Catalogue
    rules: DelayRules
    hours: OpeningHours

    def working(self, team: str) -> WorkingClock:
        """The clock of a team."""
        return WorkingClock(self.hours, self.rules.zone if team in self.rules.suspended else None)

    def targets(self, service_type: str) -> Targets:
        """The targets of a service type; one that left the catalogue has none."""
        kind = self.catalogue.types.get(service_type)
        hours = (kind.delay_hours, kind.resolution_hours) if kind else (None, None)
        return Targets(*(None if h is None else self.rules.worked(h) for h in hours))

    def is_fixed(self, service_type: str) -> bool:
        """True when the catalogue gives a delay."""
        return self.targets(service_type) != Targets(None, None)


@cache
def delay_desk() -> DelayDesk:
    """The project's content."""
    return DelayDesk(load_catalogue(), load_delays(), load_hours())


async def delays(*, session: AsyncSession, ticket: Ticket, desk: DelayDesk | None = None) -> Delays:
    """The clocks of a ticket."""
    desk = desk or delay_desk()
    events = await repository.events_of(session, ticket.id)
    return delays_of(events, desk.targets(ticket.service_type), desk.working(ticket.team))


async def refresh(*, session: AsyncSession, ticket: Ticket, desk: DelayDesk | None = None) -> Delays:
    """Count the delays of a (locked) ticket again and keep what follows from them."""
    desk = desk or delay_desk()
    found = await delays(session=session, ticket=ticket, desk=desk)
    await repository.keep_delays(session, ticket, standing(ticket, found, desk))
    return found


def standing(ticket: Ticket, found: Delays, desk: DelayDesk) -> dict[str, Any]:
    """What is kept on the ticket of its clocks, by column."""
    clock = found.next
    due = clock.due_at() if clock else None
    kind: str | None = clock.name if clock else None
    awaited = ticket.status not in (*OVER, "en_attente")
    if ticket.needed_by and awaited and (due is None or ticket.needed_by < due):
        due, kind = ticket.needed_by, "needed_by"
    state = _state(ticket, due, found, desk)
    moments = [at for c in found.clocks if (at := c.next_reminder(desk.rules.reminders)) is not None]
    return {
        "due_at": due,
        "due_kind": kind,
        "clock": state,
        "left_s": _left_s(found.waiting) if state == "paused" else None,
        "remind_at": min(moments, default=None),
        "press_at": press_at(ticket, due),
    }


def press_at(ticket: Ticket, due: datetime | None) -> datetime:
    """Where a ticket stands in lists: safety first, then what is due first, then what is urgent without a date."""
    if ticket.priority == SAFETY:
        return FIRST
    if due is not None:
        return max(due, FIRST + timedelta(seconds=1))
    return URGENT_UNDATED if ticket.priority == URGENT and ticket.status not in OVER else LAST


def _state(ticket: Ticket, due: datetime | None, found: Delays, desk: DelayDesk) -> str:
    if ticket.status in OVER:
        return "over"
    if due is not None:
        return "running"
    if found.waiting is not None:
        return "paused"
    return "met" if desk.is_fixed(ticket.service_type) else "none"


def _left_s(clock: Clock | None) -> int | None:
    if clock is None or clock.target is None:
        return None
    return int((clock.target - clock.worked).total_seconds())
