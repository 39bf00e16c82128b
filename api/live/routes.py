"""`/v1/conversations/{id}/live`: where a conversation is between the assistant and a person, for the learner's side."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from enum import Enum
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.conversations import service as conversations
from api.conversations.bearer import KeyDep
from api.dependencies import RepliesDep, SessionDep
from api.live import learner_pages, learners, pages
from api.live.process import LiveDep
from api.live.signals import Signals
from api.live.sweep import sweep_for_ever


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    state.signals = Signals(state.settings.database_url)
    sweeping: list[asyncio.Task[None]] = []
    if every_s := state.settings.live_sweep_s:
        sweeping.append(asyncio.create_task(sweep_for_ever(state.sessions, state.live, state.replies, every_s)))
    yield
    for task in sweeping:
        task.cancel()
    await asyncio.gather(*sweeping, return_exceptions=True)
    await state.signals.close()


router = APIRouter(lifespan=_lifespan)
router.include_router(pages.router)
router.include_router(learner_pages.router)
ADDRESS = "/v1/conversations/{conversation_id}/live"
TAGS: list[str | Enum] = ["conversations"]


class LiveView(BaseModel):
    """The state of a hand-over. What does not apply to the state is null."""

    state: Literal["bot", "waiting", "with_agent", "ended"]
    position: int | None = Field(description="place dans la file, à partir de 1")
    wait_minutes: int | None = Field(description="attente mesurée sur les derniers pris en charge ; nul si non mesurée")
    agent: str | None = Field(description="nom affiché de la personne qui répond")
    typing: bool = Field(description="la personne est en train d'écrire")


async def owner(key: KeyDep, session: SessionDep) -> uuid.UUID:
    """The conversation of whoever holds its token."""
    await conversations.check_token(session=session, **asdict(key))
    return key.conversation_id


OwnerDep = Annotated[uuid.UUID, Depends(owner)]


@router.get(ADDRESS, tags=TAGS)
async def read_live(session: SessionDep, live: LiveDep, conversation_id: OwnerDep) -> LiveView:
    """Where the conversation is. Asking also says that the learner is there: every ten seconds while `waiting` or
    `with_agent`, and at each event `live` of `GET …/events`."""
    found = await learners.live_state(session=session, live=live, conversation_id=conversation_id)
    return LiveView(**asdict(found))


@router.post(f"{ADDRESS}/typing", status_code=204, tags=TAGS)
async def learner_types(session: SessionDep, live: LiveDep, conversation_id: OwnerDep) -> Response:
    """The learner is writing; good for some seconds. Without a person at the other end, nothing happens."""
    await learners.learner_typing(session=session, live=live, conversation_id=conversation_id)
    return Response(status_code=204)


@router.delete(ADDRESS, tags=TAGS)
async def leave_live(session: SessionDep, live: LiveDep, replies: RepliesDep, conversation_id: OwnerDep) -> LiveView:
    """Stop waiting, or leave the person: the assistant answers again."""
    await learners.leave(session=session, live=live, replies=replies, conversation_id=conversation_id)
    found = await learners.live_state(session=session, live=live, conversation_id=conversation_id)
    return LiveView(**asdict(found))
