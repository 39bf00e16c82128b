"""Into the queue, back into it, and what the learner is told of it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations.messages import Message
from api.db.models import Handover
from api.live import notices, repository, staff_repository
from api.live.desk import CRC, LiveDesk
from api.live.signals import publish
from api.live.waiting import wait_minutes
from knowledge.replies import Replies

BACK, NEW = 0, 1  # priorities: who comes back to the queue goes before


async def somebody_answers(*, session: AsyncSession, live: LiveDesk, team: str = CRC) -> bool:
    """True in opening hours when an agent of the team is online."""
    if not live.hours.is_open(live.now):
        return False
    return bool(await staff_repository.online(session, live.agents_seen_since, team))


async def join(
    *, session: AsyncSession, live: LiveDesk, conversation_id: uuid.UUID, triage: dict[str, Any]
) -> Handover | None:
    """A new place at the end of the queue; None when the conversation has one already. The caller commits."""
    values = new_values(live, conversation_id, triage)
    places = 1 + await repository.queue_length(session, CRC)
    joined = await repository.open_handover(session, "join", values | {"places": places})
    if joined is not None:
        await publish(session, conversation_id)
    return joined


def new_values(live: LiveDesk, conversation_id: uuid.UUID, triage: dict[str, Any]) -> dict[str, Any]:
    """What every new hand-over says."""
    now = live.now
    return {
        "conversation_id": conversation_id,
        "team": CRC,
        "priority": NEW,
        "triage": triage,
        "places": 0,
        "queued_at": now,
        "learner_seen_at": now,
    }


def queued_again(live: LiveDesk, *, team: str | None = None) -> dict[str, Any]:
    """What changes in a hand-over that comes back to the queue, before those who join it."""
    values = {"priority": BACK, "queued_at": live.now, "operator_id": None, "agent_name": None, "agent_typing_at": None}
    return values | {"taken_at": None, "places": 0} | ({"team": team} if team else {})


async def settle(session: AsyncSession, waiting: Handover) -> int:
    """The position of somebody who just came back to the queue, kept for the measure of waits."""
    position = await repository.position_of(session, waiting)
    await repository.touch(session, waiting.id, places=position)
    return position


async def welcome(*, session: AsyncSession, live: LiveDesk, replies: Replies, waiting: Handover) -> Message:
    """What somebody who joins the queue is told."""
    position = await repository.position_of(session, waiting)
    minutes = await wait_minutes(session=session, live=live, team=waiting.team, position=position)
    return notices.in_queue(replies, position, minutes)
