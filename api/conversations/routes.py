"""`/v1/conversations`: open one, write to the assistant, read again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated

import orjson
from fastapi import APIRouter, FastAPI, Query
from starlette.responses import Response

from api.conversations import event_routes, owner, owner_routes, service
from api.conversations.bearer import BearerHeader, KeyDep, bearer_token, known_form
from api.conversations.messages import History, Incoming, Opened, Opening, Replies
from api.dependencies import SessionDep
from api.dialogue.routes import DeskDep


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    event_routes.close_streams(app)


router = APIRouter(prefix="/v1/conversations", tags=["conversations"], lifespan=_lifespan)
After = Annotated[int, Query(ge=0, lt=2**63, description="Identifiant du dernier message déjà lu")]
router.include_router(event_routes.router)
router.include_router(owner_routes.router)


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
async def read_history(session: SessionDep, key: KeyDep, after: After = 0) -> Response:
    """Read the conversation again; `after` leaves out the messages up to that id."""
    if after:
        return _json({"messages": await owner.messages_after(session=session, **asdict(key), after=after)})
    return _json({"messages": await service.history(session=session, **asdict(key))})


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
