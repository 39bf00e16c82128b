"""A learner's conversation: opened, spoken to, read again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import journal, repository
from api.conversations.errors import UnknownConversation, WrongToken
from api.conversations.memory import remember
from api.conversations.messages import Message
from api.conversations.reveal import needs_revealing, reveal
from api.conversations.safety import answer_safety, complete_contact
from api.conversations.tokens import new_token, token_hash, token_matches
from api.db.models import Message as KeptMessage
from api.dialogue.degraded import answer_alone
from api.dialogue.desk import Desk
from api.dialogue.rasa_client import RasaSilent
from api.dialogue.state import DialogueState, read_state
from api.live.in_turn import Heard, safety_heard, take_turn
from knowledge.decisions import Triage
from nlu.personal_data import Masked, mask

HISTORY_MESSAGES = 500
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the learner, kept: its id, its masked text, and the state it arrived in."""

    conversation_id: uuid.UUID
    message_id: int
    text: str
    state: DialogueState


async def open_conversation(*, session: AsyncSession, channel: str = "chat") -> tuple[uuid.UUID, str]:
    """A new conversation's id and its token, which is given only here. The caller commits."""
    token = new_token()
    return await repository.add_conversation(session, token_hash=token_hash(token), channel=channel), token


async def converse(
    *,
    session: AsyncSession,
    desk: Desk,
    conversation_id: uuid.UUID,
    token: str,
    text: str,
    client_message_id: str | None = None,
) -> list[Json]:
    """The typed messages that answer `text`. Commits twice: the learner's message first of all, the replies at the end.

    A `client_message_id` received before gives the replies it was given, and nothing is done again.

    Raises:
        UnknownConversation, WrongToken: nothing is written.
    """
    async with desk.turn_of(conversation_id):
        received = await _receive(session, desk, conversation_id, token, text, client_message_id)
        if isinstance(received, list):
            return received
        replies, state = await _answer(session, desk, received)
        if session.in_transaction():
            if replies:
                await repository.add_replies(session, conversation_id, received.message_id, replies)
            await session.commit()
        elif replies:
            await repository.add_replies_alone(desk.statements, conversation_id, received.message_id, replies)
        if needs_revealing(replies):
            state = read_state(await repository.state_of(session, conversation_id, lock=False) or {})
        return reveal(replies, state)


async def history(*, session: AsyncSession, conversation_id: uuid.UUID, token: str) -> list[Json]:
    """All the messages of a conversation, oldest first.

    Raises:
        UnknownConversation, WrongToken: see `converse`.
    """
    state = await check_token(session=session, conversation_id=conversation_id, token=token)
    messages = await repository.messages_of(session, conversation_id, limit=HISTORY_MESSAGES)
    return reveal([public(m) for m in messages], state)


def public(kept: KeptMessage) -> Json:
    """A message of the history, as the HTTP interface gives it; personal data still masked."""
    found: Json = {"id": kept.id, "author": kept.author, "kind": kept.kind, "text": kept.text}
    found |= {**kept.payload, "at": kept.created_at}
    return found | ({"client_message_id": kept.client_message_id} if kept.client_message_id else {})


async def check_token(*, session: AsyncSession, conversation_id: uuid.UUID, token: str) -> DialogueState:
    """The state of the conversation, for its author alone.

    Raises:
        UnknownConversation: none has this id, or its last message, whoever wrote it, is more than a week old.
        WrongToken: the token is another's.
    """
    kept = await repository.conversation_of(session, conversation_id)
    if kept is None:
        raise UnknownConversation
    if not token_matches(token, kept.token_hash):
        raise WrongToken
    return read_state(kept.state)


async def _receive(
    session: AsyncSession,
    desk: Desk,
    conversation_id: uuid.UUID,
    token: str,
    text: str,
    client_message_id: str | None,
) -> Received | list[Json]:
    """The message, kept and committed; or the replies it was already given."""
    masked, hashed = mask(text), token_hash(token)
    kept = await repository.receive_message(desk.statements, conversation_id, hashed, masked.text, client_message_id)
    if kept is None:
        raise UnknownConversation
    right, state_kept, message_id = kept
    if not right:
        raise WrongToken
    state = read_state(state_kept)
    if message_id is None:
        assert client_message_id is not None
        message_id = await repository.message_of_client(session, conversation_id, client_message_id)
        assert message_id is not None
        if given := await repository.replies_to(session, conversation_id, message_id):
            return reveal([{"kind": r.kind, "text": r.text, **r.payload} for r in given], state)
        if await journal.is_left_to_person(session=session, message_id=message_id):
            return []
        # Received, and the service stopped before it answered: answer now.
    if _note_contact(state, masked):
        await remember(session=session, conversation_id=conversation_id, state=state)
        await complete_contact(state, conversation_id=conversation_id, session=session)
    await session.commit()
    return Received(conversation_id, message_id, masked.text, state)


async def _answer(session: AsyncSession, desk: Desk, received: Received) -> tuple[list[Json], DialogueState]:
    read = await desk.understand(received.conversation_id, received.text, received.state)
    heard = Heard(
        received.conversation_id, received.message_id, received.text, read, received.state, session=session, desk=desk
    )
    if read.decision == "safety":
        await safety_heard(heard)
        return await _answer_safely(session, desk, received, read)
    live = await take_turn(heard)
    if live.replies is not None:
        return [m.to_json() for m in live.replies], received.state
    await session.commit()  # the actions re-enter the service
    if live.text is not None:
        received = replace(received, text=live.text)
        read = await desk.understand(received.conversation_id, live.text, received.state)
    replies, state = await _assistant(session, desk, received, read)
    return live.led(replies), state


async def _assistant(
    session: AsyncSession, desk: Desk, received: Received, read: Triage
) -> tuple[list[Json], DialogueState]:
    try:
        return await desk.rasa.send(received.conversation_id, received.text), received.state
    except RasaSilent:
        messages, state = answer_alone(read, received.state, desk)
        if state != received.state:
            await remember(session=session, conversation_id=received.conversation_id, state=state)
        return [m.to_json() for m in messages], state


async def _answer_safely(
    session: AsyncSession, desk: Desk, received: Received, read: Triage
) -> tuple[list[Json], DialogueState]:
    state = received.state
    messages: list[Message] = await answer_safety(
        read,
        state,
        conversation_id=received.conversation_id,
        session=session,
        replies=desk.replies,
        catalogue=desk.engine.catalogue,
    )
    await remember(session=session, conversation_id=received.conversation_id, state=state)
    return [m.to_json() for m in messages], state


def _note_contact(state: DialogueState, masked: Masked) -> bool:
    """Remember how to reach the person and the INE, and nothing else of what was masked. True when something is new."""
    before = (state.email, state.phone, state.known.get("identifiant"))
    for found in masked.found:
        if found.kind == "courriel":
            state.email = found.value
        elif found.kind == "telephone":
            state.phone = found.value
        elif found.kind == "ine":
            state.known = state.known | {"identifiant": found.value}
    return before != (state.email, state.phone, state.known.get("identifiant"))
