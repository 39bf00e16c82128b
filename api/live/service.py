"""What an agent does with a conversation: take it, write, give it back, pass it on, turn it into a request.

Every function commits nothing: the caller does. Of two agents who act at once on the same conversation, one gets `AlreadyTaken`
or `NotYours` and nothing of theirs is written.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations import journal
from api.conversations.messages import Message
from api.db.models import AgentPresence, Handover
from api.live import repository, staff_repository
from api.live.desk import LiveDesk
from api.live.errors import AgentAbsent, AlreadyTaken, NotPresent, NotYours, UnknownHandover, UnknownTeam
from api.live.notices import notice
from api.live.queueing import queued_again, settle
from api.live.signals import publish
from api.live.states import Event
from knowledge.replies import Replies
from knowledge.service_types import Catalogue


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts, on what desk, with what sentences."""

    session: AsyncSession
    live: LiveDesk
    replies: Replies
    operator_id: uuid.UUID


async def set_presence(agent: Agent, *, status: str, name: str, team: str, catalogue: Catalogue) -> None:
    """Online or away, under this name, for this team.

    Raises:
        UnknownTeam: nothing is written.
    """
    if team not in catalogue.teams:
        raise UnknownTeam
    values = {"status": status, "name": name, "team": team, "seen_at": agent.live.now}
    await staff_repository.keep_presence(agent.session, agent.operator_id, values)
    await publish(agent.session)


async def heartbeat(agent: Agent) -> None:
    """The agent's page is still there."""
    await staff_repository.heard(agent.session, agent.operator_id, agent.live.now)


async def take(agent: Agent, handover_id: int) -> Handover:
    """The first who asks gets the learner.

    Raises:
        NotPresent: the agent is not online.
        AlreadyTaken: a colleague was faster, or the learner left.
    """
    presence = await online_presence(agent)
    taken = await repository.move(agent.session, handover_id, "take", **_with(agent, presence))
    if taken is None:
        raise AlreadyTaken
    await _tell(agent, taken, notice(agent.replies, "direct_arrivee", "with_agent", nom=presence.name))
    return taken


async def say(agent: Agent, handover_id: int, text: str, client_message_id: str | None = None) -> Handover:
    """Write to the learner; the same `client_message_id` again writes nothing.

    Raises:
        NotYours: the conversation is not with this agent.
    """
    mine = await _mine(agent, handover_id)
    await repository.touch(agent.session, mine.id, agent_typing_at=None)
    await journal.add_operator_message(
        session=agent.session,
        conversation_id=mine.conversation_id,
        text=text,
        name=mine.agent_name or "",
        client_message_id=client_message_id,
    )
    await publish(agent.session, mine.conversation_id)
    return mine


async def typing(agent: Agent, handover_id: int) -> None:
    """The agent is writing.

    Raises:
        NotYours: see `say`.
    """
    mine = await _mine(agent, handover_id)
    await repository.touch(agent.session, mine.id, agent_typing_at=agent.live.now)
    await publish(agent.session, mine.conversation_id)


async def hand_back(agent: Agent, handover_id: int) -> Handover:
    """The assistant answers again.

    Raises:
        NotYours: see `say`.
    """
    done = await end(agent, handover_id, "hand_back")
    await _tell(agent, done, notice(agent.replies, "direct_retour", "bot", nom=done.agent_name or ""))
    return done


async def close(agent: Agent, handover_id: int) -> Handover:
    """The exchange is over.

    Raises:
        NotYours: see `say`.
    """
    done = await end(agent, handover_id, "close")
    await _tell(agent, done, notice(agent.replies, "direct_fin", "ended", nom=done.agent_name or ""))
    return done


async def transfer_to_agent(agent: Agent, handover_id: int, to: uuid.UUID) -> Handover:
    """A colleague who is online goes on with the learner.

    Raises:
        AgentAbsent: the colleague is not there (or is oneself); the conversation stays.
        NotYours: see `say`.
    """
    before = (await _mine(agent, handover_id)).agent_name or ""
    colleague = await _present(agent, to)
    if colleague is None or to == agent.operator_id:
        raise AgentAbsent
    values = {"operator_id": to, "agent_name": colleague.name, "agent_typing_at": None}
    moved = await _moved(agent, handover_id, "transfer_to_agent", **values)
    told = notice(agent.replies, "direct_transfert", "with_agent", nom=colleague.name, avant=before)
    await _tell(agent, moved, told)
    return moved


async def transfer_to_team(agent: Agent, handover_id: int, team: str, catalogue: Catalogue) -> Handover:
    """The learner goes to the queue of a team, before those who join it.

    Raises:
        UnknownTeam, AgentAbsent, NotYours: the conversation stays.
    """
    if team not in catalogue.teams:
        raise UnknownTeam
    there = await staff_repository.online(agent.session, agent.live.agents_seen_since, team)
    if not [presence for presence in there if presence.operator_id != agent.operator_id]:
        raise AgentAbsent
    moved = await _moved(agent, handover_id, "transfer_to_team", **queued_again(agent.live, team=team))
    position = await settle(agent.session, moved)
    spoken = catalogue.teams[team].spoken
    key = "direct_transfert_equipe"
    await _tell(agent, moved, notice(agent.replies, key, "waiting", equipe=spoken, position=str(position)))
    return moved


async def end(agent: Agent, handover_id: int, event: Event) -> Handover:
    """Apply an event that ends a hand-over of the agent.

    Raises:
        NotYours: see `say`.
    """
    return await _moved(agent, handover_id, event, ended_at=agent.live.now, end_reason=event)


async def online_presence(agent: Agent) -> AgentPresence:
    """The agent's own presence.

    Raises:
        NotPresent: away, or never said.
    """
    await heartbeat(agent)
    presence = await _present(agent, agent.operator_id)
    if presence is None:
        raise NotPresent
    return presence


async def get_handover(*, session: AsyncSession, handover_id: int) -> Handover:
    """A hand-over, for staff.

    Raises:
        UnknownHandover: no such number.
    """
    found = await repository.handover(session, handover_id)
    if found is None:
        raise UnknownHandover
    return found


async def _mine(agent: Agent, handover_id: int) -> Handover:
    found = await repository.handover(agent.session, handover_id)
    if found is None or found.status != "with_agent" or found.operator_id != agent.operator_id:
        raise NotYours
    return found


async def _moved(agent: Agent, handover_id: int, event: Event, **values: Any) -> Handover:
    moved = await repository.move(agent.session, handover_id, event, own=agent.operator_id, **values)
    if moved is None:
        raise NotYours
    return moved


async def _present(agent: Agent, operator_id: uuid.UUID) -> AgentPresence | None:
    presence = await staff_repository.presence_of(agent.session, operator_id)
    if presence is None or presence.status != "online" or presence.seen_at < agent.live.agents_seen_since:
        return None
    return presence


def _with(agent: Agent, presence: AgentPresence) -> dict[str, Any]:
    return {"operator_id": agent.operator_id, "agent_name": presence.name, "taken_at": agent.live.now}


async def _tell(agent: Agent, moved: Handover, *messages: Message) -> None:
    await journal.add_notices(session=agent.session, conversation_id=moved.conversation_id, messages=messages)
    await publish(agent.session, moved.conversation_id, queue=True)
