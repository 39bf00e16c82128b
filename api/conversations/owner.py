"""What the author of a conversation may do with it besides writing: follow it, say what helped, take it away, erase it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import repository
from api.conversations.errors import UnknownMessage, UnknownReason
from api.conversations.events import publish
from api.conversations.reveal import reveal
from api.conversations.service import HISTORY_MESSAGES, check_token, public
from api.dialogue.desk import Desk
from api.live import erasure
from api.tickets import service as tickets
from knowledge.page_words import PageWords
from nlu.personal_data import mask

Json = dict[str, Any]
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether an answer helped; `reason` is an id of the content."""

    useful: bool
    reason: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """All that is kept of a conversation and of its author, as they may read it."""

    opened_at: datetime
    messages: list[Json]
    known: dict[str, str]  # by field id: what the author said of themself, contact included
    feedback: list[Json]
    requests: list[Json]


async def messages_after(*, session: AsyncSession, conversation_id: uuid.UUID, token: str, after: int) -> list[Json]:
    """The public messages after the one whose id is `after`, oldest first, each with its `id`.

    Raises:
        UnknownConversation, WrongToken: see `check_token`.
    """
    state = await check_token(session=session, conversation_id=conversation_id, token=token)
    found = await repository.messages_since(session, conversation_id, after, limit=HISTORY_MESSAGES)
    return reveal([public(m) for m in found], state)


async def give_feedback(
    *,
    session: AsyncSession,
    conversation_id: uuid.UUID,
    token: str,
    message_id: int,
    opinion: Opinion,
    words: PageWords,
) -> None:
    """Keep what the author thinks of an answer. The caller commits.

    Raises:
        UnknownMessage: the conversation has no answer of that id.
        UnknownReason: the content has no such reason.
    """
    await check_token(session=session, conversation_id=conversation_id, token=token)
    payload = await repository.answer_of(session, conversation_id, message_id)
    if payload is None:
        raise UnknownMessage
    if opinion.reason is not None and opinion.reason not in dict(words.reasons):
        raise UnknownReason
    values = {
        "message_id": message_id,
        "conversation_id": conversation_id,
        "article": payload.get("article", {}).get("id"),
        "useful": opinion.useful,
        "reason": None if opinion.useful else opinion.reason,
        "comment": mask(opinion.comment).text if opinion.comment else None,
    }
    await repository.keep_feedback(session, values)


async def feedback_given(*, session: AsyncSession, conversation_id: uuid.UUID) -> dict[int, bool]:
    """Message id → useful, for the opinions given. For a caller that already checked whose conversation it is."""
    return {f.message_id: f.useful for f in await repository.feedback_of(session, conversation_id)}


async def export(*, session: AsyncSession, conversation_id: uuid.UUID, token: str) -> Export:
    """Everything, for its author.

    Raises:
        UnknownConversation, WrongToken: see `check_token`.
    """
    state = await check_token(session=session, conversation_id=conversation_id, token=token)
    messages = await messages_after(session=session, conversation_id=conversation_id, token=token, after=0)
    feedback = await repository.feedback_of(session, conversation_id)
    found = await tickets.tickets_of_conversation(session=session, conversation_id=conversation_id)
    return Export(
        opened_at=await repository.opened_at(session, conversation_id),
        messages=messages,
        known=state.said,
        feedback=[
            {"message": f.message_id, "useful": f.useful, "reason": f.reason, "comment": f.comment} for f in feedback
        ],
        requests=[
            tickets.ticket_view(t)
            | {"subject": t.subject, "at": t.created_at, "email": t.contact_email, "phone": t.contact_phone}
            for t in found
        ],
    )


async def erase(*, session: AsyncSession, desk: Desk, conversation_id: uuid.UUID, token: str) -> None:
    """Remove messages, state, opinions, hand-overs and what Rasa keeps; who was answering is told. Commits.

    A request already sent stays, without the exchange; so does a safety alarm that nobody took yet.

    Raises:
        UnknownConversation, WrongToken: nothing is removed.
    """
    async with desk.turn_of(conversation_id):  # a turn under way would write what was just removed
        await check_token(session=session, conversation_id=conversation_id, token=token)
        await erasure.forget_conversation(session=session, live=desk.live, conversation_id=conversation_id)
        await tickets.forget_conversation(session=session, conversation_id=conversation_id)
        await repository.erase_conversation(session, conversation_id)
        await publish(session, conversation_id, ERASED)
        await session.commit()
        desk.forget(conversation_id)
