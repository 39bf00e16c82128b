"""What is asked about staff and tickets: who has one open, what each has to do."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket, TicketPresence


async def be_here(session: AsyncSession, ticket_id: uuid.UUID, operator_id: uuid.UUID, *, writing: bool) -> None:
    """Somebody of the staff has the ticket open."""
    now: dict[str, Any] = {"seen_at": func.clock_timestamp()} | (
        {"writing_at": func.clock_timestamp()} if writing else {}
    )
    query = insert(TicketPresence).values(ticket_id=ticket_id, operator_id=operator_id, **now)
    await session.execute(query.on_conflict_do_update(index_elements=["ticket_id", "operator_id"], set_=now))


async def leave(session: AsyncSession, ticket_id: uuid.UUID, operator_id: uuid.UUID) -> None:
    """They have closed it."""
    await session.execute(
        delete(TicketPresence).where(TicketPresence.ticket_id == ticket_id, TicketPresence.operator_id == operator_id)
    )


async def others_here(
    session: AsyncSession, ticket_id: uuid.UUID, operator_id: uuid.UUID, *, seen_for: timedelta, writing_for: timedelta
) -> Sequence[tuple[uuid.UUID, bool]]:
    """Who else has had it open lately, and whether they write."""
    writing = func.coalesce(TicketPresence.writing_at > func.clock_timestamp() - writing_for, False)
    query = select(TicketPresence.operator_id, writing).where(
        TicketPresence.ticket_id == ticket_id,
        TicketPresence.operator_id != operator_id,
        TicketPresence.seen_at > func.clock_timestamp() - seen_for,
    )
    return (await session.execute(query.order_by(TicketPresence.seen_at))).tuples().all()


async def one_at_a_time(session: AsyncSession, team: str) -> None:
    """Wait until nobody else gives tickets of this team; held until the commit."""
    await session.execute(sql("SELECT pg_advisory_xact_lock(hashtextextended(:team, 3))"), {"team": team})


async def loads(session: AsyncSession, people: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many open tickets each has to do; those that wait for the learner don't count."""
    query = select(Ticket.assignee_id, func.count()).where(
        Ticket.assignee_id.in_(people), Ticket.status.in_(("nouveau", "rouvert", "assigne"))
    )
    rows = (await session.execute(query.group_by(Ticket.assignee_id))).tuples().all()
    return {person: number for person, number in rows if person is not None}


async def open_tickets_of(session: AsyncSession, people: Collection[uuid.UUID], limit: int) -> Sequence[uuid.UUID]:
    """Their tickets to do, what presses most first."""
    query = select(Ticket.id).where(
        Ticket.assignee_id.in_(people), Ticket.status.in_(("nouveau", "rouvert", "assigne"))
    )
    return (await session.scalars(query.order_by(Ticket.press_at).limit(limit))).all()
