"""What Rasa calls: the understanding of a message, and the actions. For nobody else: both check the shared token."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

import orjson
from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response

from api.conversations.memory import recall
from api.dialogue.desk import Desk
from api.dialogue.parse import parse_result
from api.dialogue.rasa_client import RasaClient, as_written
from api.dialogue.webhook import ActionCall, run_action
from api.errors import NotSignedIn, Unreadable
from api.settings import Settings


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    if desk := getattr(app.state, "desk", None):
        await desk.rasa.close()


router = APIRouter(lifespan=_lifespan)


async def get_desk(request: Request) -> Desk:  # async: FastAPI runs plain functions in a thread
    """The desk of this process, made at the first message."""
    state = request.app.state
    if getattr(state, "desk", None) is None:
        settings: Settings = state.settings
        state.desk = Desk(
            engine=state.engine,
            replies=state.replies,
            rasa=RasaClient(settings.rasa_url, timeout_s=settings.rasa_timeout_s),
            statements=state.statements,
            rasa_token=settings.rasa_token,
            request_form="/demande",
            live=state.live,
        )
    desk: Desk = state.desk
    return desk


DeskDep = Annotated[Desk, Depends(get_desk)]
Call = TypeVar("Call", bound=BaseModel)


class ParseCall(BaseModel):
    """What Rasa asks: `message_id` is the sender's id, that is the conversation's."""

    model_config = ConfigDict(extra="ignore")

    text: str
    message_id: uuid.UUID
    token: str | None = None


async def parse(request: Request) -> Response:
    """The intent of a message, read in the state of its conversation."""
    desk = await get_desk(request)
    call = await _read(ParseCall, request)
    _check_token(desk, call.token)
    text = as_written(call.text)
    understood = desk.understood(call.message_id, text)
    if understood is None:
        async with request.app.state.sessions() as session:
            state = await recall(session=session, conversation_id=call.message_id)
        read = await desk.understand(call.message_id, text, state)
    else:
        state, read = understood.state, understood.triage
    return _json(parse_result(call.text, read, state, desk.engine.catalogue))


async def webhook(request: Request) -> Response:
    """Run one action, in one transaction."""
    desk = await get_desk(request)
    _check_token(desk, request.headers.get("authorization", "").removeprefix("Bearer "))
    call = await _read(ActionCall, request)
    async with request.app.state.sessions() as session:
        done = await run_action(call, session=session, desk=desk)
        await session.commit()
    return _json(done)


# Plain routes: what FastAPI adds to each call (dependencies, exit stacks) is a tenth of a turn.
router.add_route("/rasa/model/parse", parse, methods=["POST"], include_in_schema=False)
router.add_route("/rasa/webhook", webhook, methods=["POST"], include_in_schema=False)


async def _read(model: type[Call], request: Request) -> Call:
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise Unreadable from error


def _check_token(desk: Desk, given: str | None) -> None:
    if not desk.rasa_token or not hmac.compare_digest((given or "").encode(), desk.rasa_token.encode()):
        raise NotSignedIn


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
