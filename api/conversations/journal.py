"""What others than the dialogue add to a conversation: the words of the staff, the notices of a hand-over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import repository
from api.conversations.messages import Message
from api.db.models import Message as Kept
from nlu.personal_data import mask

FOR_PERSON = {
    "to": "agent"
}  # what the payload of a learner's message says when a person, not the assistant, answers it
READ_MESSAGES = 200


async def add_operator_message(
    *, session: AsyncSession, conversation_id: uuid.UUID, text: str, name: str, client_message_id: str | None = None
) -> bool:
    """Keep, masked, what a staff member named `name` writes; False when it was received before. The caller commits."""
    return await repository.add_operator_message(
        session, conversation_id, mask(text).text, {"name": name}, client_message_id
    )


async def add_notices(*, session: AsyncSession, conversation_id: uuid.UUID, messages: Sequence[Message]) -> None:
    """Keep messages of the assistant that answer no message of the learner. The caller commits."""
    await repository.add_replies(session, conversation_id, None, [m.to_json() for m in messages])


async def leave_to_person(*, session: AsyncSession, message_id: int) -> None:
    """This message of the learner is a person's to answer: sent again, the assistant still doesn't answer it."""
    await repository.keep_payload(session, message_id, FOR_PERSON)


async def is_left_to_person(*, session: AsyncSession, message_id: int) -> bool:
    """True when the assistant has nothing to say to this message."""
    payload: dict[str, Any] = await repository.payload_of(session, message_id)
    return payload.get("to") == FOR_PERSON["to"]


async def read_journal(*, session: AsyncSession, conversation_id: uuid.UUID) -> Sequence[Kept]:
    """The latest messages, oldest first, as they are kept: masked."""
    return await repository.messages_of(session, conversation_id, limit=READ_MESSAGES)
