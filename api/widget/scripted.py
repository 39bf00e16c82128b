"""What the script of `/assistant` calls: one message in; the typed messages, and the same pieces of page, out.

The token stays in the cookie, where scripts can't read it, and each message has one rendering: the page's own.
"""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import EngineDep, SessionDep, SettingsDep
from api.dialogue.routes import DeskDep
from api.pages import render
from api.text_fields import MessageText
from api.widget.bubbles import exchange_of
from api.widget.composer import composer_for
from api.widget.contexts import ExchangePart, GuidedPart
from api.widget.conversing import new_message_id, read_message_id, say
from api.widget.openings import Openings, get_openings
from api.widget.rendering import TEMPLATES
from api.widget.same_site import refuse_other_sites
from api.widget.visitor import PATH, remember, visitor_of
from nlu.personal_data import mask

router = APIRouter(include_in_schema=False)


class Typed(BaseModel):
    """A message, and the id that makes it count once."""

    model_config = ConfigDict(extra="forbid")

    text: MessageText
    client_message_id: str = Field(min_length=36, max_length=36)


@router.post(f"{PATH}/messages")
async def send(
    request: Request,
    typed: Typed,
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    desk: DeskDep,
    openings: Annotated[Openings, Depends(get_openings)],
) -> Response:
    """`messages` as in the HTTP interface; `exchange` and `guided` are pieces of the page."""
    refuse_other_sites(request)
    visitor, replies = await say(
        session=session,
        desk=desk,
        openings=openings,
        visitor=visitor_of(request),
        text=typed.text,
        message_id=read_message_id(typed.client_message_id),
    )
    own = {"author": "learner", "kind": "message", "text": mask(typed.text).text}
    turn = [own, *({"author": "assistant", **reply} for reply in replies)]
    composer = composer_for(turn[1:], engine.catalogue)
    body = {
        "messages": replies,
        "exchange": render(TEMPLATES, "echange.html", ExchangePart(exchange_of(turn, engine.catalogue))),
        "guided": render(TEMPLATES, "saisie.html", GuidedPart(composer)),
        "label": composer.label,
        "autocomplete": composer.autocomplete,
        "next_message_id": new_message_id(),
    }
    response = Response(orjson.dumps(body), media_type="application/json")
    remember(response, visitor, secure=settings.secure_cookies)
    return response
