"""`GET /v1/conversations/{id}/events`: the messages of a conversation as they come (text/event-stream).

Each event `message` is a public message, its id the message's: a client that comes back gives the last one it has in
`Last-Event-ID` and misses nothing. Other events are signals. A comment every 15 s says that the line is alive.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, FastAPI, Header, Request
from starlette.responses import StreamingResponse

from api.conversations import owner, service
from api.conversations.bearer import Key, KeyDep
from api.conversations.errors import TooManyStreams
from api.conversations.events import Hub, Update, follow

STREAMS = 12  # of one conversation in one process: tabs, and reconnections that the former stream did not notice yet
OPENED = b"retry: 3000\n: bonjour\n\n"
ALIVE = b": \n\n"
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
Sender = Callable[[Update], bytes]


def close_streams(app: FastAPI) -> None:
    """End the streams of this process: before the server waits for its requests to end."""
    if hub := getattr(app.state, "hub", None):
        hub.close()


router = APIRouter(tags=["conversations"])


def get_hub(request: Request) -> Hub:
    """That of this process."""
    state = request.app.state
    if getattr(state, "hub", None) is None:
        state.hub = Hub(state.settings.database_url)
    hub: Hub = state.hub
    return hub


def last_event_id(given: str) -> int:
    """The id of the last message that the client has; 0 when it has none or says something else."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


async def open_stream(request: Request, key: Key, *, after: int, send: Sender) -> StreamingResponse:
    """The stream of a conversation; `send` writes an update as events.

    Raises:
        UnknownConversation, WrongToken, TooManyStreams: before anything is sent.
    """
    hub, sessions = get_hub(request), request.app.state.sessions

    async def read(after: int) -> list[dict[str, Any]]:
        async with sessions() as session:
            return await owner.messages_after(
                session=session, conversation_id=key.conversation_id, token=key.token, after=after
            )

    async with sessions() as session:
        await service.check_token(session=session, conversation_id=key.conversation_id, token=key.token)
    if hub.followers_of(key.conversation_id) >= STREAMS:
        raise TooManyStreams(retry_after_s=30)
    updates = follow(hub, key.conversation_id, read, after=after)
    return StreamingResponse(_written(updates, send), media_type="text/event-stream", headers=HEADERS)


async def _written(updates: AsyncIterator[Update], send: Sender) -> AsyncIterator[bytes]:
    yield OPENED
    async for update in updates:
        yield event(owner.ERASED, {}) if update.over else (send(update) or ALIVE)


def event(name: str, data: Any, *, id: int | None = None) -> bytes:
    """One event. JSON holds no line break, so one data line is enough."""
    number = f"id: {id}\n".encode() if id is not None else b""
    return number + f"event: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


def typed_events(update: Update) -> bytes:
    """The messages and signals of an update, as the HTTP interface gives them."""
    messages = b"".join(event("message", m, id=m["id"]) for m in update.messages)
    return messages + b"".join(event(s.event, s.data) for s in update.signals)


@router.get("/{conversation_id}/events", response_class=StreamingResponse)
async def follow_conversation(
    request: Request, key: KeyDep, last_event_id_: Annotated[str, Header(alias="Last-Event-ID")] = ""
) -> StreamingResponse:
    """Follow the conversation: server-sent events."""
    return await open_stream(request, key, after=last_event_id(last_event_id_), send=typed_events)
