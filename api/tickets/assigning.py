"""Who has a ticket: taken, given back, given by the rules, and given again when somebody is away."""

from __future__ import annotations

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.tickets import life, repository
from api.tickets.life import Actor, StatusRefused
from api.tickets.statuses import OVER, TO_TAKE

ASSIGNED = "assigned"


async def take(*, session: AsyncSession, reference: str, operator_id: uuid.UUID) -> Ticket:
    """Somebody takes a ticket, from the queue or from a colleague. The caller commits.

    Raises:
        UnknownTicket. StatusRefused: it is over.
    """
    ticket = await life.locked(session=session, reference=reference)
    if ticket.status in OVER:
        raise StatusRefused("Cette demande est terminée : rouvrez-la avant de la prendre.")
    await give(session=session, ticket=ticket, to=operator_id, by=life.staff(operator_id))
    return ticket


async def give_back(*, session: AsyncSession, reference: str, by: Actor, why: str) -> Ticket:
    """Back to the queue of the team. The caller commits.

    Raises:
        UnknownTicket.
    """
    ticket = await life.locked(session=session, reference=reference)
    await give(session=session, ticket=ticket, to=None, by=by, why=why)
    return ticket


async def give(
    *, session: AsyncSession, ticket: Ticket, to: uuid.UUID | None, by: Actor, why: str | None = None
) -> None:
    """Give a (locked) ticket to somebody, or to the queue; the status follows. Nothing when it is there already."""
    if ticket.assignee_id == to:
        return
    before, ticket.assignee_id = ticket.assignee_id, to
    await repository.touch(session, ticket)
    data = {"from": str(before) if before else None, "to": str(to) if to else None}
    await life.record(session=session, ticket=ticket, kind=ASSIGNED, by=by, data=data, why=why)
    if to is not None and ticket.status in TO_TAKE:
        await life.move(session=session, ticket=ticket, to="assigne", by=by)
    elif to is None and ticket.status == "assigne":
        await life.move(session=session, ticket=ticket, to="nouveau", by=by)
