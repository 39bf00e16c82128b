"""A person is alerted: the messages of danger, harassment and distress, at the top of the agents' page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import journal
from api.db.models import Handover, SafetyAlarm
from api.errors import NotFound
from api.live import repository, service, staff_repository
from api.live.desk import real_clock
from api.live.errors import AlreadyTaken
from api.live.notices import notice
from api.live.queueing import new_values
from api.live.service import Agent
from api.live.signals import publish

EXCERPT = 300  # characters
SHOWN = 20


class UnknownAlarm(NotFound):
    """No open alarm has this number."""

    detail = "Un collègue s'occupe déjà de cette alerte."


async def raise_alarm(
    *, session: AsyncSession, label: str, text: str, reference: str, conversation_id: uuid.UUID | None
) -> None:
    """Alert the agents of a message; `text` is masked. The caller commits."""
    values = {"label": label, "excerpt": text[:EXCERPT], "reference": reference, "raised_at": real_clock()}
    await staff_repository.add_alarm(session, values | {"conversation_id": conversation_id})
    await publish(session, conversation_id or "alarm")


async def open_alarms(*, session: AsyncSession) -> Sequence[SafetyAlarm]:
    """Those that nobody has taken, the latest first."""
    return await staff_repository.open_alarms(session, SHOWN)


async def acknowledge(agent: Agent, alarm_id: int) -> SafetyAlarm:
    """The agent takes the alarm in hand: it leaves the page of all. The caller commits.

    Raises:
        UnknownAlarm: a colleague did.
    """
    alarm = await staff_repository.acknowledge(agent.session, alarm_id, agent.operator_id, agent.live.now)
    if alarm is None:
        raise UnknownAlarm
    await publish(agent.session, alarm.conversation_id or "alarm")
    return alarm


async def reach_out(agent: Agent, alarm_id: int) -> Handover:
    """Take the alarm and the conversation it comes from, whatever the hours and wherever it is in the queue.

    Raises:
        NotPresent: the agent is not online.
        UnknownAlarm: a colleague has it, or it comes from no conversation.
        AlreadyTaken: a colleague is talking to this person.
    """
    presence = await service.online_presence(agent)
    alarm = await acknowledge(agent, alarm_id)
    if alarm.conversation_id is None:
        raise UnknownAlarm
    latest = await repository.latest_of(agent.session, alarm.conversation_id)
    if latest is not None and latest.status == "with_agent" and latest.operator_id == agent.operator_id:
        return latest
    if latest is not None and latest.status == "waiting":
        return await service.take(agent, latest.id)
    taken = {"operator_id": agent.operator_id, "agent_name": presence.name, "taken_at": agent.live.now}
    opened = await repository.open_handover(
        agent.session, "reach_out", new_values(agent.live, alarm.conversation_id, {}) | taken
    )
    if opened is None:
        raise AlreadyTaken
    told = notice(agent.replies, "direct_alarme", "with_agent", nom=presence.name)
    await journal.add_notices(session=agent.session, conversation_id=alarm.conversation_id, messages=[told])
    await publish(agent.session, alarm.conversation_id)
    return opened
