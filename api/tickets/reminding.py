"""Reminders of delays: at each percentage of the content whoever has the ticket is told, at the last the lead is too.

What was told is an event of the ticket, and that is what makes it told once: the round may run twice, late, or in two
workers at once.
"""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.db.session import Sessions
from api.teams import service as teams
from api.tickets import due, life, repository
from api.tickets.delays import ESCALATION, REMINDER, Clock
from api.tickets.due import DelayDesk, delay_desk

logger = logging.getLogger(__name__)
A_ROUND = 2000


async def remind(sessions: Sessions, *, now: datetime | None = None, desk: DelayDesk | None = None) -> int:
    """Tell what is to be told now; how many events that made. A ticket that fails is logged and does not stop the others."""
    now = now or datetime.now(UTC)
    async with sessions() as session:
        waiting = await repository.tickets_to_remind(session, now, A_ROUND)
    told = 0
    for ticket_id in waiting:
        try:
            told += await _one(sessions, ticket_id, now, desk or delay_desk())
        except Exception:
            logger.exception("the delays of ticket %s could not be told", ticket_id)
    return told


async def _one(sessions: Sessions, ticket_id: uuid.UUID, now: datetime, desk: DelayDesk) -> int:
    async with sessions() as session:
        ticket = await repository.ticket_to_remind(session, ticket_id, now)
        if ticket is None:  # another worker has it, or something happened since
            return 0
        found = await due.refresh(session=session, ticket=ticket, desk=desk)
        told = 0
        for clock in found.clocks:
            reached = [p for p in desk.rules.reminders if _is_reached(clock, p, now)]
            if reached and reached[-1] > max(clock.told, default=0):
                await _tell(session, ticket, clock, reached[-1], desk, now)
                told += 1
        await session.commit()
        return told


def _is_reached(clock: Clock, percent: int, now: datetime) -> bool:
    at = clock.due_at(percent)
    return at is not None and at <= now


async def _tell(
    session: AsyncSession, ticket: Ticket, clock: Clock, percent: int, desk: DelayDesk, now: datetime
) -> None:
    last = percent == desk.rules.reminders[-1]
    kind = ESCALATION if last else REMINDER
    data = {"clock": clock.name, "percent": percent, "cycle": clock.cycle}
    people = [ticket.assignee_id] if ticket.assignee_id else []
    if last or not people:
        people += await teams.leads_of(session=session, team=ticket.team, unit=ticket.unit)
    key = f"{clock.name}:{clock.cycle}:{percent}"
    await life.record(session=session, ticket=ticket, kind=kind, by=life.SYSTEM, data=data)
    await teams.tell(session=session, people=people, ticket=ticket, key=key, kind=kind, data=data, at=now)
