"""Gathering what the follow-up page shows."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from api.db.models import Ticket
from api.followup import contexts, service
from api.followup.contexts import Draft, FollowUpPage, MissingPage
from api.mail import service as mail
from api.pages import page, templates
from api.tickets import exchange, life, measured_delays
from api.widget.assets import design_addresses
from knowledge.follow_up import FollowUpTexts
from knowledge.replies import Replies
from knowledge.service_types import Catalogue

TEMPLATES = templates(Path(__file__).parent / "templates")
TEMPLATES.globals |= {"design_addresses": design_addresses}
NOTICES = {
    "message": "message_envoye", "masque": "message_masque", "clos": "demande_close", "rouvert": "demande_rouverte",
    "avis": "avis_recu", "arret": "courriels_arretes", "reprise": "courriels_repris",
}  # fmt: skip


def texts_of(request: Request) -> FollowUpTexts:
    """The sentences of the page."""
    texts: FollowUpTexts = request.app.state.follow_up
    return texts


async def follow_up_page(
    *,
    session: AsyncSession,
    ticket: Ticket,
    token: str,
    texts: FollowUpTexts,
    catalogue: Catalogue,
    replies: Replies,
    notice: str | None = None,
    draft: Draft | None = None,
    message_id: uuid.UUID | None = None,
) -> FollowUpPage:
    """The page of a ticket for the person who has its link."""
    events = await life.history(session=session, ticket=ticket)
    messages = await exchange.messages(session=session, ticket=ticket)
    rated, word = contexts.rated(await service.rating_of(session=session, ticket_id=ticket.id), texts)
    team = catalogue.teams[ticket.team].spoken if ticket.team in catalogue.teams else "une équipe du Cned"
    title, text, severity = contexts.state_of(ticket, texts, team)
    awaited = ticket.status in measured_delays.AWAITED
    delay = (
        await measured_delays.measured_delay(session=session, replies=replies, team=ticket.team) if awaited else None
    )
    return FollowUpPage(
        here=service.address(token),
        next_id=str(message_id or uuid.uuid4()),
        reference=ticket.reference,
        opened_at=ticket.created_at,
        team=team,
        delay=delay,
        state=ticket.status,
        state_title=title,
        state_text=text,
        severity=severity,
        entries=contexts.entries_of(events, messages, texts),
        first_words=contexts.first_words(ticket, texts),
        can_write=contexts.is_open(ticket),
        can_close=contexts.can_close(ticket),
        can_reopen=exchange.may_reopen(ticket, events, within=timedelta(days=texts.reopen_days)),
        can_rate=rated is None and await service.may_rate(session=session, ticket=ticket),
        ratings=texts.ratings,
        rated=rated,
        rated_word=word,
        has_email=bool(ticket.contact_email),
        mails_stopped=await mail.is_stopped(session=session, ticket_id=ticket.id),
        safety=contexts.safety_card(events, replies),
        notice=texts.sentences[NOTICES[notice]] if notice in NOTICES else None,
        draft=draft or Draft(),
    )


def missing() -> Response:
    """The page of every link that opens nothing."""
    return page(TEMPLATES, "absent.html", MissingPage(), status=404)
