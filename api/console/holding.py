"""Who has a ticket and who else has it open; what the reader must know of others: parts of the pages of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.console.exchange import delay_words
from api.db.models import StaffNotice, Ticket
from api.tickets.presence import Other


@dataclass(frozen=True, slots=True)
class Holding:
    """Who has the ticket, and who else has it open."""

    assignee: str | None
    mine: bool
    can_take: bool
    can_give_back: bool
    others: tuple[Other, ...]
    beat_s: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """Something that the reader must know of a ticket."""

    reference: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Notices:
    """The latest of them, how many there are, and the last shown."""

    lines: tuple[NoticeLine, ...]
    number: int
    up_to: int


def notices_of(found: Sequence[tuple[StaffNotice, Ticket]], number: int) -> Notices:
    """What somebody was told, in words."""
    lines = tuple(NoticeLine(ticket.reference, delay_words(notice.data), notice.at) for notice, ticket in found)
    return Notices(lines, number, max((notice.id for notice, _ in found), default=0))
