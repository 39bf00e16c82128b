"""A message from a page: the same service as `POST /v1/conversations/{id}/messages`, for whoever the cookie names."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import service as conversations
from api.conversations.errors import UnknownConversation, WrongToken
from api.dialogue.desk import Desk
from api.text_fields import LONGEST_TEXT, MessageText
from api.widget.openings import Openings
from api.widget.visitor import Visitor

Json = dict[str, Any]
_TEXT: TypeAdapter[str] = TypeAdapter(MessageText)
_TOO_LONG = f"{LONGEST_TEXT:,}".replace(",", "\u202f")
REFUSALS = {
    "text_empty": "Écrivez votre question dans la zone de texte, puis envoyez-la.",
    "text_too_long": f"Votre message est trop long : {_TOO_LONG} caractères au plus. Il est resté dans la zone de texte : raccourcissez-le, ou envoyez-le en plusieurs fois.",  # noqa: E501
}
UNREADABLE = "Votre message contient des caractères illisibles. Écrivez-le de nouveau."


@dataclass(frozen=True, slots=True)
class TextRefused:
    """A text that can't be sent: why, in words, and the status of the page that says it."""

    sentence: str
    status: int


def read_text(text: str) -> str | TextRefused:
    """The text as it may be kept, or why it can't be."""
    try:
        return _TEXT.validate_python(text)
    except ValidationError as error:
        kind = str(error.errors()[0]["type"])
        return TextRefused(REFUSALS.get(kind, UNREADABLE), 413 if kind == "text_too_long" else 422)


def read_message_id(given: str) -> str:
    """The id that the page gave; another one when it is not an id, so that nobody can share somebody's by accident."""
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return new_message_id()


def new_message_id() -> str:
    """An id for the next message."""
    return str(uuid.uuid4())


def id_of_text(form_id: str, text: str) -> str:
    """The id of a text sent with a form: the same form and text are one message; a form sent again with other words, from
    the page before, is another."""
    return str(uuid.uuid5(uuid.UUID(form_id), text))


async def history(*, session: AsyncSession, visitor: Visitor | None) -> list[Json] | None:
    """The messages of somebody's conversation, oldest first; None without a conversation that still exists."""
    if visitor is None:
        return None
    try:
        return await conversations.history(
            session=session, conversation_id=visitor.conversation_id, token=visitor.token
        )
    except (UnknownConversation, WrongToken):
        return None


async def say(
    *, session: AsyncSession, desk: Desk, openings: Openings, visitor: Visitor | None, text: str, message_id: str
) -> tuple[Visitor, Sequence[Mapping[str, Any]]]:
    """The replies, and whose conversation it is: a new one when the visitor has none, or one that is no more."""

    async def open_one() -> Visitor:
        opened = Visitor(*await conversations.open_conversation(session=session))
        await session.commit()
        return opened

    for kept in (visitor, openings.of(message_id)):
        if kept is not None:
            try:
                return kept, await _converse(session, desk, kept, text, message_id)
            except (UnknownConversation, WrongToken):
                await session.rollback()
                openings.forget(message_id, kept)
    visitor = await openings.once(message_id, open_one)
    return visitor, await _converse(session, desk, visitor, text, message_id)


async def _converse(session: AsyncSession, desk: Desk, visitor: Visitor, text: str, message_id: str) -> list[Json]:
    return await conversations.converse(
        session=session,
        desk=desk,
        conversation_id=visitor.conversation_id,
        token=visitor.token,
        text=text,
        client_message_id=message_id,
    )
