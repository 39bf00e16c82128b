"""`/assistant`: the conversation as pages and forms; its script sends the same messages without reloading."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api.conversations import owner
from api.dependencies import EngineDep, PageWordsDep, SessionDep, SettingsDep
from api.dialogue.routes import DeskDep
from api.live import learners
from api.live.banner import banner
from api.live.learners import LiveState
from api.live.process import LiveDep
from api.pages import page
from api.rate_limits import Limits
from api.widget import assets, owning, request_form, scripted, site_script
from api.widget.bubbles import exchange_of, last_turn
from api.widget.composer import Composer, composer_for, what_was_corrected, what_was_sent
from api.widget.contexts import AssistantPage, PrivacyPage
from api.widget.conversing import (
    Json,
    TextRefused,
    history,
    id_of_text,
    new_message_id,
    read_message_id,
    read_text,
    say,
)  # fmt: skip
from api.widget.openings import Openings, get_openings
from api.widget.rendering import DATABASE_DOWN, TEMPLATES
from api.widget.same_site import refuse_other_sites
from api.widget.visitor import COOKIE, PATH, forget, remember, visitor_of

router = APIRouter(include_in_schema=False)
router.include_router(assets.router)
router.include_router(scripted.router)
router.include_router(owning.router)
router.include_router(site_script.router)
router.include_router(request_form.router)
CLOSED = "Le service ne répond pas pour le moment. Votre message n'est pas parti : il est resté dans la zone de texte. Envoyez-le de nouveau dans un instant."  # noqa: E501
GONE = "Votre conversation n'est plus sur cet appareil. Si elle disparaît à chaque message, votre navigateur refuse les cookies : utilisez le formulaire de demande, ou appelez-nous."  # noqa: E501
ERASED = "Votre conversation est effacée. Une demande déjà envoyée reste au Cned, sans vos échanges avec l'assistant."
Field = Annotated[str, Form()]


@router.get("/")
async def home() -> Response:
    """The assistant is the home page."""
    return RedirectResponse(PATH, status_code=303)


@router.get(PATH)
async def assistant(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    words: PageWordsDep,
    settings: SettingsDep,
    live: LiveDep,
    suite: str = "",
    efface: str = "",
    cadre: str = "",
) -> Response:
    """The conversation. `suite` says that a message was just sent, `efface` that all was erased, `cadre` that the page is in
    the frame of the widget, where its script keeps the conversation."""
    visitor = None if cadre else visitor_of(request)
    messages = await history(session=session, visitor=visitor)
    opinions, state = {}, LiveState("bot")
    if visitor is not None and messages is not None:
        opinions = await owner.feedback_given(session=session, conversation_id=visitor.conversation_id)
        state = await learners.live_state(session=session, live=live, conversation_id=visitor.conversation_id)
    context = AssistantPage(
        exchange=exchange_of(messages or (), engine.catalogue, words, opinions),
        composer=composer_for(last_turn(messages or ()), engine.catalogue),
        message_id=new_message_id(),
        words=words,
        notice=ERASED if efface else GONE if suite and messages is None else None,
        live=state.state,
        banner=banner(state),
        embedded=bool(cadre),
    )
    response = page(TEMPLATES, "assistant.html", context)
    if visitor is not None and messages:
        remember(response, visitor, secure=settings.secure_cookies)  # a week from now on
    if messages is None and COOKIE in request.cookies and not cadre:
        forget(response, secure=settings.secure_cookies)
    return response


@router.post(PATH)
async def send(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    words: PageWordsDep,
    settings: SettingsDep,
    desk: DeskDep,
    openings: Annotated[Openings, Depends(get_openings)],
    texte: Field = "",
    choix: Field = "",
    ligne: Field = "",
    valeur: Field = "",
    courriel: Field = "",
    telephone: Field = "",
    id_message: Field = "",
) -> Response:
    """A message of the form: kept, answered, then read again with GET, so that reloading sends nothing."""
    refuse_other_sites(request)
    visitor, form_id = visitor_of(request), read_message_id(id_message)
    if ligne:
        typed = what_was_corrected(line=ligne, value=valeur, email=courriel, phone=telephone)
    else:
        typed = what_was_sent(choice=choix, text=texte, value=valeur, email=courriel, phone=telephone)
    text = read_text(typed)
    refused: tuple[str, int] | None = None
    if isinstance(text, TextRefused):
        refused = (text.sentence, text.status)
    elif wait := await _limits(request).check(request.scope):
        refused = (words.slow_down(wait), 429)
    if refused is not None or isinstance(text, TextRefused):
        assert refused is not None
        messages = await history(session=session, visitor=visitor)
        return _refused(messages, engine, words, typed, form_id, *refused)
    try:
        visitor, _ = await say(
            session=session,
            desk=desk,
            openings=openings,
            visitor=visitor,
            text=text,
            message_id=id_of_text(form_id, text),
        )
    except DATABASE_DOWN:
        with suppress(*DATABASE_DOWN):
            await session.rollback()
        return _refused(None, engine, words, typed, form_id, CLOSED, 503)
    response = RedirectResponse(f"{PATH}?suite=1#dernier", status_code=303)
    remember(response, visitor, secure=settings.secure_cookies)
    return response


@router.get("/confidentialite")
async def privacy(words: PageWordsDep) -> Response:
    """What is done with personal data."""
    return page(TEMPLATES, "confidentialite.html", PrivacyPage(words))


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


def _refused(
    messages: list[Json] | None,
    engine: EngineDep,
    words: PageWordsDep,
    draft: str,
    message_id: str,
    sentence: str,
    status: int,
) -> Response:
    """The page again, with the text still in the box."""
    context = AssistantPage(
        exchange=exchange_of(messages or (), engine.catalogue, words),
        composer=composer_for(last_turn(messages or ()), engine.catalogue) if messages else Composer(),
        message_id=message_id,
        words=words,
        draft=draft,
        error=sentence,
    )
    headers = {"Retry-After": "10"} if status == 429 else None
    return page(TEMPLATES, "assistant.html", context, status=status, headers=headers)
