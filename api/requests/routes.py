"""Requests in one piece, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict

from api.dependencies import EngineDep, RepliesDep, SessionDep, SettingsDep
from api.faq.views import ArticleView, article_view
from api.followup import service as followup
from api.requests.service import IncomingRequest, receive
from api.text_fields import Line, MessageText
from api.tickets.service import ticket_view

router = APIRouter(prefix="/v1/requests", tags=["demandes"])


class RequestForm(BaseModel):
    """A mail, a web form or what an agent noted. `sender`: e-mail address, phone number or name."""

    model_config = ConfigDict(extra="forbid")
    channel: Literal["mail", "web_form", "phone", "chat"]
    text: MessageText
    subject: Line | None = None
    sender: Line | None = None


class PublicTicket(BaseModel):
    """What the person who asked may see of a ticket. `fields` maps an id to its value."""

    reference: str
    service_type: str
    team: str
    unit: str | None
    status: str
    fields: dict[str, Any]


class Decided(BaseModel):
    """What became of the request: an article answers it, or a ticket waits for people."""

    decision: str
    article: ArticleView | None = None
    ticket: PublicTicket | None = None
    message: str | None = None


@router.post("", response_model_exclude_unset=True)
async def receive_request(
    session: SessionDep,
    engine: EngineDep,
    replies: RepliesDep,
    settings: SettingsDep,
    response: Response,
    form: RequestForm,
    *,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Decided:
    """Decide on a request. The same one sent twice within 24 hours, or with the same key, gives the same ticket.

    The answer that opens a ticket has its secret follow-up page in the header `Link` (rel="monitor"), once.
    """
    request = IncomingRequest(form.channel, form.text, form.subject or None, form.sender or None)
    outcome = await receive(
        session=session, engine=engine, replies=replies, request=request, idempotency_key=idempotency_key
    )
    decided = Decided(decision=outcome.triage.decision)
    if outcome.article is not None:
        decided.article = article_view(outcome.article)
    if outcome.ticket is not None:
        decided.ticket = PublicTicket(**ticket_view(outcome.ticket))
        if outcome.new:  # a header: the body of a repeat is that of the first answer, and a repeat gets no secret
            link = await followup.link(session=session, ticket_id=outcome.ticket.id, base=settings.public_address)
            response.headers["Link"] = f'<{link}>; rel="monitor"'
    if outcome.message is not None:
        decided.message = outcome.message
    return decided
