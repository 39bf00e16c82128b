"""Queries on conversations and their messages. Core statements on tables: this is the hot path of a turn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
from psycopg.types.json import Jsonb
from sqlalchemy import Row, Table, bindparam, delete, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Conversation, Message, MessageFeedback
from api.db.statements import Statement, Statements

CONVERSATIONS = cast(Table, Conversation.__table__)
MESSAGES = cast(Table, Message.__table__)
RESUME = timedelta(days=7)  # since the last message of anybody: then its token neither reads nor writes it any more


async def add_conversation(session: AsyncSession, *, token_hash: bytes, channel: str) -> uuid.UUID:
    """A new conversation's id."""
    conversation_id = uuid.uuid4()
    values = {"id": conversation_id, "token_hash": token_hash, "channel": channel, "state": {}}
    await session.execute(insert(CONVERSATIONS).values(values))
    return conversation_id


async def conversation_of(session: AsyncSession, conversation_id: uuid.UUID) -> Row[bytes, dict[str, Any]] | None:
    """Its token hash and state."""
    query = select(CONVERSATIONS.c.token_hash, CONVERSATIONS.c.state).where(
        CONVERSATIONS.c.id == conversation_id, _can_be_resumed()
    )
    return (await session.execute(query)).one_or_none()


async def state_of(session: AsyncSession, conversation_id: uuid.UUID, *, lock: bool) -> dict[str, Any] | None:
    """The kept state; `lock` holds the row until the end of the transaction."""
    query = select(CONVERSATIONS.c.state).where(CONVERSATIONS.c.id == conversation_id)
    return (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()


async def keep_state(session: AsyncSession, conversation_id: uuid.UUID, state: dict[str, Any]) -> None:
    """Replace the kept state."""
    await session.execute(
        update(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id).values(state=state, updated_at=func.now())
    )


async def keep_state_alone(statements: Statements, conversation_id: uuid.UUID, state: bytes) -> None:
    """Replace the kept state, given as JSON, and commit."""
    await statements.run(_KEEP_STATE, {"id": conversation_id, "state": _json(state)})


def _keep_state_statement() -> Any:
    its_own = CONVERSATIONS.c.id == bindparam("id", type_=CONVERSATIONS.c.id.type)
    values = {"state": bindparam("state", type_=CONVERSATIONS.c.state.type), "updated_at": func.now()}
    return update(CONVERSATIONS).where(its_own).values(values)


_KEEP_STATE = Statement.of(_keep_state_statement())


async def receive_message(
    statements: Statements, conversation_id: uuid.UUID, token_hash: bytes, text: str, client_message_id: str | None
) -> tuple[bool, dict[str, Any], int | None] | None:
    """Keep and commit a learner's message, in one statement: (the token is right, the state, the new message's id).

    None when there is no such conversation. No message is added when the token is wrong or when `client_message_id` was
    already received: the id is then None.
    """
    values = {"id": conversation_id, "hash": token_hash, "text": text, "client_id": client_message_id}
    found = await statements.run(_RECEIVE, values)
    return cast(tuple[bool, dict[str, Any], int | None], found[0]) if found else None


def _can_be_resumed() -> Any:
    """Messages are looked at only when the last turn of the assistant is too old: a person may have written since."""
    since = func.now() - RESUME
    written = select(MESSAGES.c.id).where(
        MESSAGES.c.conversation_id == CONVERSATIONS.c.id, MESSAGES.c.created_at > since
    )
    return or_(CONVERSATIONS.c.updated_at > since, written.correlate(CONVERSATIONS).exists())


def _receive_statement() -> Any:
    conversation = (
        select(CONVERSATIONS.c.id, CONVERSATIONS.c.token_hash, CONVERSATIONS.c.state)
        .where(CONVERSATIONS.c.id == bindparam("id", type_=CONVERSATIONS.c.id.type), _can_be_resumed())
        .cte("conversation")
    )
    right = conversation.c.token_hash == bindparam("hash", type_=CONVERSATIONS.c.token_hash.type)
    row = select(
        conversation.c.id,
        literal("learner"),
        literal("message"),
        bindparam("text", type_=MESSAGES.c.text.type),
        literal({}, MESSAGES.c.payload.type),
        bindparam("client_id", type_=MESSAGES.c.client_message_id.type),
    ).where(right)
    names = ["conversation_id", "author", "kind", "text", "payload", "client_message_id"]
    added = (
        pg_insert(MESSAGES)
        .from_select(names, row)
        .on_conflict_do_nothing(constraint="messages_once")
        .returning(MESSAGES.c.id)
        .cte("added")
    )
    return select(right, conversation.c.state, select(added.c.id).scalar_subquery())


_RECEIVE = Statement.of(_receive_statement())


async def message_of_client(session: AsyncSession, conversation_id: uuid.UUID, client_message_id: str) -> int | None:
    """The id of the message that this client id names."""
    query = select(MESSAGES.c.id).where(
        MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.client_message_id == client_message_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def add_replies(
    session: AsyncSession, conversation_id: uuid.UUID, in_reply_to: int | None, replies: Sequence[dict[str, Any]]
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
    await session.execute(insert(MESSAGES), rows)


async def add_replies_alone(
    statements: Statements, conversation_id: uuid.UUID, in_reply_to: int, replies: Sequence[dict[str, Any]]
) -> None:
    """Keep the assistant's typed messages, in order, and commit."""
    kept = [(r["kind"], r["text"], {n: v for n, v in r.items() if n not in ("kind", "text")}) for r in replies]
    rows = orjson.dumps([{"kind": kind, "text": text, "payload": payload} for kind, text, payload in kept])
    values = {"conversation_id": conversation_id, "in_reply_to": in_reply_to, "rows": _json(rows)}
    await statements.run(_ADD_REPLIES, values)


_ADD_REPLIES = Statement(
    "INSERT INTO messages (conversation_id, author, kind, text, payload, in_reply_to)"
    " SELECT %(conversation_id)s, 'assistant', row ->> 'kind', row ->> 'text', row -> 'payload', %(in_reply_to)s"
    " FROM jsonb_array_elements(%(rows)s) WITH ORDINALITY AS given(row, rank) ORDER BY rank"
)


def _json(written: bytes) -> Jsonb:
    """A value already written as JSON."""
    return Jsonb(written, dumps=bytes)


async def add_operator_message(
    session: AsyncSession, conversation_id: uuid.UUID, text: str, payload: dict[str, Any], client_message_id: str | None
) -> bool:
    """Keep what a staff member writes; False when `client_message_id` was already received."""
    values = {"conversation_id": conversation_id, "author": "operator", "kind": "message", "text": text}
    query = pg_insert(MESSAGES).values(**values, payload=payload, client_message_id=client_message_id)
    added = query.on_conflict_do_nothing(constraint="messages_once").returning(MESSAGES.c.id)
    return (await session.execute(added)).scalar_one_or_none() is not None


async def keep_payload(session: AsyncSession, message_id: int, payload: dict[str, Any]) -> None:
    """Replace what a message carries besides its text."""
    await session.execute(update(MESSAGES).where(MESSAGES.c.id == message_id).values(payload=payload))


async def payload_of(session: AsyncSession, message_id: int) -> dict[str, Any]:
    """What a message carries besides its text."""
    query = select(MESSAGES.c.payload).where(MESSAGES.c.id == message_id)
    return (await session.execute(query)).scalar_one_or_none() or {}


async def replies_to(
    session: AsyncSession, conversation_id: uuid.UUID, message_id: int
) -> Sequence[Row[str, str, dict[str, Any]]]:
    """The kept replies to one message: kind, text, payload."""
    query = (
        select(MESSAGES.c.kind, MESSAGES.c.text, MESSAGES.c.payload)
        .where(MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.in_reply_to == message_id)
        .order_by(MESSAGES.c.id)
    )
    return (await session.execute(query)).all()


async def messages_of(session: AsyncSession, conversation_id: uuid.UUID, *, limit: int) -> Sequence[Message]:
    """The latest `limit` messages, oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id.desc()).limit(limit)
    return (await session.execute(query)).scalars().all()[::-1]


async def messages_since(
    session: AsyncSession, conversation_id: uuid.UUID, after: int, *, limit: int
) -> Sequence[Message]:
    """The messages whose id is above `after`, oldest first, at most `limit`."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.id > after)
    return (await session.execute(query.order_by(Message.id).limit(limit))).scalars().all()


async def opened_at(session: AsyncSession, conversation_id: uuid.UUID) -> datetime:
    """When the conversation was opened."""
    query = select(CONVERSATIONS.c.created_at).where(CONVERSATIONS.c.id == conversation_id)
    moment: datetime = (await session.execute(query)).scalar_one()
    return moment


async def answer_of(session: AsyncSession, conversation_id: uuid.UUID, message_id: int) -> dict[str, Any] | None:
    """What an answer of the FAQ carries besides its text; None when this conversation has no such answer."""
    query = select(MESSAGES.c.payload).where(
        MESSAGES.c.conversation_id == conversation_id, MESSAGES.c.id == message_id, MESSAGES.c.kind == "answer"
    )
    return (await session.execute(query)).scalar_one_or_none()


async def keep_feedback(session: AsyncSession, values: dict[str, Any]) -> None:
    """Keep an opinion; a new one on the same message replaces the former."""
    added = pg_insert(MessageFeedback).values(values)
    changed = {name: added.excluded[name] for name in ("useful", "reason", "comment")} | {"updated_at": func.now()}
    await session.execute(added.on_conflict_do_update(index_elements=["message_id"], set_=changed))


async def feedback_of(session: AsyncSession, conversation_id: uuid.UUID) -> Sequence[MessageFeedback]:
    """The opinions given in a conversation."""
    query = select(MessageFeedback).where(MessageFeedback.conversation_id == conversation_id)
    return (await session.execute(query.order_by(MessageFeedback.message_id))).scalars().all()


async def erase_conversation(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Remove the conversation, with its messages and opinions, and what Rasa keeps of it."""
    tracker = "rasa.events"  # Rasa makes its table at its first start
    if await session.scalar(select(func.to_regclass(tracker).is_not(None))):
        await session.execute(text(f"DELETE FROM {tracker} WHERE sender_id = :id"), {"id": str(conversation_id)})  # noqa: S608
    await session.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id))
