"""Whose conversation it is: a cookie that scripts can't read, set when the first message is sent and never before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

COOKIE = "aiguillage_conversation"
PATH = "/assistant"
LASTS_S = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """A conversation and the token that opens it."""

    conversation_id: uuid.UUID
    token: str


def visitor_of(request: Request) -> Visitor | None:
    """Who the cookie names; None without a cookie, or with one that this service did not write."""
    conversation_id, _, token = request.cookies.get(COOKIE, "").partition(".")
    try:
        return Visitor(uuid.UUID(conversation_id), token) if token else None
    except ValueError:
        return None


def remember(response: Response, visitor: Visitor, *, secure: bool) -> None:
    """Keep the conversation on this device for a week."""
    value = f"{visitor.conversation_id}.{visitor.token}"
    response.set_cookie(COOKIE, value, max_age=LASTS_S, path=PATH, secure=secure, httponly=True, samesite="lax")


def forget(response: Response, *, secure: bool) -> None:
    """Take the conversation off this device."""
    response.delete_cookie(COOKIE, path=PATH, secure=secure, httponly=True, samesite="lax")
