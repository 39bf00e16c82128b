"""All that the agents' page reads, in one place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations.journal import read_journal
from api.conversations.memory import recall
from api.db.models import AgentPresence, Handover, Message, SafetyAlarm
from api.live import repository, service, staff_repository
from api.live.alarms import open_alarms
from api.live.desk import LiveDesk


@dataclass(frozen=True, slots=True)
class Board:
    """The queue, the agent's own conversations, the alarms, and who is there."""

    alarms: Sequence[SafetyAlarm]
    presence: AgentPresence | None
    online: tuple[AgentPresence, ...]
    queue: Sequence[Handover]
    mine: Sequence[Handover]


@dataclass(frozen=True, slots=True)
class Reading:
    """A conversation as an agent reads it: masked texts, and the contact in clear, to answer the person."""

    handover: Handover
    messages: Sequence[Message]
    email: str | None
    phone: str | None


async def read_board(*, session: AsyncSession, live: LiveDesk, operator_id: uuid.UUID) -> Board:
    """The board of an agent."""
    return Board(
        alarms=await open_alarms(session=session),
        presence=await staff_repository.presence_of(session, operator_id),
        online=tuple(await staff_repository.online(session, live.agents_seen_since)),
        queue=await repository.queue(session),
        mine=await repository.with_agent(session, operator_id),
    )


async def read_conversation(*, session: AsyncSession, handover_id: int) -> Reading:
    """One conversation.

    Raises:
        UnknownHandover: no such number.
    """
    found = await service.get_handover(session=session, handover_id=handover_id)
    state = await recall(session=session, conversation_id=found.conversation_id)
    messages = await read_journal(session=session, conversation_id=found.conversation_id)
    return Reading(found, messages, state.email, state.phone)
