"""`/demande`: a request in one piece, without the dialogue. Answered by an article, or sent to people."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from api.dependencies import EngineDep, RepliesDep, SessionDep, SettingsDep
from api.faq.views import article_view
from api.followup import service as followup
from api.operators.signed_in import FormRefused, check_form, form_token
from api.pages import page
from api.requests.service import IncomingRequest, Outcome, receive
from api.tickets.contacts import read_email, read_phone
from api.tickets.measured_delays import measured_delay
from api.widget.bubbles import article_card
from api.widget.contexts import RequestDonePage, RequestErrors, RequestPage, RequestValues
from api.widget.conversing import TextRefused, new_message_id, read_message_id, read_text
from api.widget.levels import VALUES
from api.widget.rendering import DATABASE_DOWN, TEMPLATES
from api.widget.rich_text import calls, calm, written
from api.widget.same_site import from_our_page
from knowledge.replies import Replies
from knowledge.triage import Engine

router = APIRouter(include_in_schema=False)
PATH = "/demande"
COOKIE = "aiguillage_demande"
LASTS_S = 12 * 3600
PEOPLE = {"eleve": "élève", "parent": "parent", "adulte": "adulte en formation", "etablissement": "établissement"}
EXPIRED = "Cette page est restée ouverte trop longtemps. Rien n'est perdu : envoyez de nouveau."
CLOSED = "Le service ne répond pas pour le moment. Rien n'est envoyé, et rien n'est perdu : envoyez de nouveau dans un instant."
EMPTY = "Écrivez votre demande : c'est le seul champ nécessaire."
NO_REQUEST = "Dites en une phrase ce que vous cherchez ou ce qui vous bloque."
BAD_EMAIL = "Cette adresse n'est pas complète. Exemple : prenom.nom@exemple.fr"
BAD_PHONE = "Ce numéro n'est pas complet. Exemple : 06 12 34 56 78"
Field = Annotated[str, Form()]


@router.get(PATH)
async def request_form(request: Request, engine: EngineDep, settings: SettingsDep) -> Response:
    """The empty form."""
    return _form(request, engine, RequestValues(), RequestErrors(), new_message_id(), secure=settings.secure_cookies)


@router.post(PATH)
async def send(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    replies: RepliesDep,
    settings: SettingsDep,
    message: Field = "",
    qui: Field = "",
    niveau: Field = "",
    courriel: Field = "",
    telephone: Field = "",
    id_demande: Field = "",
    jeton: Field = "",
) -> Response:
    """Decide on the request; what is refused stays in the form, which says why. Sent twice, it is one request."""
    values = RequestValues(message, qui, niveau, courriel, telephone)
    request_id = read_message_id(id_demande)
    errors, status = _check(request, values, jeton)
    if not errors.any:
        try:
            outcome = await receive(
                session=session,
                engine=engine,
                replies=replies,
                request=_incoming(values),
                idempotency_key=request_id,
            )
            delay = await _delay(session, outcome, replies)
            follow_up = await followup.link(session=session, ticket_id=outcome.ticket.id) if outcome.ticket else None
            await session.commit()
        except DATABASE_DOWN:
            with suppress(*DATABASE_DOWN):
                await session.rollback()
            errors, status = RequestErrors(form=CLOSED), 503
        else:
            if outcome.article is not None or outcome.ticket is not None:
                done = replace(_done(outcome, values, engine), follow_up=follow_up, delay=delay)
                return page(TEMPLATES, "demande_recue.html", done)
            errors, status = RequestErrors(message=NO_REQUEST), 422
    return _form(request, engine, values, errors, request_id, secure=settings.secure_cookies, status=status)


def _check(request: Request, values: RequestValues, given: str) -> tuple[RequestErrors, int]:
    ours = from_our_page(request)
    try:
        if ours is False:
            raise FormRefused
        if ours is None:  # the browser does not say: the form must carry what its cookie was given
            check_form(request.cookies.get(COOKIE, ""), given)
    except FormRefused:
        return RequestErrors(form=EXPIRED), 403
    text = read_text(values.message)
    refused = text if isinstance(text, TextRefused) else None
    email, phone = values.email.strip(), values.phone.strip()
    errors = RequestErrors(
        message=EMPTY if refused and not values.message.strip() else refused.sentence if refused else None,
        email=BAD_EMAIL if email and read_email(email) is None else None,
        phone=BAD_PHONE if phone and read_phone(phone) is None else None,
    )
    return errors, refused.status if refused else 422


def _incoming(values: RequestValues) -> IncomingRequest:
    """The request as a mail would say it: what was picked stands under the message, in few words, since it is read
    with it to decide."""
    text = read_text(values.message)
    assert isinstance(text, str)
    email, phone = values.email.strip(), values.phone.strip()
    level = values.level if values.level in VALUES else ""
    details = (PEOPLE.get(values.who, ""), level, phone if email else "")
    given = ", ".join(d for d in details if d)
    return IncomingRequest("web_form", f"{text}\n\n({given})" if given else text, None, email or phone or None)


async def _delay(session: AsyncSession, outcome: Outcome, replies: Replies) -> str | None:
    """How long the team of the request took lately; nothing beside a safety answer."""
    if outcome.ticket is None or outcome.message:
        return None
    return await measured_delay(session=session, replies=replies, team=outcome.ticket.team)


def _done(outcome: Outcome, values: RequestValues, engine: Engine) -> RequestDonePage:
    if outcome.article is not None:
        public = article_view(outcome.article).model_dump()
        return RequestDonePage(
            title="Une réponse à votre question",
            article=article_card(public),
            answer=written(outcome.article.answer),
        )
    assert outcome.ticket is not None
    team = engine.catalogue.teams.get(outcome.ticket.team)
    return RequestDonePage(
        title="Votre message est reçu" if outcome.message else "Votre demande est envoyée",
        safety=calm(outcome.message) if outcome.message else (),
        calls=calls(outcome.message or ""),
        reference=outcome.ticket.reference,
        team=team.spoken if team else None,
        contact_given=bool(outcome.ticket.contact_email or outcome.ticket.contact_phone),
    )


def _form(
    request: Request,
    engine: Engine,
    values: RequestValues,
    errors: RequestErrors,
    request_id: str,
    *,
    secure: bool,
    status: int = 200,
) -> Response:
    """The form, bound to this browser by a cookie that no other site can set or read."""
    secret = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
    context = RequestPage(
        values=values,
        errors=errors,
        form_token=form_token(secret),
        request_id=request_id,
        people=engine.catalogue.fields["demandeur"].choices,
    )
    response = page(TEMPLATES, "demande.html", context, status=status)
    response.set_cookie(COOKIE, secret, max_age=LASTS_S, path=PATH, secure=secure, httponly=True, samesite="lax")
    return response
