"""What happens to a ticket, kept as events: who, what, when, why. Nothing else moves a ticket."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket, TicketEvent, TicketMessage
from api.errors import Conflict, NotFound
from api.tickets import due, notices, repository
from api.tickets.delays import COUNTED, ESCALATION, REMINDER
from api.tickets.reference import read_reference
from api.tickets.statuses import LABELS, ActorKind, Status, next_statuses
from api.tickets.urgency import Urgency


class UnknownTicket(NotFound):
    """No ticket has this reference."""

    detail = "Aucune demande ne porte cette référence."


class StatusRefused(Conflict):
    """The ticket can't go from its status to the one asked for."""

    detail = "Cette demande ne peut pas passer à cet état."


class Overtaken(Conflict):
    """Somebody changed the ticket after the page that this answer comes from was read."""

    detail = "Cette demande a changé pendant que vous écriviez. Relisez l'échange, puis envoyez de nouveau."


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: the learner, the service itself, or a member of staff."""

    kind: ActorKind
    operator_id: uuid.UUID | None = None


QUIET = (REMINDER, ESCALATION)  # events that change nothing for whoever is writing an answer
LEARNER = Actor("learner")
SYSTEM = Actor("system")


def staff(operator_id: uuid.UUID) -> Actor:
    """A member of staff."""
    return Actor("operator", operator_id)


async def locked(*, session: AsyncSession, reference: str | None = None, ticket_id: uuid.UUID | None = None) -> Ticket:
    """The ticket, which nobody else changes until the commit.

    Raises:
        UnknownTicket: no such reference or id.
    """
    ticket: Ticket | None = None
    if ticket_id is not None:
        ticket = await repository.ticket_by_id(session, ticket_id, lock=True)
    elif (canonical := read_reference(reference or "")) is not None:
        ticket = await repository.ticket_by_reference(session, canonical, lock=True)
    if ticket is None:
        raise UnknownTicket
    return ticket


async def version_of(*, session: AsyncSession, ticket: Ticket) -> int:
    """The number of the last event: what a page carries, so that an answer to an older state is noticed."""
    last = await repository.last_event(session, ticket.id, but=QUIET)
    return last.id if last else 0


def version_in(events: Sequence[TicketEvent]) -> int:
    """The same, from the history of a ticket."""
    return max((event.id for event in events if event.kind not in QUIET), default=0)


async def check_version(*, session: AsyncSession, ticket: Ticket, seen: int | None) -> None:
    """Refuse what answers an older state of the (locked) ticket; None is not checked.

    Raises:
        Overtaken: something happened since.
    """
    if seen is not None and seen != await version_of(session=session, ticket=ticket):
        raise Overtaken


async def record(
    *,
    session: AsyncSession,
    ticket: Ticket,
    kind: str,
    by: Actor,
    data: dict[str, Any] | None = None,
    why: str | None = None,
) -> TicketEvent:
    """Keep what happened, and count the delays again."""
    event = TicketEvent(
        ticket_id=ticket.id, actor=by.kind, operator_id=by.operator_id, kind=kind, data=data or {}, why=why
    )
    kept = await repository.add_event(session, event)
    if kind in COUNTED:
        await due.refresh(session=session, ticket=ticket)
    return kept


async def move(
    *,
    session: AsyncSession,
    ticket: Ticket,
    to: Status,
    by: Actor,
    why: str | None = None,
    message: TicketMessage | None = None,
) -> TicketEvent | None:
    """Move a locked ticket, keep the event, and queue the mail it calls for; `message` is what that mail carries.

    None, and nothing done, when it is already there.

    Raises:
        StatusRefused: `by` may not move it there.
    """
    if to == ticket.status:
        return None
    if to not in next_statuses(ticket.status, by.kind):
        raise StatusRefused(f"Une demande « {LABELS[ticket.status]} » ne peut pas passer à « {LABELS[to]} ».")
    before, ticket.status = ticket.status, to
    await repository.touch(session, ticket)
    event = await record(session=session, ticket=ticket, kind="status", by=by, data={"from": before, "to": to}, why=why)
    await notices.status_changed(session=session, ticket=ticket, event=event, message=message)
    return event


async def heed(*, session: AsyncSession, ticket: Ticket, urgency: Urgency | None) -> None:
    """Keep a date that the person depends on, if it comes before the one known; near, it makes the ticket urgent."""
    if urgency is None or (ticket.needed_by is not None and ticket.needed_by <= urgency.needed_by):
        return
    before = ticket.priority
    ticket.needed_by, ticket.priority = urgency.needed_by, min(before, urgency.priority)
    await repository.touch(session, ticket)
    data = {"from": before, "to": ticket.priority, "needed_by": urgency.needed_by.isoformat(), "said": urgency.said}
    await record(session=session, ticket=ticket, kind="priority", by=SYSTEM, data=data)


async def still_waiting(*, session: AsyncSession, ticket: Ticket, since_event: int) -> bool:
    """True when the ticket has been waiting for the learner since this very event."""
    last = await repository.last_event(session, ticket.id, kind="status")
    return ticket.status == "en_attente" and last is not None and last.id == since_event


async def history(*, session: AsyncSession, ticket: Ticket) -> Sequence[TicketEvent]:
    """Everything that happened, oldest first."""
    return await repository.events_of(session, ticket.id)
