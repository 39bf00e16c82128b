"""`/suivi/{token}`: the request of whoever has its secret link. Plain pages and forms, no script.

The token is 256 random bits in the address, so no other site can know where to post: it is what a form token would be.
It is never logged (`api.serve`), never a label (`api.health.metrics`), never sent on (`Referrer-Policy: no-referrer`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from api.db.models import Ticket
from api.dependencies import EngineDep, RepliesDep, SessionDep
from api.followup import service
from api.followup.contexts import Draft, MailsPage
from api.followup.limits import limits_of
from api.followup.service import NotResolved, UnknownLink
from api.followup.showing import NOTICES, TEMPLATES, follow_up_page, missing, texts_of
from api.mail import service as mail
from api.pages import page
from api.text_fields import MessageText
from api.tickets import exchange
from api.tickets.exchange import TooLate, TooManyMessages
from api.tickets.life import StatusRefused
from api.triage.service import decide
from knowledge.decisions import Context
from knowledge.follow_up import FollowUpTexts
from knowledge.replies import Replies
from knowledge.triage import Engine

router = APIRouter(prefix=service.PATH, include_in_schema=False)
Field = Annotated[str, Form()]
_TEXT: TypeAdapter[str] = TypeAdapter(MessageText)
REFUSALS = {"text_empty": "message_vide", "text_too_long": "message_long"}
WORD_LENGTH = 1000


class NoSuchPage(Exception):
    """The link opens nothing; the page says no more than that."""


def install(app: FastAPI) -> None:
    """Give links that open nothing their page."""
    app.add_exception_handler(NoSuchPage, _no_such_page)


async def _no_such_page(_: Request, __: Exception) -> Response:
    return missing()


@dataclass(frozen=True, slots=True)
class Visit:
    """A link that opens a ticket, and what its page needs."""

    ticket: Ticket
    token: str
    session: AsyncSession
    texts: FollowUpTexts
    engine: Engine
    replies: Replies

    async def show(self, *, status: int = 200, notice: str | None = None, draft: Draft | None = None,
                   message_id: uuid.UUID | None = None) -> Response:  # fmt: skip
        """The page as it is now."""
        context = await follow_up_page(
            session=self.session,
            ticket=self.ticket,
            token=self.token,
            texts=self.texts,
            catalogue=self.engine.catalogue,
            replies=self.replies,
            notice=notice,
            draft=draft,
            message_id=message_id,
        )
        return page(TEMPLATES, "suivi.html", context, status=status)

    def back(self, done: str) -> Response:
        """The page again, with GET, so that reloading sends nothing."""
        return RedirectResponse(f"{service.address(self.token)}?fait={done}#etat", status_code=303)

    async def alarm(self, text: str) -> str | None:
        """The danger that a text tells of, None for none."""
        read = await decide(text, Context(channel="web_form"), engine=self.engine)
        return read.safety.label if read.decision == "safety" else None


async def visit_of(request: Request, session: SessionDep, engine: EngineDep, replies: RepliesDep, token: str) -> Visit:
    """Whose request it is.

    Raises:
        NoSuchPage: nobody's. TooManyPages.
    """
    limits = limits_of(request)
    await limits.check(request)
    try:
        ticket = await service.ticket_of(session=session, token=token)
    except UnknownLink:
        await limits.failed(request)
        raise NoSuchPage from None
    return Visit(ticket, token, session, texts_of(request), engine, replies)


VisitDep = Annotated[Visit, Depends(visit_of)]


@router.get("/{token}")
async def follow_up(visit: VisitDep, fait: str = "") -> Response:
    """The request: its state, its exchange, what can be done."""
    return await visit.show(notice=fait if fait in NOTICES else None)


@router.post("/{token}/message")
async def write(visit: VisitDep, texte: Field = "", envoi: Field = "") -> Response:
    """Answer. What is refused stays in the box."""
    return await _write(visit, texte, envoi, reopen=False)


@router.post("/{token}/rouvrir")
async def reopen(visit: VisitDep, texte: Field = "", envoi: Field = "") -> Response:
    """The answer was not one: say why, and the request is open again."""
    return await _write(visit, texte, envoi, reopen=True)


@router.post("/{token}/clore")
async def close(visit: VisitDep) -> Response:
    """No more is needed."""
    await exchange.learner_closes(session=visit.session, ticket_id=visit.ticket.id)
    return visit.back("clos")


@router.post("/{token}/avis")
async def rate(visit: VisitDep, note: Field = "", mot: Field = "") -> Response:
    """What the person thinks of the answer."""
    word = " ".join(mot.replace("\x00", " ").split())[:WORD_LENGTH]
    if note not in {"1", "2", "3", "4", "5"}:
        draft = Draft(word=word, rating_error=visit.texts.sentences["avis_absent"])
        return await visit.show(status=422, draft=draft)
    alarm = await visit.alarm(word) if word else None
    try:
        await service.rate(session=visit.session, ticket_id=visit.ticket.id, rating=int(note), word=word, alarm=alarm)
    except NotResolved:
        draft = Draft(word=word, rating=int(note), rating_error=visit.texts.sentences["avis_impossible"])
        return await visit.show(status=409, draft=draft)
    return visit.back("avis")


@router.get("/{token}/courriels")
async def mails(visit: VisitDep) -> Response:
    """Whether e-mails about this request are wanted: asked, since programs follow the links of mails."""
    stopped = await mail.is_stopped(session=visit.session, ticket_id=visit.ticket.id)
    return page(TEMPLATES, "courriels.html", MailsPage(service.address(visit.token), visit.ticket.reference, stopped))


@router.post("/{token}/courriels")
async def choose_mails(visit: VisitDep, reprendre: Field = "") -> Response:
    """Stop them (also in one click from a mail program, RFC 8058), or start them again."""
    await mail.set_stopped(session=visit.session, ticket_id=visit.ticket.id, stopped=not reprendre)
    return visit.back("reprise" if reprendre else "arret")


@router.api_route("", methods=["GET", "POST"])
@router.api_route("/{rest:path}", methods=["GET", "POST"])
async def nothing(request: Request) -> Response:
    """Anything else: the same page as an unknown link."""
    limits = limits_of(request)
    await limits.check(request)
    await limits.failed(request)
    return missing()


async def _write(visit: Visit, given: str, sent_as: str, *, reopen: bool) -> Response:
    sentences, client_id = visit.texts.sentences, _uuid(sent_as)
    try:
        text = _TEXT.validate_python(given)
    except ValidationError as error:
        kind = str(error.errors()[0]["type"])
        refused = Draft(message=given, message_error=sentences[REFUSALS.get(kind, "message_illisible")])
        return await visit.show(status=413 if kind == "text_too_long" else 422, draft=refused, message_id=client_id)
    alarm = await visit.alarm(text)
    try:
        said = await (_reopened if reopen else _said)(visit, text, client_id, alarm)
    except (StatusRefused, TooManyMessages) as error:
        key = {TooManyMessages: "trop_de_messages", TooLate: "trop_tard"}.get(type(error), "refus")
        draft = Draft(message=given, message_error=sentences[key])
        return await visit.show(status=429 if key == "trop_de_messages" else 409, draft=draft, message_id=client_id)
    return visit.back("masque" if said.masked else "rouvert" if reopen else "message")


async def _said(visit: Visit, text: str, client_id: uuid.UUID, alarm: str | None) -> exchange.Said:
    return await exchange.learner_says(
        session=visit.session, ticket_id=visit.ticket.id, text=text, client_id=client_id, alarm=alarm
    )


async def _reopened(visit: Visit, text: str, client_id: uuid.UUID, alarm: str | None) -> exchange.Said:
    return await exchange.learner_reopens(
        session=visit.session,
        ticket_id=visit.ticket.id,
        text=text,
        client_id=client_id,
        within=timedelta(days=visit.texts.reopen_days),
        alarm=alarm,
    )


def _uuid(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid4()
