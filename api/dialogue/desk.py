"""What a turn needs besides the database: models, sentences, client of Rasa, what the turns under way understood."""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import anyio.to_thread

from api.dialogue.rasa_client import RasaClient
from api.dialogue.state import DialogueState
from api.live.desk import LiveDesk
from knowledge.decisions import Context, Triage
from knowledge.replies import Replies
from knowledge.triage import Engine, triage

LONG_TEXT = 400  # characters; a longer text is read in a thread, so that other learners don't wait for it
TURNS_KEPT = 512


@dataclass(frozen=True, slots=True)
class Understood:
    """A message being answered: what was read in it, and the state of its conversation, which actions change."""

    text: str
    triage: Triage
    state: DialogueState


@dataclass(slots=True)
class Desk:
    """One a process."""

    engine: Engine
    replies: Replies
    rasa: RasaClient
    rasa_token: str
    request_form: str
    live: LiveDesk
    _turns: OrderedDict[uuid.UUID, Understood] = field(default_factory=OrderedDict)
    _locks: WeakValueDictionary[uuid.UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def turn_of(self, conversation_id: uuid.UUID) -> asyncio.Lock:
        """Held while a message of this conversation is answered: its messages are answered one after the other."""
        return self._locks.setdefault(conversation_id, asyncio.Lock())

    async def understand(self, conversation_id: uuid.UUID, text: str, state: DialogueState) -> Triage:
        """What the (masked) text says, remembered for the calls that Rasa makes in the same turn."""
        context = Context(channel="chat", known=state.said, in_form=state.in_form, several=False)
        if len(text) <= LONG_TEXT:
            read = triage(text, context, engine=self.engine)
        else:
            read = await anyio.to_thread.run_sync(lambda: triage(text, context, engine=self.engine))
        self._turns[conversation_id] = Understood(text, read, state)
        self._turns.move_to_end(conversation_id)
        while len(self._turns) > TURNS_KEPT:
            self._turns.popitem(last=False)
        return read

    def understood(self, conversation_id: uuid.UUID, text: str) -> Understood | None:
        """What was understood of this text in the turn under way, if this process received it."""
        kept = self._turns.get(conversation_id)
        return kept if kept is not None and kept.text == text else None

    def forget(self, conversation_id: uuid.UUID) -> None:
        """Read the state of this conversation from the database again."""
        self._turns.pop(conversation_id, None)
