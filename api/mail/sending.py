"""Sending one queued e-mail: is it still due, what does it say, did the server take it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Mail, Ticket
from api.db.session import Sessions
from api.followup import service as followup
from api.mail import repository
from api.mail.composing import BadAddress, MailFacts, Sender, compose
from api.mail.smtp import NotSent, deliver
from api.settings import Settings
from api.tickets import exchange, life
from api.tickets import service as tickets
from knowledge.follow_up import MailTexts
from knowledge.mail_kinds import MailKind
from knowledge.service_types import Catalogue

MOST_ATTEMPTS = 16  # with waits that double up to four hours: two days


class TryAgain(Exception):
    """The mail did not leave and stays queued; the code says why."""


@dataclass(frozen=True, slots=True)
class Postman:
    """What sending needs, once a process."""

    sessions: Sessions
    settings: Settings
    texts: MailTexts
    catalogue: Catalogue


async def send(postman: Postman, mail_id: uuid.UUID) -> str:
    """Send a queued mail, unless it left, is no longer due, or another worker has it; what became of it.

    The row stays locked while the server is talked to, and is marked in the same transaction: only a crash between the
    server's "250" and the commit could send twice, then with the same Message-ID.

    Raises:
        TryAgain: it did not leave, and may at another time.
    """
    async with postman.sessions() as session:
        mail = await repository.take(session, mail_id)
        if mail is None:
            return "nothing"
        failure = await _attempt(postman, session, mail)
        await session.commit()
        if failure is not None:
            raise TryAgain(failure)
        return mail.state


async def _attempt(postman: Postman, session: AsyncSession, mail: Mail) -> str | None:
    """Try; the mail is marked. The code of a failure worth another attempt, else None."""
    ticket = await tickets.ticket_by_id(session=session, ticket_id=mail.ticket_id)
    if (reason := await _not_due(session, mail, ticket)) is not None:
        mail.state, mail.reason = "dropped", reason
        return None
    assert ticket is not None
    try:
        message = compose(
            await _facts(postman, session, mail, ticket),
            texts=postman.texts,
            sender=_sender(postman),
            at=datetime.now(UTC),
        )
        await deliver(message, postman.settings)
    except BadAddress:
        mail.state, mail.reason = "refused", "adresse_illisible"
        return None
    except NotSent as error:
        mail.attempts += 1
        mail.reason = error.code
        if error.for_good:
            mail.state = "refused"
        elif mail.attempts >= MOST_ATTEMPTS:
            mail.state = "failed"
        else:
            return error.code
        return None
    mail.state, mail.reason, mail.sent_at = "sent", None, datetime.now(UTC)
    mail.attempts += 1
    return None


async def _not_due(session: AsyncSession, mail: Mail, ticket: Ticket | None) -> str | None:
    """Why this mail must not leave any more."""
    if ticket is None or not ticket.contact_email:
        return "sans_adresse"
    if await repository.stopped(session, ticket.id):
        return "arret_demande"
    if mail.kind == "reminder" and not await life.still_waiting(
        session=session, ticket=ticket, since_event=mail.event_id or 0
    ):
        return "plus_en_attente"
    return None


async def _facts(postman: Postman, session: AsyncSession, mail: Mail, ticket: Ticket) -> MailFacts:
    async with postman.sessions.begin() as apart:  # the link must exist before the mail does
        link = await followup.link(session=apart, ticket_id=ticket.id, base=postman.settings.public_address)
    said = await exchange.message(session=session, message_id=mail.message_id) if mail.message_id else None
    private = said is not None and ticket.priority == tickets.SAFETY
    team = postman.catalogue.teams.get(ticket.team)
    assert ticket.contact_email is not None
    return MailFacts(
        mail_id=mail.id,
        ticket_id=ticket.id,
        kind=cast(MailKind, mail.kind),
        to=ticket.contact_email,
        reference=ticket.reference,
        team=team.spoken if team else "une équipe du Cned",
        link=link,
        stop_link=f"{link}/courriels",
        quoted=said.text if said and not private else None,
        private=private,
    )


def _sender(postman: Postman) -> Sender:
    settings = postman.settings
    return Sender(settings.mail_from, postman.texts.sentences["expediteur"], settings.mail_reply_to or None)
