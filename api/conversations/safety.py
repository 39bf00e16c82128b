"""Danger, harassment, distress: the service answers at once, in any state of the dialogue, with or without Rasa."""

from __future__ import annotations

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations.memory import transcript
from api.conversations.messages import Message
from api.dialogue.state import DialogueState
from api.live.alarms import raise_alarm
from api.tickets.service import SAFETY, TicketDraft, note_contact, open_ticket
from knowledge.decisions import Triage
from knowledge.replies import Replies
from knowledge.service_types import Catalogue

SERVICE_TYPE = "souffrance_harcelement"


async def answer_safety(
    read: Triage,
    state: DialogueState,
    *,
    conversation_id: uuid.UUID,
    session: AsyncSession,
    replies: Replies,
    catalogue: Catalogue,
) -> list[Message]:
    """The immediate answer, and one priority ticket a conversation. Changes `state`; a running form stays for later."""
    ticket = await open_ticket(
        session=session,
        catalogue=catalogue,
        draft=TicketDraft(
            draft_key=_draft_key(conversation_id),
            channel="chat",
            service_type=SERVICE_TYPE,
            subject=catalogue.types[SERVICE_TYPE].label,
            unit=read.unite,
            priority=SAFETY,
            transcript=await transcript(session=session, conversation_id=conversation_id),
            triage=read.to_dict(),
            contact_email=state.email,
            contact_phone=state.phone,
            conversation_id=conversation_id,
        ),
    )
    state.safety = ticket.reference
    await raise_alarm(
        session=session,
        label=read.safety.label,
        text=read.masked_text,
        reference=ticket.reference,
        conversation_id=conversation_id,
    )
    messages = [Message(kind="safety", text=replies.say(f"securite_{read.safety.label}"))]
    if state.contact is None:
        messages.append(Message(kind="safety", text=replies.say("securite_contact")))
    state.expecting = "safety"
    return messages


async def complete_contact(state: DialogueState, *, conversation_id: uuid.UUID, session: AsyncSession) -> None:
    """The contact given after the priority ticket was opened goes into it."""
    if state.safety is not None:
        await note_contact(session=session, draft_key=_draft_key(conversation_id), email=state.email, phone=state.phone)


def _draft_key(conversation_id: uuid.UUID) -> str:
    return str(uuid.uuid5(conversation_id, "safety"))
