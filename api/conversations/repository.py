"""Queries on conversations and their messages. Core statements: this is the hot path of a turn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Conversation, Message


async def add_conversation(session: AsyncSession, *, token_hash: bytes, channel: str) -> uuid.UUID:
    """A new conversation's id."""
    conversation_id = uuid.uuid4()
    await session.execute(
        insert(Conversation).values(id=conversation_id, token_hash=token_hash, channel=channel, state={})
    )
    return conversation_id


async def conversation_of(
    session: AsyncSession, conversation_id: uuid.UUID
) -> Row[tuple[bytes, dict[str, Any]]] | None:
    """Its token hash and state."""
    found = await session.execute(
        select(Conversation.token_hash, Conversation.state).where(Conversation.id == conversation_id)
    )
    return found.one_or_none()


async def state_of(session: AsyncSession, conversation_id: uuid.UUID, *, lock: bool) -> dict[str, Any] | None:
    """The kept state; `lock` holds the row until the end of the transaction."""
    query = select(Conversation.state).where(Conversation.id == conversation_id)
    return (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()


async def keep_state(session: AsyncSession, conversation_id: uuid.UUID, state: dict[str, Any]) -> None:
    """Replace the kept state."""
    await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(state=state))


async def add_learner_message(
    session: AsyncSession, conversation_id: uuid.UUID, text: str, client_message_id: str | None
) -> int | None:
    """The new message's id; None when this `client_message_id` was already received."""
    row = {
        "conversation_id": conversation_id,
        "author": "learner",
        "kind": "message",
        "text": text,
        "payload": {},
        "client_message_id": client_message_id,
    }
    query = pg_insert(Message).values(row)
    if client_message_id is not None:
        query = query.on_conflict_do_nothing(constraint="messages_once")
    return (await session.execute(query.returning(Message.id))).scalar_one_or_none()


async def message_of_client(session: AsyncSession, conversation_id: uuid.UUID, client_message_id: str) -> int | None:
    """The id of the message that this client id names."""
    query = select(Message.id).where(
        Message.conversation_id == conversation_id, Message.client_message_id == client_message_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def add_replies(
    session: AsyncSession, conversation_id: uuid.UUID, in_reply_to: int, replies: Sequence[dict[str, Any]]
) -> None:
    """Keep the assistant's typed messages, in order."""
    rows = [
        {
            "conversation_id": conversation_id,
            "author": "assistant",
            "kind": reply["kind"],
            "text": reply["text"],
            "payload": {name: value for name, value in reply.items() if name not in ("kind", "text")},
            "in_reply_to": in_reply_to,
        }
        for reply in replies
    ]
    await session.execute(insert(Message).values(rows))


async def replies_to(
    session: AsyncSession, conversation_id: uuid.UUID, message_id: int
) -> Sequence[Row[tuple[str, str, dict[str, Any]]]]:
    """The kept replies to one message: kind, text, payload."""
    query = (
        select(Message.kind, Message.text, Message.payload)
        .where(Message.conversation_id == conversation_id, Message.in_reply_to == message_id)
        .order_by(Message.id)
    )
    return (await session.execute(query)).all()


async def messages_of(session: AsyncSession, conversation_id: uuid.UUID, *, limit: int) -> Sequence[Message]:
    """The latest `limit` messages, oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id.desc()).limit(limit)
    return (await session.execute(query)).scalars().all()[::-1]
