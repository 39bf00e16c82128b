"""What is asked of the tables of teams, absences and notices."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Absence, Operator, Referent, StaffNotice, TeamMember, Ticket


async def set_member(session: AsyncSession, values: dict[str, Any]) -> None:
    """Add the member, or replace what was known of them in this team."""
    query = insert(TeamMember).values(**values)
    changed = {name: value for name, value in values.items() if name not in ("operator_id", "team")}
    await session.execute(query.on_conflict_do_update(index_elements=["operator_id", "team"], set_=changed))


async def remove_member(session: AsyncSession, operator_id: uuid.UUID, team: str) -> bool:
    """Take somebody out of a team; False when they were not in it."""
    query = delete(TeamMember).where(TeamMember.operator_id == operator_id, TeamMember.team == team)
    return await session.scalar(query.returning(TeamMember.team)) is not None


async def members(session: AsyncSession, team: str | None = None) -> Sequence[tuple[TeamMember, Operator]]:
    """The members whose account is open, with their account, by team and login."""
    query = select(TeamMember, Operator).join(Operator).where(Operator.disabled_at.is_(None))
    if team is not None:
        query = query.where(TeamMember.team == team)
    rows = await session.execute(query.order_by(TeamMember.team, Operator.login))
    return rows.tuples().all()


async def people_with_roles(session: AsyncSession, roles: Collection[str]) -> Sequence[uuid.UUID]:
    """The open accounts that have one of these roles."""
    query = select(Operator.id).where(Operator.role.in_(roles), Operator.disabled_at.is_(None))
    return (await session.scalars(query.order_by(Operator.login))).all()


async def add_absence(session: AsyncSession, operator_id: uuid.UUID, first: date, last: date) -> None:
    """Keep an absence."""
    session.add(Absence(operator_id=operator_id, first_day=first, last_day=last))
    await session.flush()


async def away_on(session: AsyncSession, day: date) -> frozenset[uuid.UUID]:
    """Who is away on a day."""
    query = select(Absence.operator_id).where(Absence.first_day <= day, Absence.last_day >= day)
    return frozenset((await session.scalars(query)).all())


async def add_notice(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Keep a notice; False when it was told before."""
    query = insert(StaffNotice).values(**values).on_conflict_do_nothing(index_elements=["operator_id", "key"])
    return await session.scalar(query.returning(StaffNotice.id)) is not None


async def unseen_notices(
    session: AsyncSession, operator_id: uuid.UUID, limit: int
) -> Sequence[tuple[StaffNotice, Ticket]]:
    """What somebody was told and has not put away, latest first."""
    query = select(StaffNotice, Ticket).join(Ticket, Ticket.id == StaffNotice.ticket_id)
    query = query.where(StaffNotice.operator_id == operator_id, StaffNotice.seen_at.is_(None))
    rows = await session.execute(query.order_by(StaffNotice.id.desc()).limit(limit))
    return rows.tuples().all()


async def count_unseen(session: AsyncSession, operator_id: uuid.UUID) -> int:
    """How many of them."""
    query = select(func.count()).where(StaffNotice.operator_id == operator_id, StaffNotice.seen_at.is_(None))
    return int(await session.scalar(query) or 0)


async def put_away(session: AsyncSession, operator_id: uuid.UUID, up_to: int) -> None:
    """Somebody saw what they were told, up to this notice."""
    await session.execute(
        update(StaffNotice)
        .where(StaffNotice.operator_id == operator_id, StaffNotice.id <= up_to, StaffNotice.seen_at.is_(None))
        .values(seen_at=func.now())
        .execution_options(synchronize_session=False)
    )


async def note_given(session: AsyncSession, operator_id: uuid.UUID, team: str) -> None:
    """A ticket was given to somebody now."""
    await session.execute(
        update(TeamMember)
        .where(TeamMember.operator_id == operator_id, TeamMember.team == team)
        .values(given_at=func.clock_timestamp())
        .execution_options(synchronize_session=False)
    )


async def gone(session: AsyncSession, day: date, longer_than: int) -> frozenset[uuid.UUID]:
    """Who is away on a day for more than so many days, and whose account is closed."""
    length = Absence.last_day - Absence.first_day + 1
    away = select(Absence.operator_id).where(Absence.first_day <= day, Absence.last_day >= day, length > longer_than)
    closed = select(Operator.id).where(Operator.disabled_at.is_not(None))
    return frozenset((await session.scalars(union(away, closed))).all())


async def referents_of(session: AsyncSession, learner: str, team: str) -> dict[str, uuid.UUID]:
    """Who knows a learner in a team, by discipline ("": any)."""
    query = select(Referent.discipline, Referent.operator_id).where(Referent.learner == learner, Referent.team == team)
    return dict((await session.execute(query)).tuples().all())


async def set_referent(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Keep a referent, in the place of the one there was; False when it was that one already."""
    query = insert(Referent).values(**values)
    query = query.on_conflict_do_update(
        index_elements=["learner", "team", "discipline"],
        set_={"operator_id": values["operator_id"]},
        where=Referent.operator_id != values["operator_id"],
    )
    return await session.scalar(query.returning(Referent.operator_id)) is not None
