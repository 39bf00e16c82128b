"""What people do with their conversation on the page: say what helped, take it away, erase it, start another."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.conversations import owner
from api.conversations.errors import UnknownConversation, WrongToken
from api.conversations.export_page import export_document, export_page
from api.conversations.owner_routes import attachment
from api.dependencies import EngineDep, PageWordsDep, SessionDep, SettingsDep
from api.dialogue.routes import DeskDep
from api.live import learners
from api.live.process import LiveDep
from api.text_fields import Line
from api.widget.conversing import history
from api.widget.same_site import refuse_other_sites
from api.widget.scripted import VisitorDep
from api.widget.visitor import PATH, forget, in_frame, visitor_of

router = APIRouter(include_in_schema=False)
Field = Annotated[Line, Form()]


@router.post(f"{PATH}/avis")
async def give_opinion(
    request: Request,
    session: SessionDep,
    visitor: VisitorDep,
    words: PageWordsDep,
    message: Annotated[int, Form(ge=1, lt=2**63)],
    utile: Annotated[Literal["oui", "non"], Form()],
    raison: Field = "",
    commentaire: Field = "",
) -> Response:
    """Whether an answer helped, and why."""
    refuse_other_sites(request)
    opinion = owner.Opinion(utile == "oui", raison or None, commentaire or None)
    await owner.give_feedback(session=session, **asdict(visitor.key), message_id=message, opinion=opinion, words=words)
    if "application/json" in request.headers.get("accept", ""):
        return Response(orjson.dumps({"said": words.feedback_thanks}), media_type="application/json")
    await session.commit()
    return RedirectResponse(f"{PATH}?suite=1#m{message}", status_code=303)


@router.get(f"{PATH}/export")
async def export(
    session: SessionDep,
    visitor: VisitorDep,
    engine: EngineDep,
    format: Annotated[Literal["json", "html"], Query()] = "html",
) -> Response:
    """The conversation, to keep."""
    found = await owner.export(session=session, **asdict(visitor.key))
    if format == "html":
        return attachment(export_page(found, engine.catalogue), "text/html; charset=utf-8", "html")
    return attachment(orjson.dumps(export_document(found), option=orjson.OPT_INDENT_2), "application/json", "json")


@router.post(f"{PATH}/effacer")
async def erase(request: Request, session: SessionDep, settings: SettingsDep, desk: DeskDep) -> Response:
    """Erase the conversation here and in the service. Asked twice, it is erased all the same."""
    refuse_other_sites(request)
    visitor = visitor_of(request)
    if visitor is not None:
        try:
            await owner.erase(session=session, desk=desk, **asdict(visitor.key))
        except (UnknownConversation, WrongToken):
            await session.rollback()
    if in_frame(request):
        return Response(status_code=204)
    response = RedirectResponse(f"{PATH}?efface=1", status_code=303)
    forget(response, secure=settings.secure_cookies)
    return response


@router.post(f"{PATH}/recommencer")
async def start_again(request: Request, session: SessionDep, settings: SettingsDep, live: LiveDep) -> Response:
    """Take the conversation off this device; the next message opens another. A person who was answering is told."""
    refuse_other_sites(request)
    visitor = visitor_of(request)
    if visitor is not None and await history(session=session, visitor=visitor) is not None:
        await learners.left(session=session, live=live, conversation_id=visitor.conversation_id)
    if in_frame(request):
        return Response(status_code=204)
    response = RedirectResponse(PATH, status_code=303)
    forget(response, secure=settings.secure_cookies)
    return response
