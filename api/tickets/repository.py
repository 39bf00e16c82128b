"""What is asked of the table of tickets."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, literal_column, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from api.db.models import Ticket, TicketEvent, TicketMessage
from api.tickets.statuses import STATUSES

SAID = ("text", "masked_text")  # the parts of a kept decision that quote the person


@dataclass(frozen=True, slots=True)
class TicketFilters:
    """What a list is narrowed to; empty narrows nothing. `q` is looked for in subject and fields, `email` is the contact's."""

    statuses: tuple[str, ...] = ()
    team: str | None = None
    unit: str | None = None
    service_type: str | None = None
    reference: str | None = None
    q: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of the list ended: lists go by `press_at` (see `due.py`), then oldest first."""

    press_at: datetime
    created_at: datetime
    id: uuid.UUID


async def insert_once(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Add the ticket; False, and nothing added, when its draft key or its reference exists."""
    query = insert(Ticket).values(**values).on_conflict_do_nothing().returning(Ticket.id)
    return await session.scalar(query) is not None


async def ticket_of_draft(session: AsyncSession, draft_key: str) -> Ticket | None:
    """The ticket opened from this draft."""
    return await session.scalar(select(Ticket).where(Ticket.draft_key == draft_key))


async def note_contact(session: AsyncSession, draft_key: str, *, email: str | None, phone: str | None) -> None:
    """Complete the contact of the ticket of this draft; what it has stays."""
    await session.execute(
        update(Ticket)
        .where(Ticket.draft_key == draft_key)
        .values(
            contact_email=func.coalesce(Ticket.contact_email, email),
            contact_phone=func.coalesce(Ticket.contact_phone, phone),
        )
        .execution_options(synchronize_session=False)
    )


async def ticket_of_drafts_since(session: AsyncSession, draft_keys: Sequence[str], since: datetime) -> Ticket | None:
    """The latest ticket opened after `since` from one of these drafts."""
    query = select(Ticket).where(Ticket.draft_key.in_(draft_keys), Ticket.created_at > since)
    return await session.scalar(query.order_by(Ticket.created_at.desc()).limit(1))


async def ticket_by_reference(session: AsyncSession, reference: str, *, lock: bool = False) -> Ticket | None:
    """The ticket of this reference, in the form people see. `lock` keeps others from changing it until the commit."""
    return await session.scalar(_locked(select(Ticket).where(Ticket.reference == reference), lock=lock))


async def ticket_by_id(session: AsyncSession, ticket_id: uuid.UUID, *, lock: bool = False) -> Ticket | None:
    """The ticket of this id. `lock` keeps others from changing it until the commit."""
    return await session.scalar(_locked(select(Ticket).where(Ticket.id == ticket_id), lock=lock))


async def opened_for(session: AsyncSession, email: str, since: datetime) -> int:
    """How many tickets gave this address after `since`."""
    query = select(func.count()).where(Ticket.contact_email == email, Ticket.created_at > since)
    return int(await session.scalar(query) or 0)


async def touch(session: AsyncSession, ticket: Ticket) -> None:
    """The ticket changed now."""
    ticket.updated_at = func.now()
    await session.flush()
    await session.refresh(ticket)


async def add_message(session: AsyncSession, message: TicketMessage) -> TicketMessage:
    """Keep a message."""
    session.add(message)
    await session.flush()
    await session.refresh(message)
    return message


async def add_event(session: AsyncSession, event: TicketEvent) -> TicketEvent:
    """Keep what happened."""
    session.add(event)
    await session.flush()
    await session.refresh(event)
    return event


async def message_of_client(session: AsyncSession, ticket_id: uuid.UUID, client_id: uuid.UUID) -> TicketMessage | None:
    """The message that this form sent before."""
    query = select(TicketMessage).where(TicketMessage.ticket_id == ticket_id, TicketMessage.client_id == client_id)
    return await session.scalar(query)


async def message(session: AsyncSession, message_id: int) -> TicketMessage | None:
    """One message."""
    return await session.get(TicketMessage, message_id)


async def messages_of(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketMessage]:
    """The exchange, notes included, oldest first."""
    query = select(TicketMessage).where(TicketMessage.ticket_id == ticket_id).order_by(TicketMessage.id)
    return (await session.scalars(query)).all()


async def messages_since(session: AsyncSession, ticket_id: uuid.UUID, author: str, since: datetime) -> int:
    """How many messages an author wrote after `since`."""
    query = select(func.count()).where(
        TicketMessage.ticket_id == ticket_id, TicketMessage.author == author, TicketMessage.at > since
    )
    return int(await session.scalar(query) or 0)


