"""`/v1/conversations`: open one, write to the assistant, read again."""

from __future__ import annotations

import uuid
from typing import Annotated

import orjson
from fastapi import APIRouter, Header
from starlette.responses import Response

from api.conversations import service
from api.conversations.errors import UnknownConversation
from api.conversations.messages import History, Incoming, Opened, Opening, Replies
from api.dependencies import SessionDep
from api.dialogue.routes import DeskDep

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
BearerHeader = Annotated[str, Header(description="Bearer suivi du jeton de la conversation")]


@router.post("", status_code=201, response_model=Opened)
async def open_conversation(session: SessionDep, opening: Opening | None = None) -> Opened:
    """Open a conversation."""
    conversation_id, token = await service.open_conversation(session=session)
    return Opened(id=str(conversation_id), token=token)


@router.post("/{conversation_id}/messages", response_model=Replies, response_model_exclude_none=True)
async def send_message(
    conversation_id: str, incoming: Incoming, session: SessionDep, desk: DeskDep, authorization: BearerHeader = ""
) -> Response:
    """Write to the assistant."""
    messages = await service.converse(
        session=session,
        desk=desk,
        conversation_id=known_form(conversation_id),
        token=bearer_token(authorization),
        text=incoming.text,
        client_message_id=incoming.client_message_id,
    )
    return _json({"messages": messages})


@router.get("/{conversation_id}/messages", response_model=History)
async def read_history(conversation_id: str, session: SessionDep, authorization: BearerHeader = "") -> Response:
    """Read the conversation again."""
    messages = await service.history(
        session=session, conversation_id=known_form(conversation_id), token=bearer_token(authorization)
    )
    return _json({"messages": messages})


def known_form(conversation_id: str) -> uuid.UUID:
    """The id; one that is not an id is unknown like any other."""
    try:
        return uuid.UUID(conversation_id)
    except ValueError:
        raise UnknownConversation from None


def bearer_token(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
