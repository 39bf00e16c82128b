"""What the script of `/assistant` calls: a message in, and pieces of page out, as they come or when asked for.

Each message has one rendering: the page's own. The token stays in the cookie, where scripts can't read it.
"""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.conversations import owner
from api.conversations.event_routes import event, last_event_id, open_stream
from api.conversations.events import Update
from api.dependencies import EngineDep, PageWordsDep, SessionDep, SettingsDep
from api.dialogue.routes import DeskDep
from api.errors import NotFound
from api.text_fields import MessageText
from api.widget.conversing import new_message_id, read_message_id, say
from api.widget.openings import Openings, get_openings
from api.widget.piece import Renderer
from api.widget.same_site import refuse_other_sites
from api.widget.visitor import PATH, Visitor, in_frame, remember, visitor_of

router = APIRouter(include_in_schema=False)
After = Annotated[int, Query(ge=0, lt=2**63)]


class NoConversation(NotFound):
    """The device has no conversation, or one that is no more."""

    detail = "Votre conversation n'est plus sur cet appareil."


class Typed(BaseModel):
    """A message, the id that makes it count once, and the last message that the page shows."""

    model_config = ConfigDict(extra="forbid")

    text: MessageText
    client_message_id: str = Field(min_length=36, max_length=36)
    after: int = Field(default=0, ge=0, lt=2**63)


def get_renderer(engine: EngineDep, words: PageWordsDep) -> Renderer:
    """What renders messages in this process."""
    return Renderer(engine.catalogue, words)


RendererDep = Annotated[Renderer, Depends(get_renderer)]


def known_visitor(request: Request) -> Visitor:
    """Who follows.

    Raises:
        NoConversation: nobody yet.
    """
    visitor = visitor_of(request)
    if visitor is None:
        raise NoConversation
    return visitor


VisitorDep = Annotated[Visitor, Depends(known_visitor)]


@router.post(f"{PATH}/messages")
async def send(
    request: Request,
    typed: Typed,
    session: SessionDep,
    settings: SettingsDep,
    desk: DeskDep,
    renderer: RendererDep,
    openings: Annotated[Openings, Depends(get_openings)],
) -> Response:
    """`messages` as in the HTTP interface; the rest is the piece of page after the message `after`."""
    refuse_other_sites(request)
    visitor, replies = await say(
        session=session,
        desk=desk,
        openings=openings,
        visitor=visitor_of(request),
        text=typed.text,
        message_id=read_message_id(typed.client_message_id),
    )
    key = visitor.key
    fresh = await owner.messages_after(
        session=session, conversation_id=key.conversation_id, token=key.token, after=typed.after
    )
    body = renderer.piece(fresh) | {"messages": replies, "next_message_id": new_message_id()}
    if in_frame(request):
        return _json(body | {"visitor": visitor.value})
    response = _json(body)
    remember(response, visitor, secure=settings.secure_cookies)
    return response


@router.get(f"{PATH}/fil")
async def read_on(session: SessionDep, visitor: VisitorDep, renderer: RendererDep, apres: After = 0) -> Response:
    """The piece of page after a message: for a page that can't keep a stream, or that was away."""
    key = visitor.key
    fresh = await owner.messages_after(
        session=session, conversation_id=key.conversation_id, token=key.token, after=apres
    )
    opinions = await owner.feedback_given(session=session, conversation_id=key.conversation_id) if not apres else {}
    return _json(renderer.piece(fresh, opinions))


@router.get(f"{PATH}/evenements")
async def follow(
    request: Request,
    settings: SettingsDep,
    visitor: VisitorDep,
    renderer: RendererDep,
    last: Annotated[str, Header(alias="Last-Event-ID")] = "",
) -> Response:
    """The pieces of page as they come: events `piece`, and the signals of the conversation."""

    def written(update: Update) -> bytes:
        found = renderer.piece(update.messages) if update.messages else None
        piece = event("piece", found, id=found["last"]) if found else b""
        return piece + b"".join(event(s.event, s.data) for s in update.signals)

    response = await open_stream(request, visitor.key, after=last_event_id(last), send=written)
    if not in_frame(request):
        remember(response, visitor, secure=settings.secure_cookies)  # a week from the last time the page was there
    return response


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
