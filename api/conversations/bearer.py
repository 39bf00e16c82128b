"""Which conversation a request speaks of, and the token that proves whose it is. Never in an address: in a header."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from api.conversations.errors import UnknownConversation

BearerHeader = Annotated[str, Header(description="Bearer suivi du jeton de la conversation")]


@dataclass(frozen=True, slots=True)
class Key:
    """A conversation and the token that is said to open it; nothing is checked yet."""

    conversation_id: uuid.UUID
    token: str


def read_key(conversation_id: str, authorization: BearerHeader = "") -> Key:
    """What the address and the header say.

    Raises:
        UnknownConversation: the id has not the form of an id.
    """
    return Key(known_form(conversation_id), bearer_token(authorization))


def known_form(conversation_id: str) -> uuid.UUID:
    """The id; one that is not an id is unknown like any other."""
    try:
        return uuid.UUID(conversation_id)
    except ValueError:
        raise UnknownConversation from None


def bearer_token(authorization: str) -> str:
    """The token of the header, "" without one."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


KeyDep = Annotated[Key, Depends(read_key)]
