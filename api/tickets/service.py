"""Opening, finding and moving tickets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.health.metrics import TICKETS
from api.tickets import distributing, life, notices, repository
from api.tickets.contacts import read_email, read_phone, same_contact
from api.tickets.life import LEARNER, SYSTEM, Actor, Overtaken, StatusRefused, UnknownTicket
from api.tickets.privacy import masked_value
from api.tickets.reference import new_reference, read_reference
from api.tickets.repository import Position, TicketFilters
from api.tickets.routing import Facts, destination
from api.tickets.statuses import STATUSES, Status
from api.tickets.urgency import urgency_of
from knowledge.service_types import Catalogue, load_catalogue

Channel = Literal["chat", "mail", "web_form", "phone"]

SAFETY, URGENT, NORMAL = 0, 1, 2
REFERENCE_DRAWS = 5
SUBJECT_LENGTH = 200


class UnknownServiceType(ValueError):
    """The draft names a service type that the catalogue does not have: a fault of the program or of the content."""


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A request ready to be sent to people. `draft_key` is what makes it open once.

    `fields` maps a field id to `{"value", "origin"}`, origin being said, deduced or skipped. `transcript` is a list of
    `{"author", "text", "at"}` whose texts are masked. E-mail and phone live in `contact_*`, and are masked elsewhere.
    """

    draft_key: str
    channel: Channel
    service_type: str
    subject: str
    unit: str | None = None
    priority: int = NORMAL
    fields: dict[str, Any] = field(default_factory=dict)
    transcript: list[Any] = field(default_factory=list)
    triage: dict[str, Any] = field(default_factory=dict)
    contact_email: str | None = None
    contact_phone: str | None = None
    conversation_id: uuid.UUID | None = None


async def open_ticket(*, session: AsyncSession, draft: TicketDraft, catalogue: Catalogue | None = None) -> Ticket:
    """The ticket of this draft: a new one, or the one that the same draft opened before. The caller commits.

    Raises:
        UnknownServiceType: nothing is written.
    """
    values = _routed(draft, catalogue or _catalogue())
    for _ in range(REFERENCE_DRAWS):
        row = values | {"id": uuid.uuid4(), "reference": new_reference()}
        new = await repository.insert_once(session, row)
        ticket = await repository.ticket_of_draft(session, draft.draft_key)
        if ticket is not None:
            if new:
                await _opened(session, ticket, catalogue or _catalogue())
            return ticket
        # Nothing was inserted and the draft is unknown: the reference was taken. Draw another.
    raise RuntimeError("no free ticket reference was drawn")


async def note_contact(*, session: AsyncSession, draft_key: str, email: str | None, phone: str | None) -> None:
    """Add to a ticket the way to reach the person, said after it was opened. What it already has is not replaced."""
    await repository.note_contact(session, draft_key, email=email, phone=phone)


async def recent_ticket(*, session: AsyncSession, draft_keys: Sequence[str], since: datetime) -> Ticket | None:
    """The latest ticket that one of these drafts opened after `since`."""
    return await repository.ticket_of_drafts_since(session, draft_keys, since)


async def find_ticket(*, session: AsyncSession, reference: str, contact: str) -> Ticket | None:
    """The ticket of a reference, for somebody who gives the e-mail or phone kept with it.

    None when the reference is unknown as well as when the contact is not that one: the caller can't tell them apart.
    """
    canonical = read_reference(reference)
    if canonical is None:
        return None
    ticket = await repository.ticket_by_reference(session, canonical)
    if ticket is None or not same_contact(contact, email=ticket.contact_email, phone=ticket.contact_phone):
        return None
    return ticket


async def get_ticket(*, session: AsyncSession, reference: str) -> Ticket:
    """The ticket of a reference, for staff.

    Raises:
        UnknownTicket: no such reference, or not a reference at all.
    """
    canonical = read_reference(reference)
    ticket = None if canonical is None else await repository.ticket_by_reference(session, canonical)
    if ticket is None:
        raise UnknownTicket
    return ticket


async def list_tickets(
    *, session: AsyncSession, filters: TicketFilters, after: Position | None = None, limit: int = 50
) -> tuple[list[Ticket], Position | None]:
    """A page of tickets, the most pressing first (safety, due, oldest), and where the next page starts (None: no more)."""
    found = list(await repository.page_of_tickets(session, filters, after=after, limit=limit + 1))
    tickets = found[:limit]
    if len(found) <= limit:
        return tickets, None
    last = tickets[-1]
    return tickets, Position(last.press_at, last.created_at, last.id)


async def count_tickets(*, session: AsyncSession, filters: TicketFilters) -> dict[str, int]:
    """How many tickets the filters keep, by status; every status is there."""
    counts = await repository.count_by_status(session, filters)
    return {status: counts.get(status, 0) for status in STATUSES}


