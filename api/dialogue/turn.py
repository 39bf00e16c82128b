"""One action of one turn: what it may read and change, and what it gives back to Rasa."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.conversations.messages import Message
from api.dialogue.state import DialogueState, Expecting
from knowledge.decisions import Context, Triage
from knowledge.qualification import Draft, from_json, to_json
from knowledge.replies import Replies
from knowledge.service_types import BASE_FIELDS, Catalogue, ServiceType
from knowledge.triage import Engine

DEFAULT_TEAM = "crc"
LIKELY = 0.5  # probability from which a service type is worth following without having been asked for
PHONE = "05 49 49 94 94"


@dataclass(frozen=True, slots=True)
class FormView:
    """Rasa's view of the forms: the loop that runs, what it asked for, the answer taken from the message, if any."""

    active: str | None = None
    requested: str | None = None
    answer: str | None = None


@dataclass(slots=True)
class Turn:
    """What an action works with. `state` is changed in place, and kept in the transaction of what the action writes."""

    conversation_id: uuid.UUID
    state: DialogueState
    text: str
    triage: Triage
    engine: Engine
    replies: Replies
    session: AsyncSession
    form: FormView = field(default_factory=FormView)
    earlier: tuple[tuple[Context, Triage], ...] = ()  # what was read in the messages before this one, latest first
    expected: Expecting = "none"  # what a bare "oui" would have answered; `state.expecting` is for the next message

    @property
    def catalogue(self) -> Catalogue:
        """The service types, teams and fields."""
        return self.engine.catalogue

    @property
    def draft(self) -> Draft | None:
        """The running request."""
        return None if self.state.draft is None else from_json(self.state.draft)

    def keep(self, draft: Draft | None) -> None:
        """Replace the running request."""
        self.state.draft = None if draft is None else to_json(draft)

    def remember_person(self, draft: Draft) -> None:
        """What a request says of the person serves the next one: it is not asked twice in a conversation."""
        person = {n: v.value for n, v in draft.fields.items() if n in BASE_FIELDS and n != "contact" and v.value}
        self.state.known = self.state.known | person

    @property
    def gives_contact(self) -> bool:
        """True when the message holds an e-mail or a phone number."""
        return "[COURRIEL]" in self.text or "[TÉLÉPHONE]" in self.text

    @property
    def typed_contact(self) -> str:
        """The e-mail or phone number that the message gave, in clear; else the message."""
        if "[COURRIEL]" in self.text:
            return self.state.email or self.text
        return (self.state.phone or self.text) if "[TÉLÉPHONE]" in self.text else self.text

    def say(self, key: str, **values: str) -> str:
        """A sentence of the assistant."""
        return self.replies.say(key, turn=self.state.turn, **values)

    def service_type(self, type_id: str | None) -> ServiceType | None:
        """A type of the catalogue."""
        return None if type_id is None else self.catalogue.types.get(type_id)

    def team(self, type_id: str | None) -> str:
        """How to name the team of a service type to a learner; the welcome team when there is no type."""
        service_type = self.service_type(type_id)
        return self.catalogue.teams[service_type.team if service_type else DEFAULT_TEAM].spoken


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action gives back: messages for the learner, and Rasa's events."""

    messages: tuple[Message, ...] = ()
    events: tuple[dict[str, Any], ...] = ()


def likely_type(read: Triage) -> str | None:
    """The service type that a message speaks of, None when it is a weak guess: better ask than route wrongly."""
    best = read.request_types[0] if read.request_types else None
    return best.id if best is not None and (read.decision == "qualify" or best.score >= LIKELY) else None


def slot(name: str, value: Any) -> dict[str, Any]:
    """The event that sets a slot."""
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


TAKEN = slot("answer", None)  # the form's answer was read: the next message is another one
DONE = slot("requested_slot", None)  # the form is over


def said(*messages: Message) -> Outcome:
    """Only messages."""
    return Outcome(messages)
