"""The memory of a dialogue: `conversation.state` read and written as one value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

import orjson

Expecting = Literal["none", "feedback", "choices", "offer", "safety"]


@dataclass(slots=True)
class DialogueState:
    """What the assistant remembers. Everything is plain JSON; texts are masked, except `email` and `phone`.

    `expecting` is what a bare "oui" would answer. `draft` is the running request (knowledge.qualification), `origin`
    the decision it started from, `status` the running search of a ticket: `{"reference"?}`. `last` is the latest
    subject: `{"text", "service_type", "article"?}`. `failures` counts the turns not understood in
    a row; `safety` is a ticket's reference. `ticket` is the reference of the request sent last, `sent` the turn it was sent at.
    """

    expecting: Expecting = "none"
    known: dict[str, str] = field(default_factory=dict)
    email: str | None = None
    phone: str | None = None
    draft: dict[str, Any] | None = None
    origin: dict[str, Any] | None = None
    refusals: int = 0
    correcting: bool = False
    insisted: bool = False
    status: dict[str, str] | None = None
    ticket: str | None = None
    sent: int = -1
    choices: list[str] = field(default_factory=list)
    last: dict[str, Any] | None = None
    failures: int = 0
    turn: int = 0
    safety: str | None = None
    english: bool = False

    @property
    def contact(self) -> str | None:
        """How to reach the person: an e-mail before a phone number."""
        return self.email or self.phone

    @property
    def in_form(self) -> bool:
        """True while a request or the search of a ticket runs."""
        return self.draft is not None or self.status is not None

    @property
    def said(self) -> dict[str, str]:
        """Fields already said, by field id, contact included."""
        return self.known | ({"contact": self.contact} if self.contact else {})

    def to_json(self) -> dict[str, Any]:
        """What is kept: the values that differ from a new conversation's."""
        return {name: value for name, blank in _BLANK.items() if (value := getattr(self, name)) != blank}

    def written(self) -> bytes:
        """What is kept, as JSON."""
        return orjson.dumps(self.to_json())


_BLANK = {f.name: getattr(DialogueState(), f.name) for f in fields(DialogueState)}


def read_state(kept: dict[str, Any]) -> DialogueState:
    """The state of a conversation. What another version of the service wrote and this one doesn't know is ignored."""
    return DialogueState(**{name: value for name, value in kept.items() if name in _BLANK})
