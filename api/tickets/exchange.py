"""The exchange of a ticket: what the learner and the staff write, and what closes or opens it again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket, TicketEvent, TicketMessage
from api.errors import TooMany
from api.tickets import assigning, life, notices, repository
from api.tickets.life import LEARNER, SYSTEM, Actor, StatusRefused
from api.tickets.privacy import masked_answer
from api.tickets.statuses import OPEN, OVER, TO_TAKE, Status
from api.tickets.urgency import urgency_in
from nlu.personal_data import mask

LEARNER_MESSAGES_AN_HOUR = 20
AN_HOUR = timedelta(hours=1)
SAFETY = 0


class TooManyMessages(TooMany):
    """The learner wrote more than anybody reads."""

    detail = "Vous avez envoyé beaucoup de messages en peu de temps. Réessayez dans une heure."


class TooLate(StatusRefused):
    """The ticket has been over for too long to be opened again."""

    detail = "Cette demande est terminée depuis trop longtemps pour être rouverte."


@dataclass(frozen=True, slots=True)
class Said:
    """A message kept. `masked`: something personal was taken out of it."""

    ticket: Ticket
    message: TicketMessage
    masked: bool


async def answer(
    *,
    session: AsyncSession,
    reference: str,
    text: str,
    by: Actor,
    client_id: uuid.UUID,
    seen: int | None = None,
    then: Status | None = None,
) -> Said:
    """What an advisor writes to the learner; `then` moves the ticket with it. The same `client_id` again changes nothing.

    Answering a ticket that nobody had takes it.

    Raises:
        UnknownTicket, Overtaken, StatusRefused: nothing is kept.
    """
    ticket = await life.locked(session=session, reference=reference)
    if known := await repository.message_of_client(session, ticket.id, client_id):
        return Said(ticket, known, masked=False)
    await life.check_version(session=session, ticket=ticket, seen=seen)
    if ticket.status == "clos":
        raise StatusRefused("Cette demande est close : rouvrez-la avant de répondre.")
    said = await _say(session, ticket, masked_answer(text), by, author="operator", client_id=client_id, given=text)
    if by.operator_id is not None and ticket.assignee_id is None:
        await assigning.give(session=session, ticket=ticket, to=by.operator_id, by=by)
    to: Status | None = then or ("assigne" if ticket.status in TO_TAKE else None)
    moved = None
    if to is not None:
        moved = await life.move(session=session, ticket=ticket, to=to, by=by, message=said.message)
    if moved is None or ticket.status != "resolu":  # that mail carries the message
        await notices.answered(session=session, ticket=ticket, message=said.message)
    return said


async def note(
    *, session: AsyncSession, reference: str, text: str, by: Actor, client_id: uuid.UUID, seen: int | None = None
) -> Said:
    """An internal note: the learner never sees it.

    Raises:
        UnknownTicket, Overtaken: nothing is kept.
    """
    ticket = await life.locked(session=session, reference=reference)
    if known := await repository.message_of_client(session, ticket.id, client_id):
        return Said(ticket, known, masked=False)
    await life.check_version(session=session, ticket=ticket, seen=seen)
    return await _say(session, ticket, masked_answer(text), by, author="note", client_id=client_id, given=text)


async def learner_says(
    *, session: AsyncSession, ticket_id: uuid.UUID, text: str, client_id: uuid.UUID, alarm: str | None = None
) -> Said:
    """What the learner adds; a ticket that waited for it goes back to whoever waits. `alarm`: see `raise_alarm`.

    Raises:
        StatusRefused: the ticket is over. TooManyMessages. Nothing is kept.
    """
    ticket = await life.locked(session=session, ticket_id=ticket_id)
    if known := await repository.message_of_client(session, ticket.id, client_id):
        return Said(ticket, known, masked=False)
    if ticket.status not in OPEN:
        raise StatusRefused
    said = await _learner_message(session, ticket, text, client_id)
    if ticket.status == "en_attente":
        await life.move(session=session, ticket=ticket, to="assigne", by=LEARNER, why="réponse de l'usager")
    if alarm is not None:
        await raise_alarm(session=session, ticket=ticket, label=alarm)
    return said


async def learner_closes(*, session: AsyncSession, ticket_id: uuid.UUID) -> Ticket:
    """The learner needs no more. Closing what is closed changes nothing."""
    ticket = await life.locked(session=session, ticket_id=ticket_id)
    await life.move(session=session, ticket=ticket, to="clos", by=LEARNER)
    return ticket


async def learner_reopens(
    *,
    session: AsyncSession,
    ticket_id: uuid.UUID,
    text: str,
    client_id: uuid.UUID,
    within: timedelta,
    alarm: str | None = None,
) -> Said:
    """The answer was not one: open again, with what the learner says of it.

    Raises:
        StatusRefused: the ticket is open. TooLate: over for longer than `within`. TooManyMessages. Nothing is kept.
    """
    ticket = await life.locked(session=session, ticket_id=ticket_id)
    if known := await repository.message_of_client(session, ticket.id, client_id):
        return Said(ticket, known, masked=False)
    if ticket.status not in OVER:
        raise StatusRefused
    if not may_reopen(ticket, await life.history(session=session, ticket=ticket), within=within):
        raise TooLate
    said = await _learner_message(session, ticket, text, client_id)
    await life.move(session=session, ticket=ticket, to="rouvert", by=LEARNER)
    if alarm is not None:
        await raise_alarm(session=session, ticket=ticket, label=alarm)
    return said


async def raise_alarm(*, session: AsyncSession, ticket: Ticket, label: str) -> None:
    """The learner wrote of danger, harassment or distress: the ticket comes first, and is open."""
    ticket.priority = SAFETY
    await repository.touch(session, ticket)
    await life.record(session=session, ticket=ticket, kind="safety", by=SYSTEM, data={"label": label})
    if ticket.status in OVER:
        await life.move(session=session, ticket=ticket, to="rouvert", by=SYSTEM, why="signal de sécurité")


def may_reopen(ticket: Ticket, events: Sequence[TicketEvent], *, within: timedelta) -> bool:
    """True for a ticket that is over, and has been for less than `within`."""
    over = [event.at for event in events if event.kind == "status" and event.data.get("to") in OVER]
    since = max(over, default=ticket.updated_at)
    return ticket.status in OVER and datetime.now(UTC) - since < within


async def messages(*, session: AsyncSession, ticket: Ticket) -> Sequence[TicketMessage]:
    """The exchange, notes included, oldest first."""
    return await repository.messages_of(session, ticket.id)


async def message(*, session: AsyncSession, message_id: int) -> TicketMessage | None:
    """One message."""
    return await repository.message(session, message_id)


async def _learner_message(session: AsyncSession, ticket: Ticket, text: str, client_id: uuid.UUID) -> Said:
    since = datetime.now(UTC) - AN_HOUR
    if await repository.messages_since(session, ticket.id, "learner", since) >= LEARNER_MESSAGES_AN_HOUR:
        raise TooManyMessages
    said = await _say(session, ticket, mask(text).text, LEARNER, author="learner", client_id=client_id, given=text)
    await life.heed(session=session, ticket=ticket, urgency=urgency_in(said.message.text, ticket))
    return said


async def _say(
    session: AsyncSession, ticket: Ticket, text: str, by: Actor, *, author: str, client_id: uuid.UUID, given: str
) -> Said:
    row = TicketMessage(ticket_id=ticket.id, author=author, operator_id=by.operator_id, text=text, client_id=client_id)
    kept = await repository.add_message(session, row)
    data: dict[str, Any] = {"message_id": kept.id}
    await life.record(session=session, ticket=ticket, kind="note" if author == "note" else "message", by=by, data=data)
    await repository.touch(session, ticket)
    return Said(ticket, kept, masked=text != given)
