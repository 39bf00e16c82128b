"""The recap shows the person the contact they gave. What is kept or sent to Rasa has its mask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.dialogue.state import DialogueState

EMAIL, PHONE = "[COURRIEL]", "[TÉLÉPHONE]"


def needs_revealing(messages: Iterable[dict[str, Any]]) -> bool:
    """True when a recap holds a mask."""
    return any(m["kind"] == "summary" and (EMAIL in m["text"] or PHONE in m["text"]) for m in messages)


def reveal(messages: list[dict[str, Any]], state: DialogueState) -> list[dict[str, Any]]:
    """The messages as the owner of the conversation reads them."""
    return [_revealed(m, state) if needs_revealing([m]) else m for m in messages]


def _revealed(message: dict[str, Any], state: DialogueState) -> dict[str, Any]:
    lines = [line | {"value": _clear(line["value"], state)} for line in message.get("lines", [])]
    return message | {"text": _clear(message["text"], state), "lines": lines}


def _clear(text: str, state: DialogueState) -> str:
    return text.replace(EMAIL, state.email or EMAIL).replace(PHONE, state.phone or PHONE)
