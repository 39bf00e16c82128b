"""What the script of `/assistant` asks while a person answers, or will: for whoever the cookie names."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api.conversations import service as conversations
from api.conversations.errors import UnknownConversation, WrongToken
from api.dependencies import EngineDep, RepliesDep, SessionDep
from api.live import learners
from api.live.banner import banner
from api.live.learners import LiveState
from api.live.process import LiveDep
from api.live.rendering import HERE
from api.pages import render
from api.widget.bubbles import exchange_of
from api.widget.contexts import ExchangePart
from api.widget.rendering import TEMPLATES
from api.widget.same_site import refuse_other_sites
from api.widget.visitor import PATH, Visitor, visitor_of

router = APIRouter(prefix=f"{PATH}/direct", include_in_schema=False)
STATIC = StaticFiles(directory=HERE / "static")
NEVER = LiveState("bot")


@router.get("")
async def read(
    request: Request, session: SessionDep, engine: EngineDep, live: LiveDep, apres: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """The state in words, and the messages that came after the message `apres`, as pieces of page."""
    visitor = visitor_of(request)
    messages = await _history(session, visitor)
    if visitor is None or messages is None:
        return _json({**asdict(NEVER), "banner": "", "new": []})
    state = await learners.live_state(session=session, live=live, conversation_id=visitor.conversation_id)
    new = [
        {"id": m["id"], "author": m["author"], "html": render(TEMPLATES, "echange.html", ExchangePart((bubble,)))}
        for m, bubble in zip(messages, exchange_of(messages, engine.catalogue), strict=True)
        if m["id"] > apres
    ]
    return _json({**asdict(state), "banner": banner(state), "new": new})


@router.post("/ecrit")
async def types(request: Request, session: SessionDep, live: LiveDep) -> Response:
    """The learner is writing."""
    refuse_other_sites(request)
    visitor = visitor_of(request)
    if visitor is not None and await _history(session, visitor) is not None:
        await learners.learner_typing(session=session, live=live, conversation_id=visitor.conversation_id)
    return Response(status_code=204)


@router.post("/quitter")
async def leave(request: Request, session: SessionDep, live: LiveDep, replies: RepliesDep) -> Response:
    """Stop waiting, or leave the person."""
    refuse_other_sites(request)
    visitor = visitor_of(request)
    if visitor is not None and await _history(session, visitor) is not None:
        await learners.leave(session=session, live=live, replies=replies, conversation_id=visitor.conversation_id)
    return Response(status_code=303, headers={"location": f"{PATH}#dernier"})


@router.get("/static/{path:path}")
async def static(request: Request, path: str) -> Response:
    """Style and script."""
    return await STATIC.get_response(path, request.scope)


async def _history(session: SessionDep, visitor: Visitor | None) -> list[dict[str, Any]] | None:
    if visitor is None:
        return None
    try:
        return await conversations.history(
            session=session, conversation_id=visitor.conversation_id, token=visitor.token
        )
    except (UnknownConversation, WrongToken):
        return None


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
