"""What is asked of the tables of the agents' presence and of the safety alarms."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import AgentPresence, SafetyAlarm

_FRESH = {"populate_existing": True, "synchronize_session": False}


async def keep_presence(session: AsyncSession, operator_id: uuid.UUID, values: dict[str, Any]) -> None:
    """Say that an agent is online or away, from now on."""
    query = insert(AgentPresence).values(operator_id=operator_id, **values)
    await session.execute(query.on_conflict_do_update(index_elements=["operator_id"], set_=values))


async def heard(session: AsyncSession, operator_id: uuid.UUID, now: datetime) -> None:
    """The agent's page says that it is there."""
    query = update(AgentPresence).where(AgentPresence.operator_id == operator_id).values(seen_at=now)
    await session.execute(query.execution_options(synchronize_session=False))


async def presence_of(session: AsyncSession, operator_id: uuid.UUID) -> AgentPresence | None:
    """What an agent last said."""
    query = select(AgentPresence).where(AgentPresence.operator_id == operator_id)
    return await session.scalar(query, execution_options={"populate_existing": True})


async def online(session: AsyncSession, seen_since: datetime, team: str | None = None) -> Sequence[AgentPresence]:
    """The agents who are there and answer, by name; of one team when it is given."""
    query = select(AgentPresence).where(AgentPresence.status == "online", AgentPresence.seen_at >= seen_since)
    if team is not None:
        query = query.where(AgentPresence.team == team)
    return (await session.scalars(query.order_by(func.lower(AgentPresence.name), AgentPresence.operator_id))).all()


async def add_alarm(session: AsyncSession, values: dict[str, Any]) -> None:
    """One alarm for each message that raises one."""
    await session.execute(insert(SafetyAlarm).values(**values))


async def open_alarms(session: AsyncSession, limit: int) -> Sequence[SafetyAlarm]:
    """The alarms that nobody has taken, the latest first."""
    query = select(SafetyAlarm).where(SafetyAlarm.acknowledged_at.is_(None))
    return (
        await session.scalars(query.order_by(SafetyAlarm.raised_at.desc(), SafetyAlarm.id.desc()).limit(limit))
    ).all()


async def acknowledge(
    session: AsyncSession, alarm_id: int, operator_id: uuid.UUID, now: datetime
) -> SafetyAlarm | None:
    """Somebody takes an alarm; None when it is taken or unknown. The other alarms of its conversation go with it."""
    taken = {"acknowledged_at": now, "acknowledged_by": operator_id}
    query = update(SafetyAlarm).where(SafetyAlarm.id == alarm_id, SafetyAlarm.acknowledged_at.is_(None))
    alarm = await session.scalar(query.values(**taken).returning(SafetyAlarm), execution_options=_FRESH)
    if alarm is not None and alarm.conversation_id is not None:
        same = SafetyAlarm.conversation_id == alarm.conversation_id
        others = update(SafetyAlarm).where(same, SafetyAlarm.acknowledged_at.is_(None)).values(**taken)
        await session.execute(others.execution_options(synchronize_session=False))
    return alarm


async def detach_alarms(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Keep the alarms of a conversation that goes, without the words nor a way to it: their request stays."""
    query = update(SafetyAlarm).where(SafetyAlarm.conversation_id == conversation_id)
    await session.execute(query.values(conversation_id=None, excerpt="").execution_options(synchronize_session=False))
