"""What the learner's side knows and says of a hand-over."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import journal
from api.db.models import Handover
from api.live import repository
from api.live.desk import LiveDesk
from api.live.notices import notice
from api.live.signals import publish, tell_staff
from api.live.states import RUNNING
from api.live.waiting import wait_minutes
from knowledge.replies import Replies

TYPING = timedelta(seconds=6)  # a sign of writing is good for so long
SEEN_EVERY = timedelta(seconds=5)  # how often the presence of the learner is written down


@dataclass(frozen=True, slots=True)
class LiveState:
    """Where a conversation is. `typing`: the agent is writing."""

    state: str  # bot | waiting | with_agent | ended
    position: int | None = None
    wait_minutes: int | None = None
    agent: str | None = None
    typing: bool = False


async def live_state(*, session: AsyncSession, live: LiveDesk, conversation_id: uuid.UUID) -> LiveState:
    """The state, which also says that the learner's page is there. The caller commits."""
    found = await repository.latest_of(session, conversation_id)
    if found is None:
        return LiveState("bot")
    if found.status in RUNNING:
        await _seen(session, live, found)
    if found.status == "waiting":
        position = await repository.position_of(session, found)
        minutes = await wait_minutes(session=session, live=live, team=found.team, position=position)
        return LiveState("waiting", position=position, wait_minutes=minutes)
    if found.status == "with_agent":
        return LiveState("with_agent", agent=found.agent_name, typing=is_typing(found.agent_typing_at, live.now))
    return LiveState(found.status, agent=found.agent_name if found.status == "ended" else None)


async def learner_typing(*, session: AsyncSession, live: LiveDesk, conversation_id: uuid.UUID) -> None:
    """The learner is writing to the agent. The caller commits."""
    found = await repository.latest_of(session, conversation_id)
    if found is not None and found.status == "with_agent":
        await repository.touch(session, found.id, learner_typing_at=live.now, learner_seen_at=live.now)
        await tell_staff(session, conversation_id)


async def leave(*, session: AsyncSession, live: LiveDesk, replies: Replies, conversation_id: uuid.UUID) -> None:
    """The learner stops waiting, or leaves the agent; nothing happens when there is nothing to leave."""
    if await left(session=session, live=live, conversation_id=conversation_id):
        told = notice(replies, "direct_quitte", "bot")
        await journal.add_notices(session=session, conversation_id=conversation_id, messages=[told])


async def left(*, session: AsyncSession, live: LiveDesk, conversation_id: uuid.UUID) -> bool:
    """The same, without a word to the learner; True when there was something to leave. The caller commits."""
    found = await repository.latest_of(session, conversation_id)
    if found is None or found.status not in RUNNING:
        return False
    gone = await repository.move(session, found.id, "leave", ended_at=live.now, end_reason="leave")
    await publish(session, conversation_id, queue=True)
    return gone is not None


def is_typing(since: datetime | None, now: datetime) -> bool:
    """True while a sign of writing is fresh."""
    return since is not None and now - since < TYPING


async def _seen(session: AsyncSession, live: LiveDesk, found: Handover) -> None:
    if live.now - found.learner_seen_at >= min(SEEN_EVERY, live.learner_gone_after / 3):
        back = live.now - found.learner_seen_at >= live.learner_gone_after
        await repository.touch(session, found.id, learner_seen_at=live.now)
        if back:
            await tell_staff(session, found.conversation_id)