async def events_of(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketEvent]:
    """What happened, oldest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id)
    return (await session.scalars(query)).all()


async def last_event(
    session: AsyncSession, ticket_id: uuid.UUID, *, kind: str | None = None, but: Collection[str] = ()
) -> TicketEvent | None:
    """The latest event, of one kind or of any, `but` some."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
    if kind is not None:
        query = query.where(TicketEvent.kind == kind)
    if but:
        query = query.where(TicketEvent.kind.not_in(but))
    return await session.scalar(query.order_by(TicketEvent.id.desc()).limit(1))


async def keep_delays(session: AsyncSession, ticket: Ticket, values: dict[str, Any]) -> None:
    """Keep what follows from the events. It is no change of the ticket: the time of its last change stays."""
    changed = {name: value for name, value in values.items() if getattr(ticket, name) != value}
    if not changed:
        return
    query = update(Ticket).where(Ticket.id == ticket.id).values(**changed, updated_at=Ticket.updated_at)
    await session.execute(query.execution_options(synchronize_session=False))
    for name, value in changed.items():
        set_committed_value(ticket, name, value)


async def tickets_to_remind(session: AsyncSession, now: datetime, limit: int) -> Sequence[uuid.UUID]:
    """The tickets whose delays are to be looked at, the longest awaited first."""
    query = select(Ticket.id).where(Ticket.remind_at <= now).order_by(Ticket.remind_at).limit(limit)
    return (await session.scalars(query)).all()


async def ticket_to_remind(session: AsyncSession, ticket_id: uuid.UUID, now: datetime) -> Ticket | None:
    """The ticket, locked, if it is still to be looked at and nobody holds it."""
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.remind_at <= now).with_for_update(skip_locked=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def page_of_tickets(
    session: AsyncSession, filters: TicketFilters, *, after: Position | None, limit: int
) -> Sequence[Ticket]:
    """At most `limit` tickets: safety, then what is due first, then the oldest."""
    query = _narrowed(select(Ticket), filters)
    if after is not None:
        query = query.where(
            tuple_(Ticket.press_at, Ticket.created_at, Ticket.id) > tuple_(after.press_at, after.created_at, after.id)
        )
    query = query.order_by(Ticket.press_at, Ticket.created_at, Ticket.id).limit(limit)
    return (await session.scalars(query)).all()


async def count_by_status(session: AsyncSession, filters: TicketFilters) -> dict[str, int]:
    """How many tickets of each status the filters keep."""
    query = _narrowed(select(Ticket.status, func.count()), filters).group_by(Ticket.status)
    return dict((await session.execute(query)).tuples().all())


def _locked(query: Select[Ticket], *, lock: bool) -> Select[Ticket]:
    """The row as it is once the lock is held, even if the session read it before."""
    return query.with_for_update().execution_options(populate_existing=True) if lock else query


def _narrowed(query: Any, filters: TicketFilters) -> Any:
    if filters.statuses:
        # Written out, not sent apart: the planner must see that the indexes of open tickets are enough.
        query = query.where(Ticket.status.in_([literal_column(f"'{s}'") for s in filters.statuses if s in STATUSES]))
    if filters.team:
        query = query.where(Ticket.team == filters.team)
    if filters.unit:
        query = query.where(Ticket.unit == filters.unit)
    if filters.service_type:
        query = query.where(Ticket.service_type == filters.service_type)
    if filters.reference:
        query = query.where(Ticket.reference == filters.reference)
    if filters.q:
        query = query.where(
            or_(
                Ticket.subject.icontains(filters.q, autoescape=True),
                cast(Ticket.fields, String).icontains(filters.q, autoescape=True),
            )
        )
    if filters.email:
        query = query.where(Ticket.contact_email == filters.email)
    return query


async def tickets_of_conversation(session: AsyncSession, conversation_id: uuid.UUID) -> Sequence[Ticket]:
    """The tickets that a conversation opened, oldest first."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id).order_by(Ticket.created_at)
    return (await session.scalars(query)).all()


async def forget_conversation(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Take what was said out of the tickets of a conversation; what was asked of the team stays."""
    await session.execute(
        update(Ticket)
        .where(Ticket.conversation_id == conversation_id)
        .values(transcript=[], triage=Ticket.triage.op("-")(array(SAID)), conversation_id=None)
        .execution_options(synchronize_session=False)
    )


async def keep_routing(session: AsyncSession, ticket: Ticket, routing: dict[str, Any]) -> None:
    """Keep why a ticket went where it did."""
    await keep_delays(session, ticket, {"routing": routing})
