"""A live conversation turned into a request: the existing tickets service, with the transcript."""

from __future__ import annotations

import uuid

from api.conversations import journal
from api.conversations.memory import recall, transcript
from api.conversations.messages import Message
from api.db.models import Handover, Ticket
from api.errors import Invalid
from api.live import service
from api.live.service import Agent
from api.live.signals import publish
from api.tickets import service as tickets
from api.tickets.measured_delays import measured_delay
from api.tickets.service import TicketDraft, ticket_view
from knowledge.service_types import BASE_FIELDS, Catalogue


class UnknownKind(Invalid):
    """No service type has this id."""

    detail = "Choisissez le service concerné dans la liste."


async def to_ticket(agent: Agent, handover_id: int, *, service_type: str, catalogue: Catalogue) -> Ticket:
    """Open the request, once, and end the exchange. The caller commits.

    Raises:
        UnknownKind, NotYours: nothing is written.
    """
    if service_type not in catalogue.types:
        raise UnknownKind
    done = await service.end(agent, handover_id, "to_ticket")
    draft = await _draft(agent, done, service_type, catalogue)
    ticket = await tickets.open_ticket(session=agent.session, draft=draft, catalogue=catalogue)
    team = catalogue.teams[ticket.team].spoken
    text = agent.replies.say("direct_demande", nom=done.agent_name or "", equipe=team, reference=ticket.reference)
    follow_up = f"/assistant/suivi/{ticket.reference}"
    delay = await measured_delay(session=agent.session, replies=agent.replies, team=ticket.team)
    view = ticket_view(ticket)
    told = Message(kind="ticket", text=text, ticket=view, follow_up=follow_up, delay=delay, live="ended")
    await journal.add_notices(session=agent.session, conversation_id=done.conversation_id, messages=[told])
    await publish(agent.session, done.conversation_id)
    return ticket


async def _draft(agent: Agent, done: Handover, service_type: str, catalogue: Catalogue) -> TicketDraft:
    conversation_id = done.conversation_id
    state = await recall(session=agent.session, conversation_id=conversation_id)
    known = {name: {"value": v, "origin": "said"} for name, v in state.known.items() if name in BASE_FIELDS and v}
    running = (state.draft or {}).get("fields", {})
    return TicketDraft(
        draft_key=str(uuid.uuid5(conversation_id, f"live {done.id}")),
        channel="chat",
        service_type=service_type,
        subject=catalogue.types[service_type].label,
        unit=(done.triage or {}).get("unite"),
        fields=known | running,
        transcript=await transcript(session=agent.session, conversation_id=conversation_id),
        triage=done.triage or {},
        contact_email=state.email,
        contact_phone=state.phone,
        conversation_id=conversation_id,
    )
