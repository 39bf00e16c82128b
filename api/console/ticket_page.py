"""The page of a ticket, put together from what each feature knows of it."""

from __future__ import annotations

import uuid

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from api.console.contexts import Who, ticket_page
from api.console.exchange import Exchange, Writing, exchange_of
from api.console.holding import Holding
from api.console.page_staff import TEMPLATES
from api.db.models import Ticket
from api.followup import service as followup
from api.mail import service as mail
from api.operators import service as operators
from api.operators.signed_in import Staff, form_token
from api.pages import page
from api.settings import Settings
from api.tickets import exchange as exchanges
from api.tickets import life, presence
from api.tickets import service as tickets
from api.tickets.statuses import OVER
from knowledge.triage import Engine


def who(staff: Staff) -> Who:
    """The person signed in."""
    return Who(staff.operator.name, staff.operator.role, form_token(staff.token))


async def show_ticket(
    *,
    session: AsyncSession,
    engine: Engine,
    settings: Settings,
    staff: Staff,
    reference: str,
    notice: str | None = None,
    warning: str | None = None,
    seen: int | None = None,
    writing: Writing | None = None,
    status: int = 200,
) -> Response:
    """The page. `writing` is what was typed and not kept, `seen` the version it answered."""
    ticket = await tickets.get_ticket(session=session, reference=reference)
    context = ticket_page(
        ticket,
        who=who(staff),
        catalogue=engine.catalogue,
        articles=engine.articles,
        notice=notice,
        warning=warning,
        exchange=await _exchange(session, ticket, settings, seen, writing),
        holding=await _holding(session, ticket, staff),
    )
    return page(TEMPLATES, "demande.html", context, status=status)


async def _holding(session: AsyncSession, ticket: Ticket, staff: Staff) -> Holding:
    me = staff.operator.id
    others = await presence.here(session=session, ticket=ticket, operator_id=me)
    names = await operators.names_of(session=session, ids=[ticket.assignee_id] if ticket.assignee_id else [])
    return Holding(
        assignee=names.get(ticket.assignee_id) if ticket.assignee_id else None,
        mine=ticket.assignee_id == me,
        can_take=ticket.assignee_id != me and ticket.status not in OVER,
        can_give_back=ticket.assignee_id is not None and ticket.status not in OVER,
        others=others,
        beat_s=presence.BEAT_S,
    )


async def _exchange(
    session: AsyncSession, ticket: Ticket, settings: Settings, seen: int | None, writing: Writing | None
) -> Exchange:
    events = await life.history(session=session, ticket=ticket)
    people: set[uuid.UUID] = {e.operator_id for e in events if e.operator_id}
    people |= {uuid.UUID(e.data["to"]) for e in events if e.kind == "assigned" and e.data.get("to")}
    return exchange_of(
        ticket,
        events=events,
        messages=await exchanges.messages(session=session, ticket=ticket),
        names=await operators.names_of(session=session, ids=people),
        mails=await mail.mails_of(session=session, ticket_id=ticket.id),
        mails_stopped=await mail.is_stopped(session=session, ticket_id=ticket.id),
        mails_configured=mail.is_configured(settings),
        rating=await followup.rating_of(session=session, ticket_id=ticket.id),
        seen=seen,
        writing=writing,
    )