async def ticket_by_id(*, session: AsyncSession, ticket_id: uuid.UUID) -> Ticket | None:
    """The ticket of an id that the service itself kept."""
    return await repository.ticket_by_id(session, ticket_id)


async def change_status(
    *,
    session: AsyncSession,
    reference: str,
    status: Status,
    by: Actor = SYSTEM,
    why: str | None = None,
    seen: int | None = None,
) -> Ticket:
    """Move a ticket; asking for the status it has changes nothing. `seen`: the version that was looked at.

    Raises:
        UnknownTicket: no such reference.
        StatusRefused: a ticket that is over can only be opened again.
        Overtaken: something happened since `seen`.
    """
    ticket = await life.locked(session=session, reference=reference)
    await life.check_version(session=session, ticket=ticket, seen=seen)
    await life.move(session=session, ticket=ticket, to=status, by=by, why=masked_value(why))
    return ticket


async def tickets_of_conversation(*, session: AsyncSession, conversation_id: uuid.UUID) -> Sequence[Ticket]:
    """The tickets that a conversation opened, oldest first."""
    return await repository.tickets_of_conversation(session, conversation_id)


async def forget_conversation(*, session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """The conversation is erased by its author: its tickets keep the request and lose the transcript. The caller commits."""
    await repository.forget_conversation(session, conversation_id)


def filters_of(
    *,
    statuses: Sequence[str] = (),
    team: str | None = None,
    unit: str | None = None,
    service_type: str | None = None,
    q: str | None = None,
) -> TicketFilters:
    """The filters of what somebody chose. A `q` that is a reference looks for that ticket alone; an e-mail, for its tickets."""
    reference = read_reference(q) if q else None
    words = (q or "").strip() or None
    email = read_email(words) if words and not reference and " " not in words else None
    return TicketFilters(
        statuses=tuple(statuses),
        team=team or None,
        unit=unit or None,
        service_type=service_type or None,
        reference=reference,
        q=None if reference or email else words,
        email=email,
    )


def ticket_view(ticket: Ticket) -> dict[str, Any]:
    """The public object: what the person who made the request may see. `fields` maps an id to its value."""
    return {
        "reference": ticket.reference,
        "service_type": ticket.service_type,
        "team": ticket.team,
        "unit": ticket.unit,
        "status": ticket.status,
        "fields": {name: kept["value"] for name, kept in ticket.fields.items() if kept.get("origin") != "skipped"},
    }


async def _opened(session: AsyncSession, ticket: Ticket, catalogue: Catalogue) -> None:
    TICKETS.labels(ticket.channel, ticket.team).inc()
    await life.heed(session=session, ticket=ticket, urgency=urgency_of(ticket))
    await life.record(session=session, ticket=ticket, kind="opened", by=LEARNER)
    await distributing.distribute(session=session, ticket=ticket, catalogue=catalogue)
    await notices.ticket_opened(session=session, ticket=ticket)


def _routed(draft: TicketDraft, catalogue: Catalogue) -> dict[str, Any]:
    service_type = catalogue.types.get(draft.service_type)
    if service_type is None:
        raise UnknownServiceType(draft.service_type)
    fields = {name: masked_value(value) for name, value in draft.fields.items() if name != "contact"}
    contact = str(draft.fields.get("contact", {}).get("value") or "")
    said = {n: str(k["value"]) for n, k in fields.items() if k.get("value") and k.get("origin") != "skipped"}
    facts = Facts(service_type.id, draft.unit, draft.channel, said)
    where = destination(facts, distributing.routing_rules(), catalogue)
    return {
        "draft_key": draft.draft_key,
        "channel": draft.channel,
        "service_type": service_type.id,
        "team": where.team,
        "unit": where.unit,
        "priority": draft.priority,
        "status": "nouveau",
        "subject": masked_value(draft.subject)[:SUBJECT_LENGTH],
        "fields": fields,
        "transcript": draft.transcript,
        "triage": masked_value(draft.triage),
        "contact_email": draft.contact_email or read_email(contact),
        "contact_phone": draft.contact_phone or (None if read_email(contact) else read_phone(contact)),
        "conversation_id": draft.conversation_id,
    }


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


__all__ = [
    "NORMAL", "SAFETY", "URGENT", "Overtaken", "Position", "StatusRefused", "TicketDraft", "TicketFilters",
    "UnknownServiceType", "UnknownTicket", "change_status", "count_tickets", "filters_of", "find_ticket",
    "forget_conversation", "get_ticket", "list_tickets", "note_contact", "open_ticket", "recent_ticket", "ticket_by_id",
    "ticket_view", "tickets_of_conversation",
]  # fmt: skip
