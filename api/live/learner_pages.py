"""What the script of `/assistant` asks and says while a person answers, or will. Messages come by the stream of the page."""

from __future__ import annotations

from dataclasses import asdict

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.conversations import service as conversations
from api.conversations.errors import UnknownConversation, WrongToken
from api.dependencies import RepliesDep, SessionDep
from api.live import learners
from api.live.banner import banner
from api.live.learners import LiveState
from api.live.process import LiveDep
from api.widget.same_site import refuse_other_sites
from api.widget.visitor import PATH, Visitor, visitor_of

router = APIRouter(prefix=f"{PATH}/direct", include_in_schema=False)
NEVER = LiveState("bot")


@router.get("")
async def read(request: Request, session: SessionDep, live: LiveDep) -> Response:
    """The state, and the line that says it. Asking says that the learner is there."""
    visitor = await _owner(request, session)
    state = NEVER
    if visitor is not None:
        state = await learners.live_state(session=session, live=live, conversation_id=visitor.conversation_id)
    return Response(orjson.dumps({**asdict(state), "banner": banner(state)}), media_type="application/json")


@router.post("/ecrit")
async def types(request: Request, session: SessionDep, live: LiveDep) -> Response:
    """The learner is writing."""
    refuse_other_sites(request)
    if visitor := await _owner(request, session):
        await learners.learner_typing(session=session, live=live, conversation_id=visitor.conversation_id)
    return Response(status_code=204)


@router.post("/quitter")
async def leave(request: Request, session: SessionDep, live: LiveDep, replies: RepliesDep) -> Response:
    """Stop waiting, or leave the person."""
    refuse_other_sites(request)
    if visitor := await _owner(request, session):
        await learners.leave(session=session, live=live, replies=replies, conversation_id=visitor.conversation_id)
    return Response(status_code=303, headers={"location": f"{PATH}#dernier"})


async def _owner(request: Request, session: SessionDep) -> Visitor | None:
    """Who asks; None without a conversation that still exists."""
    visitor = visitor_of(request)
    if visitor is None:
        return None
    try:
        await conversations.check_token(session=session, **asdict(visitor.key))
    except (UnknownConversation, WrongToken):
        return None
    return visitor
