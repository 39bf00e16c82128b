"""`/assistant`: the conversation as pages and forms; its script sends the same messages without reloading."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from api.dependencies import EngineDep, SessionDep, SettingsDep
from api.dialogue.routes import DeskDep
from api.live import learners
from api.live.banner import banner
from api.live.learners import LiveState
from api.live.process import LiveDep
from api.pages import page
from api.widget import request_form, scripted
from api.widget.bubbles import exchange_of, last_turn
from api.widget.composer import Composer, composer_for, what_was_sent
from api.widget.contexts import AssistantPage, PrivacyPage
from api.widget.conversing import (
    Json,
    TextRefused,
    history,
    new_message_id,
    read_message_id,
    read_text,
    say,
)  # fmt: skip
from api.widget.openings import Openings, get_openings
from api.widget.rendering import DATABASE_DOWN, HERE, TEMPLATES
from api.widget.same_site import refuse_other_sites
from api.widget.visitor import COOKIE, PATH, forget, remember, visitor_of

router = APIRouter(include_in_schema=False)
router.include_router(scripted.router)
router.include_router(request_form.router)
STATIC = StaticFiles(directory=HERE / "static")
CLOSED = "Le service ne répond pas pour le moment. Votre message n'est pas parti : il est resté dans la zone de texte. Envoyez-le de nouveau dans un instant."  # noqa: E501
GONE = "Votre conversation n'est plus sur cet appareil. Si elle disparaît à chaque message, votre navigateur refuse les cookies : utilisez le formulaire de demande, ou appelez-nous."  # noqa: E501
Field = Annotated[str, Form()]


@router.get("/")
async def home() -> Response:
    """The assistant is the home page."""
    return RedirectResponse(PATH, status_code=303)


@router.get(PATH)
async def assistant(
    request: Request, session: SessionDep, engine: EngineDep, settings: SettingsDep, live: LiveDep, suite: str = ""
) -> Response:
    """The conversation. `suite` says that a message was just sent."""
    visitor = visitor_of(request)
    messages = await history(session=session, visitor=visitor)
    state = LiveState("bot")
    if visitor is not None and messages is not None:
        state = await learners.live_state(session=session, live=live, conversation_id=visitor.conversation_id)
    context = AssistantPage(
        exchange=exchange_of(messages or (), engine.catalogue),
        composer=composer_for(last_turn(messages or ()), engine.catalogue),
        message_id=new_message_id(),
        notice=GONE if suite and messages is None else None,
        live=state.state,
        banner=banner(state),
    )
    response = page(TEMPLATES, "assistant.html", context)
    if messages is None and COOKIE in request.cookies:
        forget(response, secure=settings.secure_cookies)
    return response


@router.post(PATH)
async def send(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    desk: DeskDep,
    openings: Annotated[Openings, Depends(get_openings)],
    texte: Field = "",
    choix: Field = "",
    valeur: Field = "",
    courriel: Field = "",
    telephone: Field = "",
    id_message: Field = "",
) -> Response:
    """A message of the form: kept, answered, then read again with GET, so that reloading sends nothing."""
    refuse_other_sites(request)
    visitor, message_id = visitor_of(request), read_message_id(id_message)
    typed = what_was_sent(choice=choix, text=texte, value=valeur, email=courriel, phone=telephone)
    text = read_text(typed)
    if isinstance(text, TextRefused):
        messages = await history(session=session, visitor=visitor)
        return _refused(messages, engine, typed, message_id, text.sentence, text.status)
    try:
        visitor, _ = await say(
            session=session, desk=desk, openings=openings, visitor=visitor, text=text, message_id=message_id
        )
    except DATABASE_DOWN:
        with suppress(*DATABASE_DOWN):
            await session.rollback()
        return _refused(None, engine, typed, message_id, CLOSED, 503)
    response = RedirectResponse(f"{PATH}?suite=1#dernier", status_code=303)
    remember(response, visitor, secure=settings.secure_cookies)
    return response


@router.post(f"{PATH}/recommencer")
async def start_again(request: Request, session: SessionDep, settings: SettingsDep, live: LiveDep) -> Response:
    """Take the conversation off this device; the next message opens another. A person who was answering is told."""
    refuse_other_sites(request)
    visitor = visitor_of(request)
    if visitor is not None and await history(session=session, visitor=visitor) is not None:
        await learners.left(session=session, live=live, conversation_id=visitor.conversation_id)
    response = RedirectResponse(PATH, status_code=303)
    forget(response, secure=settings.secure_cookies)
    return response


@router.get("/confidentialite")
async def privacy() -> Response:
    """What is done with personal data."""
    return page(TEMPLATES, "confidentialite.html", PrivacyPage())


@router.get(f"{PATH}/static/{{path:path}}")
async def static(request: Request, path: str) -> Response:
    """Style and script."""
    return await STATIC.get_response(path, request.scope)


def _refused(
    messages: list[Json] | None, engine: EngineDep, draft: str, message_id: str, sentence: str, status: int
) -> Response:
    """The page again, with the text still in the box."""
    context = AssistantPage(
        exchange=exchange_of(messages or (), engine.catalogue),
        composer=composer_for(last_turn(messages or ()), engine.catalogue) if messages else Composer(),
        message_id=message_id,
        draft=draft,
        error=sentence,
    )
    return page(TEMPLATES, "assistant.html", context, status=status)
