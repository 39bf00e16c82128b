"""What a turn needs besides the database: models, sentences, client of Rasa, what the turns under way understood."""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import anyio.to_thread

from api.db.statements import Statements
from api.dialogue.rasa_client import RasaClient
from api.dialogue.state import DialogueState
from api.live.desk import LiveDesk
from knowledge.decisions import Context, Triage
from knowledge.replies import Replies
from knowledge.triage import Engine, triage

LONG_TEXT = 400  # characters; a longer text is read in a thread, so that other learners don't wait for it
TURNS_KEPT = 512
EARLIER = 3  # messages of a conversation whose reading is kept after their turn
COMMON_TEXT = 16  # characters of "oui", "bonjour", "merci beaucoup"
COMMON_KEPT = 256
Reading = tuple[Context, Triage]


@dataclass(frozen=True, slots=True)
class Understood:
    """A message being answered: what was read in it, and the state of its conversation, which actions change.

    `earlier`: what was read in the messages before it, latest first.
    """

    text: str
    triage: Triage
    state: DialogueState
    context: Context
    earlier: tuple[Reading, ...] = ()


@dataclass(slots=True)
class Desk:
    """One a process."""

    engine: Engine
    replies: Replies
    rasa: RasaClient
    statements: Statements
    rasa_token: str
    request_form: str
    live: LiveDesk
    _turns: OrderedDict[uuid.UUID, Understood] = field(default_factory=OrderedDict)
    _common: dict[tuple[str, bool], Triage] = field(default_factory=dict)
    _locks: WeakValueDictionary[uuid.UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def turn_of(self, conversation_id: uuid.UUID) -> asyncio.Lock:
        """Held while a message of this conversation is answered: its messages are answered one after the other."""
        return self._locks.setdefault(conversation_id, asyncio.Lock())

    async def understand(self, conversation_id: uuid.UUID, text: str, state: DialogueState) -> Triage:
        """What the (masked) text says, remembered for the calls that Rasa makes in the same turn."""
        context = Context(channel="chat", known=state.said, in_form=state.in_form, several=False)
        if (read := self._common.get((text, context.in_form))) is None:
            if len(text) <= LONG_TEXT:
                read = triage(text, context, engine=self.engine)
            else:
                read = await anyio.to_thread.run_sync(lambda: triage(text, context, engine=self.engine))
            self._keep_if_common(read, context)
        latest = self._turns.get(conversation_id)
        earlier = () if latest is None else ((latest.context, latest.triage), *latest.earlier[: EARLIER - 1])
        self._turns[conversation_id] = Understood(text, read, state, context, earlier)
        self._turns.move_to_end(conversation_id)
        while len(self._turns) > TURNS_KEPT:
            self._turns.popitem(last=False)
        return read

    def _keep_if_common(self, read: Triage, context: Context) -> None:
        """Half of what people write in a chat is "oui", "bonjour", "merci": read once. What is already known of the
        person changes nothing in these, but for what is still to ask when they begin a request.
        """
        if len(read.text) > COMMON_TEXT or read.act is None or read.entities or read.decision in ("qualify", "safety"):
            return
        if len(self._common) >= COMMON_KEPT:
            self._common.clear()
        self._common[read.text, context.in_form] = read

    def understood(self, conversation_id: uuid.UUID, text: str) -> Understood | None:
        """What was understood of this text in the turn under way, if this process received it."""
        kept = self._turns.get(conversation_id)
        return kept if kept is not None and kept.text == text else None

    def forget(self, conversation_id: uuid.UUID) -> None:
        """Read the state of this conversation from the database again."""
        self._turns.pop(conversation_id, None)
