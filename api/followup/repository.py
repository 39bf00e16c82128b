"""What is asked of the tables of links and ratings."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import FollowUpLink, Rating


async def add_link(session: AsyncSession, token_hash: bytes, ticket_id: uuid.UUID, expires_at: datetime) -> None:
    """Keep a link, and let go of this ticket's expired ones."""
    await session.execute(
        delete(FollowUpLink).where(FollowUpLink.ticket_id == ticket_id, FollowUpLink.expires_at < func.now())
    )
    session.add(FollowUpLink(token_hash=token_hash, ticket_id=ticket_id, expires_at=expires_at))
    await session.flush()


async def ticket_of(session: AsyncSession, token_hash: bytes) -> uuid.UUID | None:
    """The ticket that a link opens."""
    query = select(FollowUpLink.ticket_id).where(
        FollowUpLink.token_hash == token_hash, FollowUpLink.expires_at > func.now()
    )
    return await session.scalar(query)


async def rate_once(session: AsyncSession, ticket_id: uuid.UUID, rating: int, word: str | None) -> bool:
    """Keep what somebody thought; False, and nothing changed, when they said it before."""
    query = insert(Rating).values(ticket_id=ticket_id, rating=rating, word=word)
    return await session.scalar(query.on_conflict_do_nothing().returning(Rating.ticket_id)) is not None


async def rating_of(session: AsyncSession, ticket_id: uuid.UUID) -> Rating | None:
    """What somebody thought."""
    return await session.get(Rating, ticket_id)
