"""Whose conversation it is: a cookie that scripts can't read, set when the first message is sent and never before.

In the frame of the widget, on somebody else's site, browsers keep no cookie of ours: there the script keeps the same value in
the frame's own storage and sends it in a header. Never in an address.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from api.conversations.bearer import Key, bearer_token

COOKIE = "aiguillage_conversation"
PATH = "/assistant"
LASTS_S = 7 * 24 * 3600
FRAME_HEADER = "x-aiguillage-cadre"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A conversation and the token that opens it."""

    conversation_id: uuid.UUID
    token: str

    @property
    def key(self) -> Key:
        """As the service of conversations takes it."""
        return Key(self.conversation_id, self.token)

    @property
    def value(self) -> str:
        """What is kept on the device."""
        return f"{self.conversation_id}.{self.token}"


def in_frame(request: Request) -> bool:
    """True for the script of a page in a frame: it keeps the conversation itself."""
    return FRAME_HEADER in request.headers


def visitor_of(request: Request) -> Visitor | None:
    """Who the cookie, or in a frame the header, names; None without one, or with one that this service did not write."""
    header, cookie = request.headers.get("authorization", ""), request.cookies.get(COOKIE, "")
    given = bearer_token(header) if in_frame(request) else cookie
    conversation_id, _, token = given.partition(".")
    try:
        return Visitor(uuid.UUID(conversation_id), token) if token else None
    except ValueError:
        return None


def remember(response: Response, visitor: Visitor, *, secure: bool) -> None:
    """Keep the conversation on this device for a week."""
    response.set_cookie(COOKIE, visitor.value, max_age=LASTS_S, path=PATH, secure=secure, httponly=True, samesite="lax")


def forget(response: Response, *, secure: bool) -> None:
    """Take the conversation off this device."""
    response.delete_cookie(COOKIE, path=PATH, secure=secure, httponly=True, samesite="lax")
