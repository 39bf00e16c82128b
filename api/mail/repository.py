"""What is asked of the tables of e-mails."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Mail, MailStop


async def insert_once(session: AsyncSession, values: dict[str, Any]) -> uuid.UUID | None:
    """Add the mail; None, and nothing added, when its key exists."""
    query = insert(Mail).values(id=uuid.uuid4(), state="queued", attempts=0, **values)
    return await session.scalar(query.on_conflict_do_nothing(index_elements=["key"]).returning(Mail.id))


async def take(session: AsyncSession, mail_id: uuid.UUID) -> Mail | None:
    """A mail to send, which no other worker takes until the commit; None when it left, or when somebody sends it now."""
    query = select(Mail).where(Mail.id == mail_id, Mail.state == "queued").with_for_update(skip_locked=True)
    return await session.scalar(query)


async def requeue(session: AsyncSession, mail_id: uuid.UUID) -> bool:
    """Put back a mail that could not leave; False when it is none."""
    query = update(Mail).where(Mail.id == mail_id, Mail.state.in_(("refused", "failed")))
    done = await session.scalar(query.values(state="queued", attempts=0, reason=None).returning(Mail.id))
    return done is not None


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many mails are in each state; "planned" are those queued for later."""
    later = Mail.due_at > func.now()
    query = select(Mail.state, later, func.count()).group_by(Mail.state, later)
    found: dict[str, int] = {}
    for kept, is_later, number in (await session.execute(query)).tuples():
        name = "planned" if kept == "queued" and is_later else kept
        found[name] = found.get(name, 0) + number
    return found


async def stuck(session: AsyncSession, limit: int) -> Sequence[Mail]:
    """The latest mails that could not leave, and those tried in vain so far."""
    query = select(Mail).where(Mail.state.in_(("refused", "failed")) | ((Mail.state == "queued") & (Mail.attempts > 0)))
    return (await session.scalars(query.order_by(Mail.created_at.desc()).limit(limit))).all()


async def mails_of(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[Mail]:
    """The mails of a ticket, oldest first."""
    query = select(Mail).where(Mail.ticket_id == ticket_id).order_by(Mail.created_at, Mail.due_at)
    return (await session.scalars(query)).all()


async def stop(session: AsyncSession, ticket_id: uuid.UUID) -> None:
    """No more mails about this ticket."""
    await session.execute(insert(MailStop).values(ticket_id=ticket_id).on_conflict_do_nothing())


async def start_again(session: AsyncSession, ticket_id: uuid.UUID) -> None:
    """Mails about this ticket again."""
    if (kept := await session.get(MailStop, ticket_id)) is not None:
        await session.delete(kept)
        await session.flush()


async def stopped(session: AsyncSession, ticket_id: uuid.UUID) -> bool:
    """True when the person wants no mail about this ticket."""
    return await session.get(MailStop, ticket_id) is not None
