"""What is asked of the table of hand-overs. A status only changes through `move`, so that of two who act at once one wins."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import AgentPresence, Handover
from api.live.states import RUNNING, STEPS, Event

_FRESH = {"populate_existing": True, "synchronize_session": False}


async def open_handover(session: AsyncSession, event: Event, values: dict[str, Any]) -> Handover | None:
    """A new hand-over, None when the conversation has one that runs."""
    query = (
        insert(Handover)
        .values(status=STEPS[event].target, **values)
        .on_conflict_do_nothing(index_elements=["conversation_id"], index_where=Handover.status.in_(RUNNING))
        .returning(Handover)
    )
    return await session.scalar(query, execution_options=_FRESH)


async def move(
    session: AsyncSession,
    handover_id: int,
    event: Event,
    *,
    own: uuid.UUID | None = None,
    **values: Any,
) -> Handover | None:
    """Apply an event; None when the hand-over is not where the event can happen, or not with the agent `own`, if given."""
    step = STEPS[event]
    query = update(Handover).where(Handover.id == handover_id, Handover.status.in_(step.sources))
    if own is not None:
        query = query.where(Handover.operator_id == own)
    moved = query.values(status=step.target, **values).returning(Handover)
    return await session.scalar(moved, execution_options=_FRESH)


async def handover(session: AsyncSession, handover_id: int) -> Handover | None:
    """The hand-over of this number."""
    return await session.scalar(
        select(Handover).where(Handover.id == handover_id), execution_options={"populate_existing": True}
    )


async def latest_of(session: AsyncSession, conversation_id: uuid.UUID) -> Handover | None:
    """The latest hand-over of a conversation."""
    query = select(Handover).where(Handover.conversation_id == conversation_id)
    return await session.scalar(query.order_by(Handover.id.desc()).limit(1))


async def queue(session: AsyncSession) -> Sequence[Handover]:
    """Those who wait, in the order they are to be taken."""
    query = select(Handover).where(Handover.status == "waiting")
    return (await session.scalars(query.order_by(Handover.priority, Handover.queued_at, Handover.id))).all()


async def with_agent(session: AsyncSession, operator_id: uuid.UUID) -> Sequence[Handover]:
    """The conversations of an agent, oldest first."""
    query = select(Handover).where(Handover.status == "with_agent", Handover.operator_id == operator_id)
    return (await session.scalars(query.order_by(Handover.taken_at, Handover.id))).all()


async def position_of(session: AsyncSession, waiting: Handover) -> int:
    """1 for the one who is next in the queue of the team."""
    mine = tuple_(waiting.priority, waiting.queued_at, waiting.id)
    order = tuple_(Handover.priority, Handover.queued_at, Handover.id)
    ahead = select(func.count()).where(Handover.status == "waiting", Handover.team == waiting.team, order < mine)
    return 1 + (await session.scalar(ahead) or 0)


async def queue_length(session: AsyncSession, team: str) -> int:
    """How many wait for a team."""
    query = select(func.count()).where(Handover.status == "waiting", Handover.team == team)
    return await session.scalar(query) or 0


async def seconds_by_place(session: AsyncSession, team: str, since: datetime, limit: int) -> Sequence[float]:
    """How long the latest learners taken since then had waited for each place of the queue before them, in seconds."""
    waited = func.extract("epoch", Handover.taken_at - Handover.queued_at) / Handover.places
    query = (
        select(waited)
        .where(Handover.team == team, Handover.taken_at > since, Handover.places > 0)
        .order_by(Handover.taken_at.desc())
        .limit(limit)
    )
    return [float(seconds) for seconds in (await session.scalars(query)).all()]


async def touch(session: AsyncSession, handover_id: int, **values: Any) -> None:
    """Note a moment (seen, typing) or a subject; the status stays."""
    query = update(Handover).where(Handover.id == handover_id).values(**values)
    await session.execute(query.execution_options(synchronize_session=False))


async def of_lost_agents(session: AsyncSession, seen_before: datetime) -> Sequence[Handover]:
    """Conversations whose agent is not heard of since then."""
    heard = _present(AgentPresence.operator_id == Handover.operator_id, seen_before)
    return (await session.scalars(select(Handover).where(Handover.status == "with_agent", not_(heard)))).all()


async def waiting_for_nobody(session: AsyncSession, since: datetime) -> Sequence[Handover]:
    """Learners who wait since then while nobody of the team was online."""
    online = and_(AgentPresence.status == "online", AgentPresence.team == Handover.team)
    query = select(Handover).where(Handover.status == "waiting", Handover.queued_at < since)
    return (await session.scalars(query.where(not_(_present(online, since))))).all()


async def forgotten(session: AsyncSession, seen_before: datetime) -> Sequence[Handover]:
    """Learners in the queue whose page is not heard of since then."""
    query = select(Handover).where(Handover.status == "waiting", Handover.learner_seen_at < seen_before)
    return (await session.scalars(query)).all()


def _present(condition: ColumnElement[bool], seen_before: datetime) -> ColumnElement[bool]:
    query: Select[uuid.UUID] = select(AgentPresence.operator_id).where(condition, AgentPresence.seen_at >= seen_before)
    return query.exists()
