"""What the dialogue remembers and reads again: the state of a conversation and its transcript."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import repository
from api.conversations.errors import UnknownConversation
from api.db.statements import Statements
from api.dialogue.state import DialogueState, read_state

TRANSCRIPT_MESSAGES = 60


async def recall(*, session: AsyncSession, conversation_id: uuid.UUID, to_write: bool = False) -> DialogueState:
    """The state of a conversation; `to_write` keeps others from writing it until the end of the transaction.

    Raises:
        UnknownConversation: no such conversation.
    """
    kept = await repository.state_of(session, conversation_id, lock=to_write)
    if kept is None:
        raise UnknownConversation
    return read_state(kept)


async def remember(*, session: AsyncSession, conversation_id: uuid.UUID, state: DialogueState) -> None:
    """Keep the state. The caller commits."""
    await repository.keep_state(session, conversation_id, state.to_json())


async def remember_alone(*, statements: Statements, conversation_id: uuid.UUID, state: bytes) -> None:
    """Keep the state, given as JSON, and commit: nothing else is written with it."""
    await repository.keep_state_alone(statements, conversation_id, state)


async def transcript(*, session: AsyncSession, conversation_id: uuid.UUID) -> list[dict[str, Any]]:
    """The latest exchanges, as a ticket carries them: masked texts."""
    messages = await repository.messages_of(session, conversation_id, limit=TRANSCRIPT_MESSAGES)
    return [{"author": m.author, "text": m.text, "at": m.created_at.isoformat()} for m in messages]
