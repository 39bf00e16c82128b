"""From a conversation to the follow-up page of the request it sent: the link is made when it is asked for, and not kept."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from api.conversations import service as conversations
from api.conversations.errors import UnknownConversation, WrongToken
from api.db.models import Ticket
from api.dependencies import SessionDep, SettingsDep
from api.errors import NotSignedIn
from api.followup import service
from api.followup.limits import limits_of
from api.followup.service import UnknownLink
from api.followup.showing import missing
from api.tickets import service as tickets
from api.tickets.service import UnknownTicket
from api.widget.visitor import visitor_of

router = APIRouter()


class Link(BaseModel):
    """A secret address: whoever has it can read the request and write in it."""

    follow_up: str = Field(description="adresse secrète de la page de suivi ; elle n'est pas gardée en clair")


@router.post(
    "/v1/conversations/{conversation_id}/tickets/{reference}/follow-up", tags=["conversations"], status_code=201
)
async def follow_up_link(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    conversation_id: uuid.UUID,
    reference: str,
    *,
    authorization: Annotated[str, Header()] = "",
) -> Link:
    """A new link to the follow-up page of a request that this conversation sent (Bearer token of the conversation)."""
    await limits_of(request).check(request)
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    ticket = await _ticket_of(session, conversation_id, token.strip(), reference)
    return Link(follow_up=await service.link(session=session, ticket_id=ticket.id, base=settings.public_address))


@router.get("/assistant/suivi/{reference}", include_in_schema=False)
async def from_the_assistant(request: Request, session: SessionDep, reference: str) -> Response:
    """From the page of the assistant, whose cookie says whose conversation it is."""
    await limits_of(request).check(request)
    visitor = visitor_of(request)
    if visitor is None:
        return missing()
    try:
        ticket = await _ticket_of(session, visitor.conversation_id, visitor.token, reference)
    except (UnknownConversation, WrongToken, UnknownTicket, UnknownLink):
        return missing()
    return RedirectResponse(await service.link(session=session, ticket_id=ticket.id), status_code=303)


async def _ticket_of(session: AsyncSession, conversation_id: uuid.UUID, token: str, reference: str) -> Ticket:
    """The ticket, when this conversation sent it."""
    await conversations.history(session=session, conversation_id=conversation_id, token=token)
    ticket = await tickets.get_ticket(session=session, reference=reference)
    if ticket.conversation_id != conversation_id:
        raise UnknownTicket
    return ticket
