"""Which e-mail each thing that happens to a ticket calls for. They are queued in the transaction that causes them.

A ticket of safety gets none by itself: a mailbox may be shared with whoever the person is afraid of. Only what an advisor
chooses to write there is announced, without its text.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket, TicketEvent, TicketMessage
from api.mail import service as mail
from api.tickets import repository
from knowledge.follow_up import load_mail_texts

SAFETY_PRIORITY = 0
CONFIRMATIONS_A_DAY = 5  # to one address
A_DAY = timedelta(days=1)


async def ticket_opened(*, session: AsyncSession, ticket: Ticket) -> None:
    """The confirmation, when an address is known. Anybody can write anybody's address in a form: not more than a few a day."""
    if not ticket.contact_email or ticket.priority == SAFETY_PRIORITY:
        return
    since = datetime.now(UTC) - A_DAY
    if await repository.opened_for(session, ticket.contact_email, since) <= CONFIRMATIONS_A_DAY:
        await mail.queue(session=session, ticket_id=ticket.id, kind="confirmation", key=f"confirmation:{ticket.id}")


async def answered(*, session: AsyncSession, ticket: Ticket, message: TicketMessage) -> None:
    """An advisor wrote to the person."""
    if ticket.contact_email:
        await mail.queue(
            session=session, ticket_id=ticket.id, kind="reply", key=f"reply:{message.id}", message_id=message.id
        )


async def status_changed(
    *, session: AsyncSession, ticket: Ticket, event: TicketEvent, message: TicketMessage | None
) -> None:
    """Resolved: said, with what was written; waiting for the person: reminders later, if it still waits."""
    if not ticket.contact_email:
        return
    if ticket.status == "resolu" and (message is not None or ticket.priority != SAFETY_PRIORITY):
        await mail.queue(
            session=session,
            ticket_id=ticket.id,
            kind="resolved",
            key=f"resolved:{event.id}",
            message_id=message.id if message else None,
        )
    if ticket.status == "en_attente" and ticket.priority != SAFETY_PRIORITY:
        for days in _reminder_days():
            await mail.queue(
                session=session,
                ticket_id=ticket.id,
                kind="reminder",
                key=f"reminder:{event.id}:{days}",
                event_id=event.id,
                due=datetime.now(UTC) + timedelta(days=days),
            )


@cache
def _reminder_days() -> tuple[int, ...]:
    return load_mail_texts().reminder_days
