"""Those who are gone: agents whose page is silent, queues that nobody answers, learners who closed everything.

Run by every process every few seconds; each step is one `move`, so that processes never do it twice.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from psycopg import Error as PostgresError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import journal
from api.conversations.messages import Message
from api.db.models import Handover
from api.db.session import Sessions
from api.live import notices, repository
from api.live.desk import LiveDesk
from api.live.queueing import queued_again, settle
from api.live.signals import publish
from api.live.states import Event
from knowledge.replies import Replies

logger = logging.getLogger(__name__)


async def sweep(*, session: AsyncSession, live: LiveDesk, replies: Replies) -> None:
    """One round. The caller commits."""
    for lost in await repository.of_lost_agents(session, live.agents_seen_since):
        await _queue_again(session, live, replies, lost)
    for waiting in await repository.forgotten(session, live.now - live.forget_after):
        if await repository.move(session, waiting.id, "forget", **_ended(live, "forget")):
            await publish(session, waiting.conversation_id, queue=True)
    for waiting in await repository.waiting_for_nobody(session, live.now - live.nobody_after):
        if await repository.move(session, waiting.id, "nobody_left", **_ended(live, "nobody_left")):
            await _tell(session, waiting, notices.left_alone(replies, live.hours, live.now))


async def sweep_for_ever(sessions: Sessions, live: LiveDesk, replies: Replies, every_s: float) -> None:
    """Rounds, until cancelled. A database that does not answer is tried again at the next one."""
    while True:
        try:
            async with sessions() as session:
                await sweep(session=session, live=live, replies=replies)
                await session.commit()
        except (SQLAlchemyError, PostgresError, OSError) as error:
            logger.warning("a round of the live sweep failed: %s", type(error).__name__)
        await asyncio.sleep(every_s)  # between two rounds


async def _queue_again(session: AsyncSession, live: LiveDesk, replies: Replies, lost: Handover) -> None:
    name, agent = lost.agent_name or "", lost.operator_id
    moved = await repository.move(session, lost.id, "agent_lost", own=agent, **queued_again(live))
    if moved is not None:
        position = await settle(session, moved)
        await _tell(
            session, moved, notices.notice(replies, "direct_perdu", "waiting", nom=name, position=str(position))
        )


def _ended(live: LiveDesk, why: Event) -> dict[str, Any]:
    return {"ended_at": live.now, "end_reason": why}


async def _tell(session: AsyncSession, about: Handover, message: Message) -> None:
    await journal.add_notices(session=session, conversation_id=about.conversation_id, messages=[message])
    await publish(session, about.conversation_id, queue=True)
