"""A conversation is erased by its author: whoever was answering is told, and what was said leaves the alarms."""

from __future__ import annotations

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from api.live import learners, staff_repository
from api.live.desk import LiveDesk
from api.live.signals import tell_staff


async def forget_conversation(*, session: AsyncSession, live: LiveDesk, conversation_id: uuid.UUID) -> None:
    """End the hand-over; open alarms keep their request, without the words. The caller commits, and erases the rest."""
    await learners.left(session=session, live=live, conversation_id=conversation_id)
    await staff_repository.detach_alarms(session, conversation_id)
    await tell_staff(session, conversation_id)
