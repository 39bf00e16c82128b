"""Rasa's actions: read the call, run the action in one transaction with the state it changes, give the events back."""

from __future__ import annotations

import uuid
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations.memory import recall, remember, remember_alone
from api.dialogue.actions import ACTIONS, FAILURES, FORM_STEPS, IN_PASSING
from api.dialogue.desk import Desk, Reading
from api.dialogue.rasa_client import as_written
from api.dialogue.turn import FormView, Outcome, Turn
from api.errors import NotFound


class UnknownAction(NotFound):
    """Rasa's domain names an action that the service doesn't have: they are of different versions."""

    detail = "Cette action n'existe pas."


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _LatestMessage(_Lenient):
    text: str | None = None


class _ActiveLoop(_Lenient):
    name: str | None = None


class _Tracker(_Lenient):
    slots: dict[str, Any] = {}
    latest_message: _LatestMessage = _LatestMessage()
    active_loop: _ActiveLoop | None = None


class ActionCall(_Lenient):
    """The part of Rasa's call that the actions use."""

    next_action: str
    sender_id: uuid.UUID
    tracker: _Tracker


async def run_action(call: ActionCall, *, session: AsyncSession, desk: Desk) -> dict[str, Any]:
    """The body that Rasa expects: `{"events", "responses"}`. The caller commits.

    Raises:
        UnknownAction: no action has this name.
        UnknownConversation: no conversation has the sender's id.
    """
    action = ACTIONS.get(call.next_action)
    if action is None:
        raise UnknownAction
    turn = await _turn(call, session=session, desk=desk)
    state = turn.state
    before = state.written()
    if call.next_action not in FORM_STEPS:
        _begin(turn, call.next_action)
    try:
        outcome = await action(turn)
    except Exception:
        desk.forget(call.sender_id)  # the state in memory may be ahead of what is kept
        raise
    if (after := state.written()) != before:
        if session.in_transaction():
            await remember(session=session, conversation_id=call.sender_id, state=state)
        else:
            await remember_alone(statements=desk.statements, conversation_id=call.sender_id, state=after)
    return _body(outcome)


def _begin(turn: Turn, name: str) -> None:
    state = turn.state
    turn.expected = state.expecting
    state.turn += 1
    if name not in FAILURES:
        state.failures = 0
    if name not in IN_PASSING:
        state.expecting = "none"


async def _turn(call: ActionCall, *, session: AsyncSession, desk: Desk) -> Turn:
    text = as_written(call.tracker.latest_message.text or "")
    understood = desk.understood(call.sender_id, text)
    if understood is None:
        state = await recall(session=session, conversation_id=call.sender_id, to_write=True)
        read = await desk.understand(call.sender_id, text, state)
        earlier: tuple[Reading, ...] = ()
    else:
        state, read, earlier = understood.state, understood.triage, understood.earlier
    slots, loop = call.tracker.slots, call.tracker.active_loop
    form = FormView(loop.name if loop else None, slots.get("requested_slot"), slots.get("answer"))
    return Turn(call.sender_id, state, text, read, desk.engine, desk.replies, session, form, earlier=earlier)


def _body(outcome: Outcome) -> dict[str, Any]:
    return {
        "events": list(outcome.events),
        "responses": [{"custom": message.to_json()} for message in outcome.messages],
    }
