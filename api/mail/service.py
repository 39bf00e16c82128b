"""Queueing e-mails: the row and its job are written in the caller's transaction, or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import procrastinate
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Mail
from api.errors import NotFound
from api.mail import repository
from api.settings import Settings
from knowledge.mail_kinds import MailKind

QUEUE = "mail"
SEND = "mail.send"
# Never opened: jobs are written through the connection of the caller's transaction.
_JOBS = procrastinate.App(connector=procrastinate.PsycopgConnector())


class UnknownMail(NotFound):
    """No such mail, or none that could be sent again."""

    detail = "Ce courriel n'existe pas, ou il n'a pas besoin d'être renvoyé."


async def queue(
    *,
    session: AsyncSession,
    ticket_id: uuid.UUID,
    kind: MailKind,
    key: str,
    message_id: int | None = None,
    event_id: int | None = None,
    due: datetime | None = None,
) -> None:
    """A mail to send once, now or at `due`; the same `key` again adds nothing. The caller commits."""
    values: dict[str, Any] = {
        "key": key,
        "ticket_id": ticket_id,
        "kind": kind,
        "message_id": message_id,
        "event_id": event_id,
        "due_at": due or datetime.now(UTC),
    }
    mail_id = await repository.insert_once(session, values)
    if mail_id is not None:
        await _defer(session, mail_id, due)


async def send_again(*, session: AsyncSession, mail_id: uuid.UUID) -> None:
    """Try again a mail that was given up. The caller commits.

    Raises:
        UnknownMail: it is none.
    """
    if not await repository.requeue(session, mail_id):
        raise UnknownMail
    await _defer(session, mail_id, None)


async def counts(*, session: AsyncSession) -> dict[str, int]:
    """How many mails are queued, planned, sent, dropped, refused, failed."""
    return await repository.counts(session)


async def stuck(*, session: AsyncSession, limit: int = 50) -> Sequence[Mail]:
    """The latest mails that did not leave though they should have."""
    return await repository.stuck(session, limit)


async def mails_of(*, session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[Mail]:
    """The mails of a ticket, oldest first."""
    return await repository.mails_of(session, ticket_id)


async def set_stopped(*, session: AsyncSession, ticket_id: uuid.UUID, stopped: bool) -> None:
    """The person wants mails about this ticket, or no more of them."""
    await (repository.stop if stopped else repository.start_again)(session, ticket_id)


async def is_stopped(*, session: AsyncSession, ticket_id: uuid.UUID) -> bool:
    """True when the person wants no mail about this ticket."""
    return await repository.stopped(session, ticket_id)


def is_configured(settings: Settings) -> bool:
    """True when mails can leave; else they stay queued."""
    return bool(settings.smtp_host and settings.mail_from)


async def _defer(session: AsyncSession, mail_id: uuid.UUID, due: datetime | None) -> None:
    connection = await (await session.connection()).get_raw_connection()
    job = _JOBS.configure_task(SEND, queue=QUEUE, schedule_at=due, connection=connection.driver_connection)
    await job.defer_async(mail_id=str(mail_id))
