"""What the author of a conversation does with it: opinions on answers, a copy of everything, erasure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.conversations import owner
from api.conversations.bearer import KeyDep
from api.conversations.export_page import export_document, export_page
from api.dependencies import EngineDep, PageWordsDep, SessionDep
from api.dialogue.routes import DeskDep
from api.text_fields import Line

router = APIRouter(tags=["conversations"])
MessageId = Annotated[int, Path(ge=1, lt=2**63)]


class Feedback(BaseModel):
    """What the author thinks of an answer. `reason` is one of those the page offers."""

    model_config = ConfigDict(extra="forbid")

    useful: bool
    reason: str | None = Field(default=None, max_length=100)
    comment: Line | None = None


@router.post("/{conversation_id}/messages/{message_id}/feedback", status_code=204)
async def give_feedback(
    key: KeyDep, message_id: MessageId, feedback: Feedback, session: SessionDep, words: PageWordsDep
) -> Response:
    """Say whether an answer helped; said again, the latest counts."""
    opinion = owner.Opinion(feedback.useful, feedback.reason, feedback.comment)
    await owner.give_feedback(session=session, **asdict(key), message_id=message_id, opinion=opinion, words=words)
    return Response(status_code=204)


@router.get("/{conversation_id}/export")
async def export(
    key: KeyDep, session: SessionDep, engine: EngineDep, format: Annotated[Literal["json", "html"], Query()] = "json"
) -> Response:
    """All that is kept of the conversation and of its author, to read or to take away."""
    found = await owner.export(session=session, **asdict(key))
    if format == "html":
        return attachment(export_page(found, engine.catalogue), "text/html; charset=utf-8", "html")
    return attachment(orjson.dumps(export_document(found), option=orjson.OPT_INDENT_2), "application/json", "json")


@router.delete("/{conversation_id}", status_code=204)
async def erase(key: KeyDep, session: SessionDep, desk: DeskDep) -> Response:
    """Erase the conversation: messages, memory of the dialogue, opinions. A request already sent stays, without the exchange."""
    await owner.erase(session=session, desk=desk, **asdict(key))
    return Response(status_code=204)


def attachment(content: str | bytes, media_type: str, extension: str) -> Response:
    """A file to keep; its name says nothing of anybody."""
    headers = {"Content-Disposition": f'attachment; filename="conversation-cned.{extension}"'}
    return Response(content, media_type=media_type, headers=headers)
