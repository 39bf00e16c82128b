"""Who else has a ticket open, and who writes an answer: said before two people send one each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.operators import service as operators
from api.tickets import staff_repository

BEAT_S = 10  # how often a page says that it is open
SEEN_FOR = timedelta(seconds=45)
WRITING_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Other:
    """A colleague who has the ticket open."""

    name: str
    writing: bool


async def here(
    *, session: AsyncSession, ticket: Ticket, operator_id: uuid.UUID, writing: bool = False
) -> tuple[Other, ...]:
    """Say that somebody has the ticket open, and learn who else has. The caller commits."""
    await staff_repository.be_here(session, ticket.id, operator_id, writing=writing)
    found = await staff_repository.others_here(
        session, ticket.id, operator_id, seen_for=SEEN_FOR, writing_for=WRITING_FOR
    )
    names = await operators.names_of(session=session, ids=[person for person, _ in found])
    return tuple(Other(names.get(person, "Une personne de l'équipe"), writes) for person, writes in found)


async def left(*, session: AsyncSession, ticket: Ticket, operator_id: uuid.UUID) -> None:
    """They closed it. The caller commits."""
    await staff_repository.leave(session, ticket.id, operator_id)
