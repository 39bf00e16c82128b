"""Tickets over HTTP, for staff."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.db.models import Ticket
from api.dependencies import SessionDep
from api.operators.signed_in import StaffDep
from api.text_fields import Line, SearchWords
from api.tickets import life, measured_delays, service
from api.tickets.pagination import read_position, write_position
from api.tickets.statuses import Status

router = APIRouter(prefix="/v1/tickets", tags=["tickets"], lifespan=measured_delays.measuring)


class StatusChange(BaseModel):
    """What can be changed in a ticket."""

    model_config = ConfigDict(extra="forbid")
    status: Status
    why: Annotated[Line | None, Field(description="pourquoi, gardé dans l'historique")] = None


class TicketLine(BaseModel):
    """A ticket in a list."""

    reference: str
    service_type: str
    team: str
    unit: str | None
    status: str
    priority: int = Field(description="0 sécurité, 1 urgent, 2 normal")
    channel: str
    subject: str
    fields: dict[str, Any] = Field(description="identifiant du champ : valeur")
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None = Field(description="ce qui est dû en premier ; nul sans horloge ou pendant une pause")
    due_kind: Literal["answer", "resolution", "needed_by"] | None = Field(
        description="première réponse, résolution, ou date dont la personne dépend"
    )
    clock: str = Field(description="none (à fixer), running, paused, met (réponse donnée) ou over")


class TicketFile(TicketLine):
    """A ticket with everything an advisor needs to answer."""

    origins: dict[str, str] = Field(
        description="identifiant du champ : said (dit), deduced (déduit) ou skipped (non fourni)"
    )
    transcript: list[Any]
    triage: dict[str, Any]
    contact: dict[Literal["email", "phone"], str | None]
    conversation_id: uuid.UUID | None


class TicketPage(BaseModel):
    """A page of a list: safety, then what is due first, then the oldest."""

    tickets: list[TicketLine]
    next: str | None = Field(description="à donner en « after » pour la page suivante ; nul à la fin")


@router.get("")
async def list_tickets(
    session: SessionDep,
    staff: StaffDep,
    *,
    status: Annotated[list[Status] | None, Query()] = None,
    team: SearchWords = "",
    unit: SearchWords = "",
    service_type: SearchWords = "",
    q: SearchWords = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TicketPage:
    """The tickets that the filters keep."""
    filters = service.filters_of(statuses=status or (), team=team, unit=unit, service_type=service_type, q=q)
    position = read_position(after) if after else None
    tickets, following = await service.list_tickets(session=session, filters=filters, after=position, limit=limit)
    return TicketPage(
        tickets=[TicketLine(**_line(ticket)) for ticket in tickets],
        next=write_position(following) if following else None,
    )


@router.get("/{reference}")
async def read_ticket(session: SessionDep, staff: StaffDep, reference: str) -> TicketFile:
    """One ticket. The reference may be typed in any case, with or without its dash."""
    return _file(await service.get_ticket(session=session, reference=reference))


@router.patch("/{reference}")
async def change_ticket(session: SessionDep, staff: StaffDep, reference: str, change: StatusChange) -> TicketFile:
    """Move a ticket to another status."""
    by = life.staff(staff.operator.id)
    return _file(
        await service.change_status(
            session=session, reference=reference, status=change.status, by=by, why=change.why or None
        )
    )


def _line(ticket: Ticket) -> dict[str, Any]:
    return service.ticket_view(ticket) | {
        "priority": ticket.priority,
        "channel": ticket.channel,
        "subject": ticket.subject,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "due_at": ticket.due_at,
        "due_kind": ticket.due_kind,
        "clock": ticket.clock,
    }


def _file(ticket: Ticket) -> TicketFile:
    return TicketFile(
        **_line(ticket),
        origins={name: str(kept.get("origin", "")) for name, kept in ticket.fields.items()},
        transcript=ticket.transcript,
        triage=ticket.triage,
        contact={"email": ticket.contact_email, "phone": ticket.contact_phone},
        conversation_id=ticket.conversation_id,
    )
