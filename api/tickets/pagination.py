"""Where a page of the list ended, as a text to give back."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import datetime

import orjson

from api.errors import Invalid
from api.tickets.service import Position


def write_position(position: Position) -> str:
    """Where a page ended, as an opaque text."""
    raw = orjson.dumps([position.press_at.isoformat(), position.created_at.isoformat(), str(position.id)])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_position(text: str) -> Position:
    """The position that `write_position` wrote.

    Raises:
        Invalid: it did not.
    """
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        press_at, created_at, identifier = raw
        moments = datetime.fromisoformat(press_at), datetime.fromisoformat(created_at)
        position = Position(moments[0], moments[1], uuid.UUID(identifier))
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise Invalid("La page demandée n'existe pas.") from error
    if position.created_at.tzinfo is None or position.press_at.tzinfo is None:
        raise Invalid("La page demandée n'existe pas.")
    return position
