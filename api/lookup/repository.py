"""What is asked of the tables of the look-up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Gap, LookupCount, LookupFavourite, LookupRecent


async def count_taken(session: AsyncSession, day: date, article: str) -> None:
    """One more for the article on that day."""
    row = insert(LookupCount).values(day=day, article=article, number=1)
    await session.execute(
        row.on_conflict_do_update(index_elements=["day", "article"], set_={"number": LookupCount.number + 1})
    )


async def most_taken(session: AsyncSession, since: date, limit: int) -> Sequence[str]:
    """The articles taken most from that day on, the most first."""
    total = func.sum(LookupCount.number)
    query = select(LookupCount.article).where(LookupCount.day >= since).group_by(LookupCount.article)
    return (await session.scalars(query.order_by(total.desc(), LookupCount.article).limit(limit))).all()


async def remember_recent(session: AsyncSession, operator_id: uuid.UUID, article: str, kept: int) -> None:
    """Put the article first among the agent's recent ones, and drop what is beyond `kept`."""
    row = insert(LookupRecent).values(operator_id=operator_id, article=article)
    now = func.clock_timestamp()
    await session.execute(row.on_conflict_do_update(index_elements=["operator_id", "article"], set_={"at": now}))
    beyond = _recent(operator_id).offset(kept)
    await session.execute(
        delete(LookupRecent).where(LookupRecent.operator_id == operator_id, LookupRecent.article.in_(beyond))
    )


async def recent(session: AsyncSession, operator_id: uuid.UUID) -> Sequence[str]:
    """The articles that an agent took lately, the last first."""
    return (await session.scalars(_recent(operator_id))).all()


async def favourites(session: AsyncSession, operator_id: uuid.UUID) -> Sequence[str]:
    """The favourites of an agent, the last added first."""
    query = select(LookupFavourite.article).where(LookupFavourite.operator_id == operator_id)
    return (await session.scalars(query.order_by(LookupFavourite.at.desc(), LookupFavourite.article))).all()


async def add_favourite(session: AsyncSession, operator_id: uuid.UUID, article: str) -> None:
    """Keep the article; nothing changes when it is kept already."""
    row = insert(LookupFavourite).values(operator_id=operator_id, article=article)
    await session.execute(row.on_conflict_do_nothing())


async def remove_favourite(session: AsyncSession, operator_id: uuid.UUID, article: str) -> None:
    """Keep the article no more."""
    query = delete(LookupFavourite).where(LookupFavourite.operator_id == operator_id)
    await session.execute(query.where(LookupFavourite.article == article))


async def add_gap(session: AsyncSession, gap: Gap) -> None:
    """Keep a question without an answer."""
    session.add(gap)
    await session.flush()


def _recent(operator_id: uuid.UUID) -> Select[str]:
    query = select(LookupRecent.article).where(LookupRecent.operator_id == operator_id)
    return query.order_by(LookupRecent.at.desc(), LookupRecent.article)
